// Waits until a value becomes what a test expects.

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';

const PATIENCE_MS = 60_000;

/** Reads a value again and again until it equals `expected`; after a minute jest's comparison reports the rest. */
export async function eventually<T>(read: () => T, expected: T): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (!isDeepStrictEqual(read(), expected) && Date.now() < end) await sleep(25);
  expect(read()).toEqual(expected);
}
