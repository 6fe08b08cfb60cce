// A folder belongs to one process at a time, whoever is killed, whoever comes at the same moment, and whose number is used again.
import { type ChildProcess, spawn } from 'node:child_process';
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { FolderInUse, lockFolder, StateFolder, UnusableFolder } from '../../src/lock';
import { identityOf } from '../../src/lock/process';

let scratch: string;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lock-'));
  folder = join(scratch, 'state');
  mkdirSync(folder);
});
afterEach(async () => {
  await Promise.all(children.splice(0).map(end));
  rmSync(scratch, { recursive: true, force: true });
  jest.restoreAllMocks();
});

/** A program that waits for the file `go`, takes the folder, says how that went, and stays. */
function program(): string {
  const file = join(scratch, 'program.cjs');
  if (existsSync(file)) return file;
  const contents = `
    import { existsSync } from 'node:fs';
    import { lockFolder } from ${JSON.stringify(join(__dirname, '../../src/lock'))};
    console.log('there');
    const bed = new Int32Array(new SharedArrayBuffer(4));
    while (!existsSync(${JSON.stringify(join(scratch, 'go'))})) Atomics.wait(bed, 0, 0, 1);
    try {
      lockFolder(${JSON.stringify(folder)});
      console.log('taken');
    } catch (error) {
      console.log(error.name);
    }
    setInterval(() => undefined, 1000);`;
  const stdin = { contents, resolveDir: __dirname };
  buildSync({ stdin, bundle: true, platform: 'node', outfile: file });
  return file;
}

interface Started {
  readonly child: ChildProcess;
  /** The next line that it prints. */
  readonly line: () => Promise<string>;
}

function start(): Started {
  const child = spawn(process.execPath, [program()], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  child.stdout?.on('data', (data: Buffer) => {
    for (const line of String(data).trim().split('\n')) {
      const next = waiting.shift();
      if (next) next(line);
      else lines.push(line);
    }
  });
  const line = () =>
    new Promise<string>((resolve) => {
      const known = lines.shift();
      if (known === undefined) waiting.push(resolve);
      else resolve(known);
    });
  return { child, line };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await ended;
}

const go = () => writeFileSync(join(scratch, 'go'), '');
const ownerFile = (number = 1) => join(folder, `lock.${number}`, 'owner');
function writeOwner(owner: object): void {
  mkdirSync(join(folder, 'lock.1'), { recursive: true });
  writeFileSync(ownerFile(), JSON.stringify(owner));
}

describe('the lock', () => {
  test('is refused to everybody while a process has it, and free when it was killed', async () => {
    go();
    const first = start();
    expect([await first.line(), await first.line()]).toEqual(['there', 'taken']);
    expect(() => lockFolder(folder)).toThrow(FolderInUse);
    expect(() => lockFolder(folder)).toThrow(`in use by the process ${first.child.pid}`);
    await end(first.child);
    lockFolder(folder)();
  });

  test('goes to one of ten that start at the same moment on the lock of a killed process, in each of three rounds', async () => {
    for (let round = 0; round < 3; round += 1) {
      rmSync(join(scratch, 'go'), { force: true });
      const started = Array.from({ length: 10 }, start);
      for (const { line } of started) expect(await line()).toBe('there');
      go();
      const said = await Promise.all(started.map(({ line }) => line()));
      expect(said.sort()).toEqual([...Array(9).fill('FolderInUse'), 'taken']);
      await Promise.all(started.map(({ child }) => end(child)));
    }
    expect(readdirSync(folder).length).toBeLessThan(4);
  });

  test('is given back, and cannot be taken twice by one process either', () => {
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(FolderInUse);
    unlock();
    lockFolder(folder)();
  });

  test('of a number that another program has now does not count', () => {
    writeOwner({ ...identityOf(process.ppid), started: 'long ago' });
    expect(() => lockFolder(folder)).not.toThrow();
  });

  test('that was passed over while somebody looked is not taken', () => {
    const { renameSync } = fs;
    let others: (() => void)[] = [];
    jest.spyOn(fs, 'renameSync').mockImplementationOnce((from, to) => {
      // Between the look and the step somebody takes the folder and gives it back, and somebody else takes it.
      lockFolder(folder)();
      others = [lockFolder(folder)];
      renameSync(from, to);
    });
    expect(() => lockFolder(folder)).toThrow(FolderInUse);
    expect(readdirSync(folder)).toEqual(['lock.2']);
    for (const unlock of others) unlock();
  });

  test('of a process that was killed and for which nobody waited is free', async () => {
    // Its parent has become another program.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(parent);
    const pid = Number(await new Promise((resolve) => parent.stdout?.once('data', resolve)));
    writeOwner(identityOf(pid));
    expect(() => lockFolder(folder)).toThrow(FolderInUse);
    process.kill(pid, 'SIGKILL');
    for (let isInUse = true; isInUse; ) {
      try {
        lockFolder(folder);
        isInUse = false;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    }
  });

  test('of another container counts as long as it is touched', () => {
    writeOwner({ pid: 1, started: '17', place: 'elsewhere' });
    expect(() => lockFolder(folder)).toThrow('of another machine or container');
    const before = new Date(Date.now() - 60_000);
    utimesSync(ownerFile(), before, before);
    expect(() => lockFolder(folder)).not.toThrow();
  });

  test('that a power failure left empty or unreadable is free', () => {
    for (const content of ['', '\0\0\0', '{"pid"']) {
      rmSync(join(folder, 'lock.1'), { recursive: true, force: true });
      writeOwner({});
      writeFileSync(ownerFile(), content);
      const unlock = lockFolder(folder);
      unlock();
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
    }
  });

  test('of a folder that was removed meanwhile can be given back', () => {
    const unlock = lockFolder(folder);
    rmSync(folder, { recursive: true });
    expect(unlock).not.toThrow();
    mkdirSync(folder);
  });
});

describe('a state folder', () => {
  const open = (props: { readonly fresh?: boolean; readonly program?: string } = {}) =>
    StateFolder.open({ folder, program: 'the program', before: ['iam', 's3'], ...props });
  const entries = () => readdirSync(folder).filter((name) => !name.startsWith('lock.'));

  test('is made, marked and for its owner only', () => {
    rmSync(folder, { recursive: true });
    open().close();
    expect(entries()).toEqual(['.state-folder']);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(folder, 0o755);
    open().close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  test('is emptied only if it has the mark, and keeps mark and lock then', () => {
    writeFileSync(join(folder, 'thesis.txt'), 'years of work');
    expect(() => open({ fresh: true })).toThrow(UnusableFolder);
    expect(() => open({ fresh: true })).toThrow('is not emptied: it has no mark (.state-folder)');
    expect(entries()).toEqual(['thesis.txt']);
    rmSync(join(folder, 'thesis.txt'));
    open().close();
    writeFileSync(join(folder, 'old'), '');
    const state = open({ fresh: true });
    expect(entries()).toContain('old');
    state.empty();
    expect(entries()).toEqual(['.state-folder']);
    expect(() => open()).toThrow(FolderInUse);
    state.close();
  });

  test('is not mixed with other files, nor with the state of another program', () => {
    writeFileSync(join(folder, 'thesis.txt'), 'years of work');
    expect(() => open()).toThrow('holds files that are not of the program (thesis.txt)');
    expect(entries()).toEqual(['thesis.txt']);
    rmSync(join(folder, 'thesis.txt'));
    open().close();
    expect(() => open({ program: 'another' })).toThrow('holds the state of the program, not of another');
  });

  test('of before the mark is taken over, but not emptied', () => {
    for (const name of ['iam', 's3', 'sqs']) mkdirSync(join(folder, name));
    expect(() => open({ fresh: true })).toThrow('is not emptied');
    open().close();
    expect(readFileSync(join(folder, '.state-folder'), 'utf8')).toBe('the program\n');
  });

  test('that is a file, or below one, is refused by name', () => {
    const file = join(scratch, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'below')]) {
      expect(() => StateFolder.open({ folder: path, program: 'x' })).toThrow(
        `${path} is a file, or below one`,
      );
    }
  });
});
