// A folder with a program's state: readable by its owner only, used by one process at a time, and marked, so that nothing that is not the
// program's own is ever emptied or mixed with state.
import { randomUUID } from 'node:crypto';
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isLockName, lockFolder } from './folder-lock';

const MARK = '.state-folder';
const SHOWN_ENTRIES = 3;

/** The folder cannot be used for state, and was not touched. The message says why, and what to do. */
export class UnusableFolder extends Error {
  override readonly name = 'UnusableFolder';
}

export interface StateFolderProps {
  readonly folder: string;
  /** Whose state it is: another program's folder is refused. */
  readonly program: string;
  /** What a folder has that was made before folders were marked. */
  readonly before?: readonly string[];
  /** Whether it is to be emptied, which the caller does by `empty` when nothing else can fail any more. */
  readonly fresh?: boolean;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new UnusableFolder(
      `${folder} is a file, or below one. The state needs a folder: choose another one.`,
    );
  }
}

function readMark(folder: string): string | undefined {
  try {
    return readFileSync(join(folder, MARK), 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function mark(folder: string, program: string): void {
  const draft = join(folder, `${MARK}.${randomUUID()}`);
  writeFileSync(draft, `${program}\n`, { mode: 0o600 });
  renameSync(draft, join(folder, MARK));
}

/** @throws UnusableFolder */
function requireOurs({ folder, program, before = [], fresh }: StateFolderProps): void {
  const owner = readMark(folder);
  if (owner === program) return;
  if (owner !== undefined) {
    throw new UnusableFolder(
      `${folder} holds the state of ${owner}, not of ${program}. Choose another folder.`,
    );
  }
  const entries = readdirSync(folder).filter((name) => !name.startsWith(MARK));
  const isFromBefore = before.length > 0 && before.every((name) => entries.includes(name));
  if (entries.length === 0 || (isFromBefore && !fresh)) return;
  const shown = entries.slice(0, SHOWN_ENTRIES).join(', ');
  throw new UnusableFolder(
    fresh
      ? `${folder} is not emptied: it has no mark (${MARK}) of an earlier start, and holds ${shown}. Choose another folder, or empty it yourself.`
      : `${folder} holds files that are not of ${program} (${shown}). Choose another folder, or an empty one.`,
  );
}

export class StateFolder {
  private constructor(
    private readonly folder: string,
    private readonly unlock: () => void,
  ) {}

  /**
   * Makes the folder where it is missing, and takes it for this process.
   *
   * @throws UnusableFolder, FolderInUse
   */
  static open(props: StateFolderProps): StateFolder {
    const { folder, program } = props;
    makeFolder(folder);
    requireOurs(props);
    if (readMark(folder) === undefined) mark(folder, program);
    chmodSync(folder, 0o700);
    return new StateFolder(folder, lockFolder(folder));
  }

  /** Removes all that is in it but the mark and the lock. */
  empty(): void {
    for (const name of readdirSync(this.folder)) {
      if (name !== MARK && !isLockName(name))
        rmSync(join(this.folder, name), { recursive: true, force: true });
    }
  }

  /** Gives it back. */
  close(): void {
    this.unlock();
  }
}
