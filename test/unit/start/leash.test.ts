// The CDK CLI does not outlive npm start, however that ends.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const leash = pathToFileURL(join(__dirname, '../../../local/start/leash.mjs')).href;

/** Stands for the CLI: starts another process, tells both numbers, and would stay for ever. */
const cli = `
  const { spawn } = require('node:child_process');
  const app = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
  console.log(process.pid + ' ' + app.pid);
  setInterval(() => undefined, 1000);`;

/** Stands for npm start: starts the CLI as it does, and hands its words on. */
const start = `
  const { spawn } = require('node:child_process');
  const args = ['--import=${leash}', '-e', ${JSON.stringify(cli)}];
  spawn(process.execPath, args, { stdio: ['pipe', 'inherit', 'inherit'], detached: true });
  setInterval(() => undefined, 1000);`;

const firstLine = (child: ChildProcess) =>
  new Promise<string>((resolve) => {
    if (child.stdout) createInterface({ input: child.stdout }).once('line', resolve);
  });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pids: readonly number[]): Promise<void> {
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 20));
}

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'it and what it started are gone when npm start gets a %s',
  async (signal) => {
    const parent = spawn(process.execPath, ['-e', start], { stdio: ['ignore', 'pipe', 'inherit'] });
    const pids = (await firstLine(parent)).split(' ').map(Number);
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill(signal);
    await untilGone(pids);
  },
);

test('it ends by itself when it is done', async () => {
  const child = spawn(process.execPath, [`--import=${leash}`, '-e', 'console.log("done")'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  expect(await firstLine(child)).toBe('done');
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect(code).toBe(0);
});
