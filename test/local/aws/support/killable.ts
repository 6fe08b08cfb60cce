// An endpoint in a process that a test may kill.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { root } from './cli';

/** Amazon Personalize at its real pace: what it makes stays in progress until the process is killed. */
export const SLOW = '1';
export const FAST = '6000';

/** Resolves when it answers. The port is a free one unless it is given. */
export function startProcess(
  folder: string,
  speed = FAST,
  port = '0',
): Promise<{ child: ChildProcess; endpoint: string }> {
  const script = join(__dirname, 'endpoint-process.ts');
  const child = spawn(
    process.execPath,
    ['--conditions=source', '--import', 'tsx', script, folder, speed, port],
    {
      cwd: root,
      stdio: 'pipe',
    },
  );
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve({ child, endpoint: String(line).trim() }));
    child.once('exit', () => reject(new Error('the endpoint did not start')));
  });
}

/** Kills it and waits for its end. */
export async function kill(child: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}
