// How many different users interacted with each item.
import type { DataSnapshot } from './snapshot';

/** Distinct users by item index. */
export function countUsers({ items, interactions, users }: DataSnapshot): Float64Array {
  const counts = new Float64Array(items.ids.length);
  const userCount = users.ids.length;
  const pairs = new Float64Array(interactions.item.length);
  for (let i = 0; i < pairs.length; i++) pairs[i] = interactions.item[i]! * userCount + interactions.user[i]!;
  pairs.sort();
  let last = -1;
  for (const pair of pairs) {
    if (pair !== last) counts[Math.floor(pair / userCount)]!++;
    last = pair;
  }
  return counts;
}

/** Item indices by descending count; equal counts in index order. */
export function popularOrder(counts: Float64Array): Int32Array {
  const order = new Int32Array(counts.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
  return order.sort((a, b) => counts[b]! - counts[a]! || a - b);
}
