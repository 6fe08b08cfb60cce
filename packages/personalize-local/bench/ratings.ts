// Reads ratings files as GroupLens publishes them: u.data (tabs), ratings.csv (commas), ratings.dat (::).
import { readFileSync } from 'node:fs';
import type { Interactions } from './synthetic';

/** What the caller gave cannot be used; the message says where and what to do. */
export class BadArgument extends Error {
  override readonly name = 'BadArgument';
}

const columns = 'user, item, rating, time in seconds, separated by tabs, commas or ::';

/** @throws BadArgument */
export function readRatings(path: string): Interactions {
  const lines = read(path).split('\n');
  const users = new Map<string, number>();
  const items = new Map<string, number>();
  const rows: { user: number; item: number; time: number }[] = [];
  for (const [index, line] of lines.entries()) {
    const [user, item, rating, time] = line.trim().split(/\t|,|::/);
    const numbers = time !== undefined && time !== '' && [rating, time].every((text) => Number(text) >= 0);
    if (numbers && user && item) {
      rows.push({ user: numberOf(users, user), item: numberOf(items, item), time: Number(time) });
    } else if (line.trim() !== '' && (index > 0 || time === undefined)) {
      // The first line may be a header.
      throw new BadArgument(`${path}, line ${index + 1}: expected ${columns}; got '${line.slice(0, 80)}'`);
    }
  }
  if (rows.length < 2) throw new BadArgument(`${path} has no ratings: its lines should be ${columns}`);
  return {
    name: path,
    user: Int32Array.from(rows, ({ user }) => user),
    item: Int32Array.from(rows, ({ item }) => item),
    timestamp: Float64Array.from(rows, ({ time }) => time),
    users: users.size,
    items: items.size,
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new BadArgument(
      `'${path}' is neither a size (as 6000x3700x1000000) nor a file that can be read: ${(error as Error).message}`,
    );
  }
}

function numberOf(ids: Map<string, number>, id: string): number {
  const known = ids.get(id);
  if (known !== undefined) return known;
  ids.set(id, ids.size);
  return ids.size - 1;
}
