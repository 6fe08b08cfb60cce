// The store of an account's state folder; a folder from before there was one is taken over first.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@emotion-gallery/local-kit/clock';
import { DamagedFile, hasStore, Store } from '@emotion-gallery/local-kit/store';
import { takeOver } from './take-over';

/** Where the store of a state folder is. */
export const storeFolder = (stateDir: string): string => join(stateDir, 'store');

export interface OpenStoreProps {
  readonly stateDir: string;
  readonly clock: Clock;
  readonly log: (line: string) => void;
}

/** @throws DamagedFile */
export async function openStore({ stateDir, clock, log }: OpenStoreProps): Promise<Store> {
  const dir = storeFolder(stateDir);
  if (!hasStore(dir)) {
    await takeOver(stateDir, dir, log);
    requireNothingLost(stateDir, dir);
  }
  return new Store({ dir, clock, log });
}

/** Objects that no store names would be removed as left-overs. @throws DamagedFile */
function requireNothingLost(stateDir: string, dir: string): void {
  const objects = join(stateDir, 's3', 'objects');
  if (!hasStore(dir) && existsSync(objects) && readdirSync(objects).length > 0)
    throw new DamagedFile(dir, `it is missing or empty, and there are objects in ${objects}`);
}
