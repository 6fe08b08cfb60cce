#!/usr/bin/env node
// AWS on localhost, alone: emotion-gallery-aws --help
import { resolve } from 'node:path';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { stopWithOutput } from '@emotion-gallery/local-kit/command-line';
import { HELP, parseArguments } from './standalone/arguments';
import { exportLine } from './standalone/environment';

async function main(): Promise<void> {
  // What is kept is its owner's alone to read: it holds keys and tokens.
  process.umask(0o077);
  const options = parseArguments(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  // Loaded only now: help and mistakes in options are answered at once.
  const { createAwsEndpoint } = await import('./endpoint');
  const { region, accountId, sitePort, hosts, faults, retiredRecipes, verbose } = options;
  const stateDir = resolve(options.stateDir);
  const aws = await createAwsEndpoint({
    stateDir,
    fresh: options.fresh,
    region,
    accountId,
    awsPort: options.port,
    sitePort,
    hosts,
    clock: new RealClock(1),
    personalizeClock: new RealClock(options.speed),
    faults,
    retiredRecipes,
    log: verbose ? (line) => console.log(`${new Date().toISOString()} ${line}`) : () => undefined,
  });
  console.log(
    `AWS on localhost answers at ${aws.endpoint}, deployed sites at ${aws.siteUrl}, state in ${stateDir}`,
  );
  console.log(exportLine({ ...aws, region, accountId }));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      aws.close().catch((error: Error) => {
        console.error(error.message);
        process.exitCode = 1;
      });
    });
  }
}

stopWithOutput();
main().catch((error: Error) => {
  console.error(`emotion-gallery-aws: ${error.message}`);
  process.exitCode = 1;
});
