// Commands whose output is piped into something that ends early, as `| head -1` does.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { ENDED_BY_SIGPIPE } from '../../src/command-line/closed-output';
import { RecordLog } from '../../src/store';

const ROOT = resolve(__dirname, '../../../..');

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'closed-output-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function start(script: string, ...args: string[]) {
  const child = spawn(process.execPath, ['--conditions=source', '--import', 'tsx', script, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const ended = new Promise<{ exitCode: number | null; errors: string }>((done) => {
    child.once('close', (exitCode) => done({ exitCode, errors }));
  });
  return { child, ended };
}

/** Reads the first line, as `head -1` does, and leaves. */
async function readFirstLine(child: ChildProcess): Promise<void> {
  if (!child.stdout) throw new Error('the output is not piped');
  const lines = createInterface({ input: child.stdout });
  await new Promise((done) => lines.once('line', done));
  lines.close();
  child.stdout.destroy();
}

test.each([
  ['cli/main.ts', '--help'],
  ['local/permissions.ts', '--state=nowhere'],
])('a command whose output nobody reads ends quietly: %s', async (script, arg) => {
  const { child, ended } = start(script, arg);
  child.stdout.destroy();
  expect(await ended).toEqual({ exitCode: ENDED_BY_SIGPIPE, errors: '' });
});

test('so does one whose errors nobody reads', async () => {
  const { child, ended } = start('cli/main.ts', 'no-such-command');
  child.stderr.destroy();
  expect((await ended).exitCode).toBe(ENDED_BY_SIGPIPE);
});

test('what follows the logs ends with the next line', async () => {
  const group = join(folder, 'logs', 'groups', 'group');
  mkdirSync(group, { recursive: true });
  const log = await RecordLog.create(join(group, '1.log'));
  const write = (message: string) => log.append(Buffer.from(JSON.stringify([['stream', 0, 0, 0, message]])));
  write('one');
  const { child, ended } = start('local/logs.ts', `--state=${folder}`);
  await readFirstLine(child);
  write('two');
  expect(await ended).toEqual({ exitCode: ENDED_BY_SIGPIPE, errors: '' });
});

test('a server stops in order', async () => {
  const args = ['--port=0', `--state=${join(folder, 'state')}`];
  const { child, ended } = start('packages/personalize-local/src/main.ts', ...args);
  child.stdout.destroy();
  expect(await ended).toEqual({ exitCode: 0, errors: '' });
});
