// Interactions as the models read them: one timeline per user, and one set of distinct items per user.
import type { InteractionTable } from './snapshot';
import { groupBy, type SparseMatrix } from './sparse';

/** Each user's items in time order: user u's are `items[offsets[u] .. offsets[u + 1])`. */
export interface Timelines {
  readonly users: number;
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  /** Weight of each event; absent: 1. */
  readonly weights?: Float32Array;
}

/** Older events of one user are left out: a robot's history would cost the square of its length. */
const longestHistory = 2000;

/** Rows in time order by user; the same timestamp keeps the input's order. `weight` 0 leaves a row out. */
export function buildTimelines(
  table: InteractionTable,
  userCount: number,
  weight?: (row: number) => number,
): Timelines {
  const { offsets, order } = groupBy(table.user, userCount);
  const items = new Int32Array(order.length);
  const weights = weight && new Float32Array(order.length);
  const kept = new Int32Array(userCount + 1);
  let end = 0;
  for (let user = 0; user < userCount; user++) {
    const rows = order.subarray(offsets[user]!, offsets[user + 1]!);
    sortByTime(rows, table.timestamp);
    for (let i = Math.max(0, rows.length - longestHistory); i < rows.length; i++) {
      const row = rows[i]!;
      if (weight && weights) {
        const value = weight(row);
        if (!(value > 0)) continue;
        weights[end] = value;
      }
      items[end++] = table.item[row]!;
    }
    kept[user + 1] = end;
  }
  return {
    users: userCount,
    offsets: kept,
    items: items.subarray(0, end),
    weights: weights?.subarray(0, end),
  };
}

function sortByTime(rows: Int32Array, timestamp: Float64Array): void {
  let sorted = true;
  for (let i = 1; i < rows.length && sorted; i++) sorted = timestamp[rows[i - 1]!]! <= timestamp[rows[i]!]!;
  if (!sorted) rows.sort((a, b) => timestamp[a]! - timestamp[b]! || a - b);
}

/** Users × items, columns ascending in each row, an item's largest weight as its value. */
export function distinctItems(
  { users, offsets, items, weights }: Timelines,
  itemCount: number,
): SparseMatrix {
  const columns = new Int32Array(items.length);
  const values = weights && new Float32Array(items.length);
  const rowOffsets = new Int32Array(users + 1);
  const best = new Float32Array(itemCount);
  let end = 0;
  for (let user = 0; user < users; user++) {
    const start = end;
    for (let e = offsets[user]!; e < offsets[user + 1]!; e++) {
      const item = items[e]!;
      const weight = weights ? weights[e]! : 1;
      if (best[item] === 0) columns[end++] = item;
      if (weight > best[item]!) best[item] = weight;
    }
    columns.subarray(start, end).sort();
    for (let e = start; e < end; e++) {
      if (values) values[e] = best[columns[e]!]!;
      best[columns[e]!] = 0;
    }
    rowOffsets[user + 1] = end;
  }
  return {
    rows: users,
    columnCount: itemCount,
    offsets: rowOffsets,
    columns: columns.subarray(0, end),
    values: values?.subarray(0, end),
  };
}

/** Distinct users by item. */
export function usersByItem(sets: SparseMatrix): Float64Array {
  const counts = new Float64Array(sets.columnCount);
  for (const column of sets.columns) counts[column]!++;
  return counts;
}

/** The share of events, first ones aside, whose item the user had before. */
export function repeatShare({ users, offsets, items }: Timelines, sets: SparseMatrix): number {
  let later = 0;
  let distinct = 0;
  for (let user = 0; user < users; user++) {
    const events = offsets[user + 1]! - offsets[user]!;
    if (events < 2) continue;
    later += events - 1;
    distinct += sets.offsets[user + 1]! - sets.offsets[user]! - 1;
  }
  return later === 0 || items.length === 0 ? 0 : (later - distinct) / later;
}
