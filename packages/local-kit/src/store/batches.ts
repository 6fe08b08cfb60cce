// Housekeeping in small portions, between which everybody else has a turn of the event loop.

/** So many bytes are read, parsed and written in about two milliseconds. */
export const MOST_BYTES_A_TURN = 64 << 10;
/** So many values are looked at in less. */
const MOST_VALUES_A_TURN = 1_000;

/** The values in portions: of so many, or of so many bytes; one that is larger is a portion of its own. */
export function* batchesOf<T>(values: Iterable<T>, bytesOf: (value: T) => number = () => 0): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const value of values) {
    batch.push(value);
    bytes += bytesOf(value);
    if (bytes < MOST_BYTES_A_TURN && batch.length < MOST_VALUES_A_TURN) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Resolves when everybody else had a turn. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
