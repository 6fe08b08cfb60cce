// npm run bench:start: the time from `npm start` to `ready:`, in a fresh state folder and again with nothing changed.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { endWithOutput, noOptions } from '@emotion-gallery/local-kit/command-line';

const root = resolve(import.meta.dirname, '..');

/** Seconds until the line `ready:`. Rejects when the start fails. */
function timeToReady(state: string): Promise<number> {
  const startedAt = performance.now();
  const args = [
    '--conditions=source',
    '--import',
    'tsx',
    'local/start.ts',
    '--state',
    state,
    '--no-open',
    '--aws-port=0',
    '--site-port=0',
  ];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((done, reject) => {
    let seconds = Number.NaN;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('ready:')) return;
      seconds = (performance.now() - startedAt) / 1000;
      child.kill('SIGINT');
    });
    child.on('exit', () => (Number.isNaN(seconds) ? reject(new Error('the start failed')) : done(seconds)));
  });
}

async function main(): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'bench-start-'));
  try {
    console.log(`first start      ${(await timeToReady(state)).toFixed(1)} s (aim: 30)`);
    console.log(`nothing changed  ${(await timeToReady(state)).toFixed(1)} s (aim: 10)`);
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

endWithOutput();
noOptions(
  'npm run bench:start\n\nThe time from `npm start` to `ready:`, in a fresh state folder and again with nothing changed.',
);
main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
