// Directories on disk.
import { open } from 'node:fs/promises';

/** Waits until the directory's entries (new, renamed and removed files) are on the disk. */
export async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
