// One tick at a time in a group: a lease on its row, with an end, so that a tick that died holds nobody up for long.
import type { GroupRow } from './group-row';

export interface RowStore {
  /** The row with its lease taken, as it is now; undefined while somebody else holds it. Makes the row where there is none. */
  take(
    arn: string,
    owner: string,
    times: { readonly now: number; readonly until: number },
  ): Promise<GroupRow | undefined>;
  /** Writes the row and gives the lease back; nothing is written when the lease was lost meanwhile. */
  give(row: GroupRow, owner: string): Promise<void>;
  /** Gives the lease back, and leaves the row as it was. */
  release(arn: string, owner: string): Promise<void>;
}

/** How long a tick begins new calls, and how much longer its lease holds: what is under way then is over by its end. Milliseconds. */
export const TICK_MS = 45_000;
export const MARGIN_MS = 75_000;

/** @returns undefined when another tick is under way */
export async function underLease<T extends { readonly row: GroupRow }>(
  store: RowStore,
  arn: string,
  owner: string,
  now: () => number,
  work: (row: GroupRow, timeLeft: () => boolean) => Promise<T>,
): Promise<T | undefined> {
  const begunAt = now();
  const row = await store.take(arn, owner, { now: begunAt, until: begunAt + TICK_MS + MARGIN_MS });
  if (!row) return undefined;
  let done: T;
  try {
    done = await work(row, () => now() - begunAt < TICK_MS);
  } catch (error) {
    await store.release(arn, owner);
    throw error;
  }
  await store.give(done.row, owner);
  return done;
}
