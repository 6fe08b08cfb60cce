// The list of recommendations after some likes. When they have reached the model nobody is told, so the list is asked for until it
// is another one, a few times.

import type { Recommendations } from '../api/types';

/** How long likes are given before the list is asked for, and asked for again, in milliseconds. */
const PAUSES_MS = [1_200, 2_000, 4_000, 8_000];

/** What a look for a changed list needs from outside. */
export interface ChangedListPorts {
  /** Resolves to undefined when there is no answer this time. */
  ask(): Promise<Recommendations | undefined>;
  wait(milliseconds: number): Promise<void>;
  /** Whether nobody waits for the list any more. */
  isOver?(): boolean;
}

/** A list, and which of its item ids the one before had not. */
export interface ChangedList {
  readonly list: Recommendations;
  readonly newcomers: ReadonlySet<string>;
}

/** The item ids that the new list has and the old one had not. */
export function newcomers(before: readonly string[], after: readonly string[]): ReadonlySet<string> {
  const known = new Set(before);
  return new Set(after.filter((itemId) => !known.has(itemId)));
}

/** The first list that has newcomers, else the last one; undefined when it is over, or when no answer ever came. */
export async function changedList(
  before: readonly string[],
  { ask, wait, isOver = () => false }: ChangedListPorts,
): Promise<ChangedList | undefined> {
  let last: ChangedList | undefined;
  for (const pause of PAUSES_MS) {
    await wait(pause);
    if (isOver()) return undefined;
    const list = await ask();
    if (isOver()) return undefined;
    if (list === undefined) continue;
    const itemIds = list.images.map(({ itemId }) => itemId);
    last = { list, newcomers: newcomers(before, itemIds) };
    if (last.newcomers.size > 0) return last;
  }
  return last;
}
