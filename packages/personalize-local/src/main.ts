#!/usr/bin/env node
// Amazon Personalize on localhost, alone: npm run personalize -- --help
import { join } from 'node:path';
import { stopWithOutput } from '@emotion-gallery/local-kit/command-line';
import { createPersonalize, type ObjectStore, RealClock } from './index';
import { HELP, parseArguments, type StandaloneArguments } from './standalone/arguments';
import { FolderStore } from './standalone/folder-store';
import { S3Store } from './standalone/s3-store';
import { startServer } from './standalone/server';

function objectStoreOf({ s3Endpoint, s3Dir, stateDir, region }: StandaloneArguments): ObjectStore {
  return s3Endpoint === undefined
    ? new FolderStore(s3Dir ?? join(stateDir, 's3'))
    : new S3Store(s3Endpoint, region);
}

async function main(): Promise<void> {
  // What is kept is its owner's alone to read.
  process.umask(0o077);
  const options = parseArguments(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(HELP);
    return;
  }
  const clock = new RealClock(options.speed);
  const service = await createPersonalize({
    ...options,
    clock,
    objectStore: objectStoreOf(options),
    log: options.quiet ? undefined : (line) => console.log(`${new Date().toISOString()} ${line}`),
  });
  const server = await startServer({ ...options, service });
  console.log(`Amazon Personalize on localhost answers at ${server.url}, state in ${options.stateDir}`);
  const stop = async () => {
    await server.close();
    await service.close();
    clock.stop();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop().catch((error: Error) => {
        console.error(error.message);
        process.exitCode = 1;
      });
    });
  }
}

stopWithOutput();
main().catch((error: Error) => {
  console.error(`personalize: ${error.message}`);
  process.exitCode = 1;
});
