// The store of an account's state folder; a folder from before there was one is taken over first.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
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
  if (!existsSync(dir)) await takeOver(stateDir, dir, log);
  return new Store({ dir, clock, log });
}
