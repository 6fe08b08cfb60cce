// npm start: AWS on localhost, the app deployed into it by the CDK, the pages open.
import { resolve } from 'node:path';
import { stopWithOutput } from '@emotion-gallery/local-kit/command-line';
import { explainFailure } from './start/failure';
import { parseStartOptions, USAGE, UsageError } from './start/options';
import { runStart } from './start/run';

const EXIT_INTERRUPTED = 130;

// The SDK's note on future Node versions says nothing to the person who starts the app.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

async function main(): Promise<void> {
  // What is kept is its owner's alone to read: it holds keys and tokens.
  process.umask(0o077);
  const options = parseStartOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return;
  }
  const stop = new AbortController();
  const interrupted = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        stop.abort();
        done();
      });
    }
  });
  const running = runStart({
    root: resolve(import.meta.dirname, '..'),
    options,
    environment: process.env,
    print: (line) => console.log(line),
    signal: stop.signal,
    interactive: process.stdout.isTTY === true,
  });
  const endpoint = await running;
  await interrupted;
  console.log('stopping …');
  await endpoint.close();
}

stopWithOutput();
main().then(
  () => process.exit(0),
  (error: unknown) => {
    if (error instanceof Error && error.name === 'AbortError') process.exit(EXIT_INTERRUPTED);
    if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
    else console.error(explainFailure(error) ?? error);
    process.exit(1);
  },
);
