// Turns a snapshot into the matrices that the models are fitted on.

import { Features } from '../../engine/features';
import {
  buildTimelines,
  distinctItems,
  repeatShare,
  type Timelines,
  usersByItem,
} from '../../engine/histories';
import { popularOrder } from '../../engine/popularity';
import { keepRows, type SparseMatrix } from '../../engine/sparse';
import type { DataSnapshot } from '../../model/recipe';
import { relativeWeights } from '../evaluation/event-weights';

export interface Design {
  readonly itemCount: number;
  readonly timelines: Timelines;
  /** Users × items. */
  readonly sets: SparseMatrix;
  readonly itemFeatures: Features;
  readonly userFeatures: Features;
  /** Distinct users by item. */
  readonly counts: Float64Array;
  /** Items by descending count. */
  readonly popular: Int32Array;
  readonly repeatShare: number;
}

const mostItemTokens = 2000;
const mostUserTokens = 100;

export function buildDesign(data: DataSnapshot, eventWeights?: Readonly<Record<string, number>>): Design {
  const { interactions } = data;
  const weightOfType = eventWeights && relativeWeights(eventWeights);
  const weight =
    weightOfType && ((row: number) => weightOfType(interactions.eventTypes[interactions.eventType[row]!]));
  const itemCount = data.items.ids.length;
  const timelines = buildTimelines(interactions, data.users.ids.length, weight);
  const sets = distinctItems(timelines, itemCount);
  const counts = usersByItem(sets);
  return {
    itemCount,
    timelines,
    sets,
    itemFeatures: Features.from(data.items, mostItemTokens),
    userFeatures: Features.from(data.users, mostUserTokens),
    counts,
    popular: popularOrder(counts),
    repeatShare: repeatShare(timelines, sets),
  };
}

/** The design of the data without the events of some users; their numbers stay. */
export function withoutUsers(design: Design, left: ReadonlySet<number>): Design {
  const timelines = timelinesOf(design.timelines, (user) => !left.has(user));
  const sets = setsOf(design.sets, (user) => !left.has(user));
  const counts = usersByItem(sets);
  return {
    ...design,
    timelines,
    sets,
    counts,
    popular: popularOrder(counts),
    repeatShare: repeatShare(timelines, sets),
  };
}

/** Timelines of all users, empty but for some. */
export function timelinesOf({ users, ...rows }: Timelines, keep: (user: number) => boolean): Timelines {
  const { offsets, indices, values } = keepRows(
    { offsets: rows.offsets, indices: rows.items, values: rows.weights },
    keep,
  );
  return { users, offsets, items: indices, weights: values };
}

/** Sets of all users, empty but for some. */
export function setsOf(sets: SparseMatrix, keep: (user: number) => boolean): SparseMatrix {
  const { offsets, indices, values } = keepRows({ ...sets, indices: sets.columns }, keep);
  return { rows: sets.rows, columnCount: sets.columnCount, offsets, columns: indices, values };
}

/** The part of a catalogue that a dense model covers. */
export interface Subset {
  /** Item index by position. */
  readonly items: Int32Array;
  /** Position by item index, or -1. */
  readonly positions: Int32Array;
}

/** The `size` most popular items, or all of them in their own order. */
export function mostPopular({ itemCount, popular }: Design, size: number): Subset {
  return size >= itemCount ? everyItem(itemCount) : subsetOf(popular.slice(0, size).sort(), itemCount);
}

/** The whole catalogue. */
export const everyItem = (itemCount: number): Subset =>
  subsetOf(
    Int32Array.from({ length: itemCount }, (_, i) => i),
    itemCount,
  );

/** `items` ascend. */
export function subsetOf(items: Int32Array, itemCount: number): Subset {
  const positions = new Int32Array(itemCount).fill(-1);
  for (const [position, item] of items.entries()) positions[item] = position;
  return { items, positions };
}

/** So many of the most popular items make up this share of all choices. */
export function itemsOfShare({ counts, popular }: Design, share: number): number {
  const enough = share * counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  let size = 0;
  while (sum < enough) sum += counts[popular[size++]!]!;
  return size;
}

export function restrictTimelines(timelines: Timelines, { positions }: Subset): Timelines {
  return { ...timelines, items: timelines.items.map((item) => positions[item]!) };
}

/**
 * Users × (items of the subset, then user tokens), and below them one row per item token with the items that have it. The
 * Gram matrix of the whole is XᵀX + itemMetadata · FFᵀ, bordered by the user tokens.
 */
export function extendedMatrix(
  design: Pick<Design, 'itemCount' | 'itemFeatures' | 'userFeatures'>,
  sets: SparseMatrix,
  { items, positions }: Subset,
  weights: { readonly itemMetadata: number; readonly userMetadata: number },
): SparseMatrix {
  const { itemFeatures, userFeatures } = design;
  const withUsers = weights.userMetadata > 0 && userFeatures.size > 0;
  const withItems = weights.itemMetadata > 0 && itemFeatures.size > 0;
  const n = items.length;
  if (!withUsers && !withItems && !sets.values && n === design.itemCount) return sets;
  const rows = sets.rows + (withItems ? itemFeatures.size : 0);
  const offsets = new Int32Array(rows + 1);
  const most =
    sets.columns.length +
    (withUsers ? userFeatures.tokens.length : 0) +
    (withItems ? itemFeatures.tokens.length : 0);
  const columns = new Int32Array(most);
  const values = new Float32Array(most);
  let end = 0;
  const put = (column: number, value: number) => {
    columns[end] = column;
    values[end++] = value;
  };
  for (let user = 0; user < sets.rows; user++) {
    const first = sets.offsets[user]!;
    const last = sets.offsets[user + 1]!;
    for (let e = first; e < last; e++) {
      const position = positions[sets.columns[e]!]!;
      if (position >= 0) put(position, sets.values ? sets.values[e]! : 1);
    }
    if (withUsers && last > first) {
      for (const token of userFeatures.tokensOf(user).toSorted()) put(n + token, weights.userMetadata);
    }
    offsets[user + 1] = end;
  }
  if (withItems) {
    const value = Math.sqrt(weights.itemMetadata);
    for (const [token, members] of tokenMembers(itemFeatures, items).entries()) {
      for (const position of members) put(position, value);
      offsets[sets.rows + token + 1] = end;
    }
  }
  return {
    rows,
    columnCount: n + (withUsers ? userFeatures.size : 0),
    offsets,
    columns: columns.subarray(0, end),
    values: values.subarray(0, end),
  };
}

/** Positions by token, ascending. */
function tokenMembers(features: Features, items: Int32Array): number[][] {
  const members: number[][] = Array.from({ length: features.size }, () => []);
  for (const [position, item] of items.entries()) {
    for (const token of features.tokensOf(item)) members[token]!.push(position);
  }
  return members;
}
