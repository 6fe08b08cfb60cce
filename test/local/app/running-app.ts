// The whole app on localhost for a test: `npm start` in a process of its own, in a temporary folder, on free ports.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ready } from '../../../local/start/ready';
import { processTree } from './process-tree';

const ROOT = resolve(__dirname, '../../..');

export interface StartProps {
  /** @default - a new temporary folder */
  readonly stateDir?: string;
  /** The checkout that is started. @default - this one */
  readonly root?: string;
  /** Further arguments of `npm start`. */
  readonly args?: readonly string[];
}

export interface RunningApp extends Ready {
  readonly stateDir: string;
  readonly pid: number;
  /** From the start of the process to the line `ready:`, in seconds. */
  readonly startSeconds: number;
  /** Stops as Ctrl-C does. */
  stop(): Promise<void>;
  /** Ends the process and everything that it started with SIGKILL. */
  kill(): Promise<void>;
  /** Stops, and removes the state. */
  dispose(): Promise<void>;
}

/** Resolves at the line `ready:`; rejects with the last lines of the output when the process ends before. */
async function untilReady(child: ChildProcess): Promise<void> {
  const lines: string[] = [];
  await new Promise<void>((resolveReady, reject) => {
    const read = (line: string) => {
      lines.push(line);
      if (line.startsWith('ready:')) resolveReady();
    };
    for (const stream of [child.stdout, child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', read);
    }
    child.once('exit', (code) => {
      reject(new Error(`npm start ended with ${code}:\n${lines.slice(-60).join('\n')}`));
    });
  });
}

/** Starts the app and waits until it is ready. */
export async function startApp(props: StartProps = {}): Promise<RunningApp> {
  const stateDir = props.stateDir ?? mkdtempSync(join(tmpdir(), 'emotion-gallery-'));
  const root = props.root ?? ROOT;
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--conditions=source',
      '--import',
      'tsx',
      join(root, 'local/start.ts'),
      '--no-open',
      `--state=${stateDir}`,
      ...(props.args ?? ['--aws-port=0', '--site-port=0']),
    ],
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const killWithParent = () => child.kill();
  process.once('exit', killWithParent);
  const ended = new Promise<void>((done) => {
    child.once('exit', () => {
      process.off('exit', killWithParent);
      done();
    });
  });
  await untilReady(child);
  const ready = JSON.parse(readFileSync(join(stateDir, 'ready.json'), 'utf8')) as Ready;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await ended;
  };
  const stop = () => end('SIGINT');
  return {
    ...ready,
    stateDir,
    pid: child.pid as number,
    startSeconds: (performance.now() - startedAt) / 1000,
    stop,
    async kill() {
      const workers = processTree(child.pid as number).filter(({ pid }) => pid !== child.pid);
      await end('SIGKILL');
      for (const { pid } of workers) killIfAlive(pid);
    },
    async dispose() {
      await stop();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it ended by itself when its parent did.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
