// The feature transformation that several recipes share: users with very short or very long histories are left out, and
// items with very few interactions, by percentiles of their number of interactions. The documented upper percentile of items
// takes nothing away: with its default of .9, recorded lists of aws-sims are made of items at the 94th to 98th percentile.

import type { DataSnapshot } from '../../model/recipe';
import { selectInteractions } from './user-split';

type HyperParameters = Readonly<Record<string, string>>;

/** The values at two percentiles of the counts above zero; everything between them, both included, stays. */
function bounds(counts: Float64Array, least: number, most: number): [number, number] {
  const sorted = counts.filter((count) => count > 0).sort();
  if (sorted.length === 0) return [0, Number.POSITIVE_INFINITY];
  const at = (share: number, round: (value: number) => number) =>
    sorted[Math.min(sorted.length - 1, Math.max(0, round(share * (sorted.length - 1))))]!;
  return [at(least, Math.floor), at(most, Math.ceil)];
}

function countBy(keys: Int32Array, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (const key of keys) counts[key]!++;
  return counts;
}

const percentiles = [
  'min_user_history_length_percentile',
  'max_user_history_length_percentile',
  'min_item_interaction_count_percentile',
];

/** Obeys the percentiles that are given. */
export function withinPercentiles(data: DataSnapshot, parameters: HyperParameters): DataSnapshot {
  if (percentiles.every((name) => parameters[name] === undefined)) return data;
  const { interactions, users, items } = data;
  const share = (name: string, fallback: number) => Number(parameters[name] ?? fallback);
  const userCounts = countBy(interactions.user, users.ids.length);
  const itemCounts = countBy(interactions.item, items.ids.length);
  const [leastUser, mostUser] = bounds(
    userCounts,
    share('min_user_history_length_percentile', 0),
    share('max_user_history_length_percentile', 1),
  );
  const [leastItem] = bounds(itemCounts, share('min_item_interaction_count_percentile', 0), 1);
  const rows: number[] = [];
  for (let row = 0; row < interactions.user.length; row++) {
    const ofUser = userCounts[interactions.user[row]!]!;
    const ofItem = itemCounts[interactions.item[row]!]!;
    if (ofUser >= leastUser && ofUser <= mostUser && ofItem >= leastItem) rows.push(row);
  }
  if (rows.length === interactions.user.length) return data;
  return { ...data, interactions: selectInteractions(interactions, Int32Array.from(rows)) };
}
