// One process works on a folder at a time. A lock is a folder `lock.<number>` with its owner's identity in it, and the highest number
// counts. Taking over makes the next number by a rename, which only one of several can do; what counts is never removed, so nobody can
// take away a lock that another has just taken. A lock whose owner has ended counts as free, however it ended.
import { randomUUID } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { identityOf, type ProcessIdentity, stateOf } from './process';

/** An owner that cannot be seen (another container, another machine) shows that it is there by touching its lock. */
const TOUCH_MS = 10_000;
const UNTOUCHED_MS = 30_000;

const NAME = /^lock\.(\d+)$/;
export const isLockName = (name: string): boolean => name.startsWith('lock.');

/** Another process works on the folder, or this one already does. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';

  constructor(folder: string, { pid }: ProcessIdentity, isSeen: boolean) {
    super(
      isSeen
        ? `${folder} is in use by the process ${pid}. Stop that one, or choose another folder.`
        : `${folder} is in use by the process ${pid} of another machine or container. Stop that one and wait for half a minute, or choose another folder.`,
    );
  }
}

const numbers = (folder: string): number[] =>
  readdirSync(folder)
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number);
const highest = (folder: string): number => Math.max(0, ...numbers(folder));
const lockOf = (folder: string, number: number): string => join(folder, `lock.${number}`);
const ownerOf = (lock: string): string => join(lock, 'owner');

const isGone = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** The owner of a lock that was neither given back nor superseded. */
function readOwner(lock: string): ProcessIdentity | undefined {
  let text: string;
  try {
    text = readFileSync(ownerOf(lock), 'utf8');
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as ProcessIdentity;
  } catch {
    // Emptied when it was given back, or never on the disk when the power failed: it was there from the first moment otherwise.
    return undefined;
  }
}

/** @throws FolderInUse */
function requireFree(folder: string, number: number): void {
  const lock = lockOf(folder, number);
  const owner = number > 0 ? readOwner(lock) : undefined;
  if (!owner) return;
  const state = stateOf(owner);
  if (state === 'running') throw new FolderInUse(folder, owner, true);
  const touchedAt = statSync(ownerOf(lock), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (state === 'unseen' && Date.now() - touchedAt < UNTOUCHED_MS) {
    throw new FolderInUse(folder, owner, false);
  }
}

/** Makes the lock with this number, its owner in it from the first moment. Returns false when another process was quicker. */
function make(folder: string, number: number, owner: ProcessIdentity): boolean {
  const draft = join(folder, `lock.new-${randomUUID()}`);
  mkdirSync(draft, { mode: 0o700 });
  try {
    writeFileSync(ownerOf(draft), JSON.stringify(owner), { mode: 0o600 });
    renameSync(draft, lockOf(folder, number));
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

const remove = (lock: string): void => rmSync(lock, { recursive: true, force: true });

/**
 * Takes the folder, which must exist, for this process. The result gives it back; the system gives it back when the process ends.
 *
 * @throws FolderInUse
 */
export function lockFolder(folder: string): () => void {
  const me = identityOf(process.pid);
  for (;;) {
    const number = highest(folder) + 1;
    requireFree(folder, number - 1);
    if (!make(folder, number, me)) continue;
    const lock = lockOf(folder, number);
    // Whoever looked long ago may have made a number again that was passed over and removed.
    if (highest(folder) !== number) {
      remove(lock);
      continue;
    }
    for (const passed of numbers(folder)) if (passed < number) remove(lockOf(folder, passed));
    return held(lock);
  }
}

/** Who removes a folder under a running program removes the lock with it. */
function unlessGone(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

function held(lock: string): () => void {
  const owner = ownerOf(lock);
  const touch = () => unlessGone(() => utimesSync(owner, new Date(), new Date()));
  const timer = setInterval(touch, TOUCH_MS).unref();
  return () => {
    clearInterval(timer);
    // Emptied, not removed: what counts is never removed.
    unlessGone(() => truncateSync(owner));
  };
}
