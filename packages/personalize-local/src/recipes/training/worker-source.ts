// The training worker's program as one string. A thread started from a string needs no TypeScript loader, so it runs the
// same under tsx, under a test runner and out of a bundle.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Beside a bundle of this service lies the worker's bundle under this name. */
export const prebuiltName = 'training-worker.js';

let source: Promise<string> | undefined;

/** Read from the bundle's folder, or else built from the sources once per process. */
export function workerSource(): Promise<string> {
  source ??= prebuilt().then((text) => text ?? build());
  return source;
}

async function prebuilt(): Promise<string | undefined> {
  try {
    return await readFile(join(__dirname, prebuiltName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function build(): Promise<string> {
  const { build: bundle, stop } = await import('esbuild');
  const result = await bundle({
    entryPoints: [join(__dirname, 'training-worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    conditions: ['source'],
    external: ['esbuild'],
  });
  // The bundler keeps a child process for further builds; there are none.
  await stop();
  return result.outputFiles[0]!.text;
}
