// What several test files need and is slow to make (bundles, built pages, a deployed app) is made once in a run of tests.
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FolderInUse, lockFolder } from '@emotion-gallery/local-kit/lock';

const LOOK_AGAIN_MS = 100;

/** Waits while another worker has the folder; one that has died has none. */
async function lock(folder: string): Promise<() => void> {
  for (;;) {
    try {
      return lockFolder(folder);
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      await sleep(LOOK_AGAIN_MS);
    }
  }
}

/**
 * A folder with what `make` leaves in the folder that it is given. Under one name it runs once in a run of tests; when it fails, the
 * next file that asks tries it again. Nobody writes into the folder: it is everybody's.
 */
export async function madeOnce(
  name: string,
  make: (folder: string) => Promise<void> | void,
): Promise<string> {
  const { TEST_RUN_FOLDER: run } = process.env;
  if (run === undefined) throw new Error('TEST_RUN_FOLDER is not set: test/run-folder.js sets it for jest');
  const shared = join(run, name);
  const made = join(shared, 'made');
  mkdirSync(shared, { recursive: true });
  const release = await lock(shared);
  try {
    if (!existsSync(made)) {
      const draft = mkdtempSync(join(shared, 'draft-'));
      await make(draft);
      renameSync(draft, made);
    }
    return made;
  } finally {
    release();
  }
}

/** A copy of the caller's own, to start on and to change. */
export async function copyOfMadeOnce(
  name: string,
  make: (folder: string) => Promise<void> | void,
): Promise<string> {
  const copy = mkdtempSync(join(tmpdir(), `${name}-`));
  cpSync(await madeOnce(name, make), copy, { recursive: true });
  return copy;
}
