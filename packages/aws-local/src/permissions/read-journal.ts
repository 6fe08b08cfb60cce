// Reads a journal of the local AWS without opening it for writing, so that it can be looked at while the endpoint runs.
import { existsSync, readFileSync } from 'node:fs';

type Entry<V> = readonly [key: string, value: V] | readonly [key: string];

/** The live values by key; none when the file does not exist. A line that is still being written is left out. */
export function readJournal<V>(file: string): Map<string, V> {
  const values = new Map<string, V>();
  if (!existsSync(file)) return values;
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop();
  for (const line of lines) {
    for (const entry of JSON.parse(line) as readonly Entry<V>[]) {
      if (entry.length === 1) values.delete(entry[0]);
      else values.set(entry[0], entry[1]);
    }
  }
  return values;
}
