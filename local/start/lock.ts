// One process at a time works on a state folder: two would write over each other's journals.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process works on the folder. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse';

  constructor(folder: string, pid: number) {
    super(
      `${folder} is in use by the process ${pid}, another npm start. Stop that one, or choose another folder with --state.`,
    );
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Processes of other people may not be signalled, but they are there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The process that a lock names, unless it ended without taking the lock away. */
function holderOf(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid) ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes the folder, which must exist; the result gives it back. Throws FolderInUse. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'pid');
  const holder = holderOf(file);
  if (holder !== undefined) throw new FolderInUse(folder, holder);
  writeFileSync(file, String(process.pid));
  return () => rmSync(file, { force: true });
}
