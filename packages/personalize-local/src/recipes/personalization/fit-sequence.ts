// Fits the sequence model on the part of the catalogue that has an order of events to learn from, or brings it up to date.
import type { Compute } from '../../engine/compute';
import { kernelGain } from '../../engine/ease-by-users';
import type { Timelines } from '../../engine/histories';
import { NotPositiveDefinite } from '../../engine/inverse';
import { type SequenceFit, solveSequence, type UnseenTimelines } from '../../engine/sequence-model';
import {
  sequenceChanges,
  sequenceUpdateScratch,
  type TimelineChange,
  updateSequence,
} from '../../engine/sequence-update';
import {
  type Design,
  itemsOfShare,
  mostPopular,
  restrictTimelines,
  type Subset,
  subsetOf,
  timelinesOf,
} from './design';
import type { Previous } from './fit-state';
import type { HistoryReader } from './history-reader';
import type { Matching } from './matching';
import type { FitParameters } from './parameters';
import { forEachRecent } from './scoring';
import type { Unseen } from './unseen';

/** The sequence model covers this many of the most popular items at most. */
const largestSequence = 4000;
/** A catalogue of so few items is covered whole. */
const smallSequence = 500;
/** A sequence model of more items than events ÷ this has next to nothing to learn from for most of them. */
const eventsPerItem = 40;

/** Rarer items than those of 98 % of the events have no sequence to learn from, but cost n³. */
export function sequenceSize(design: Design): number {
  const { itemCount, counts } = design;
  if (itemCount <= smallSequence) return itemCount;
  const events = counts.reduce((sum, count) => sum + count, 0);
  const learnable = Math.min(itemsOfShare(design, 0.98), Math.ceil(events / eventsPerItem));
  return Math.min(largestSequence, Math.max(smallSequence, learnable));
}

/** A fit, and which items of the catalogue it covers. */
export interface HeadFit extends SequenceFit {
  readonly items: Int32Array;
}

export interface SequenceFitOptions {
  readonly keepInverse: boolean;
  /** People who are scored before the model learns from them too, and what reads their histories. */
  readonly unseen?: Unseen;
  readonly reader: HistoryReader;
}

export function fitSequence(
  compute: Compute,
  design: Design,
  { sequence }: FitParameters,
  { keepInverse, unseen, reader }: SequenceFitOptions,
): HeadFit {
  // Not even which items are covered is decided by what unseen people chose.
  const known = unseen?.known ?? design;
  const head = mostPopular(known, sequenceSize(known));
  return {
    items: head.items,
    ...solveSequence(compute, restrictTimelines(known.timelines, head), head.items.length, sequence, {
      keepInverse,
      unseen: unseen && unseenTimelines(design, unseen, reader, head, sequence),
    }),
  };
}

function unseenTimelines(
  design: Design,
  { test }: Unseen,
  reader: HistoryReader,
  head: Subset,
  sequence: FitParameters['sequence'],
): UnseenTimelines {
  const users = new Set(test.map(({ user }) => user));
  const timelines = timelinesOf(design.timelines, (user) => users.has(user));
  const offsets = new Int32Array(test.length + 1);
  const columns: number[] = [];
  const values: number[] = [];
  for (const [at, { history }] of test.entries()) {
    const { past } = reader.read(history);
    const positions = past.map((item) => (item < 0 ? -1 : head.positions[item]!));
    forEachRecent(positions, sequence, (position, weight) => {
      columns.push(position);
      values.push(weight);
    });
    offsets[at + 1] = columns.length;
  }
  return {
    timelines: restrictTimelines(timelines, head),
    inputs: {
      rows: test.length,
      columnCount: head.items.length,
      offsets,
      columns: Int32Array.from(columns),
      values: Float32Array.from(values),
    },
  };
}

/** The items that the earlier fit covers, and those among the popular ones that are new since. Empty: one of them is gone. */
function updatedHead(design: Design, { parts }: Previous, { items }: Matching): Subset | undefined {
  const covered = parts.sequenceItems.map((item) => items[item]!);
  if (covered.includes(-1)) return undefined;
  const known = new Set(items);
  const fresh = mostPopular(design, sequenceSize(design)).items.filter((item) => !known.has(item));
  return subsetOf(Int32Array.from([...covered, ...fresh]).sort(), design.itemCount);
}

/** Undefined where a new fit is quicker, or where something that the earlier fit covered is gone. */
export function updateHead(
  compute: Compute,
  design: Design,
  previous: Previous,
  matching: Matching,
  { sequence }: FitParameters,
): HeadFit | undefined {
  const { parts, state } = previous;
  const head = updatedHead(design, previous, matching);
  if (!head || !state.sequence) return undefined;
  const places = parts.sequenceItems.map((item) => head.positions[matching.items[item]!]!);
  const n = head.items.length;
  const before = new Int32Array(parts.ids.length).fill(-1);
  for (const [at, item] of parts.sequenceItems.entries()) before[item] = places[at]!;
  const changes = sequenceChanges(
    changedTimelines(state.timelines, before, design.timelines, head.positions, matching),
    sequence,
  );
  // A row passes over P one and a half times and over B twice; a fit takes an inverse and a product.
  const cost = (changes.rows.length * 3.5 * n * n) / kernelGain + changes.pairs.length * n;
  if (cost > (3 * n ** 3) / kernelGain) return undefined;
  if (sequenceUpdateScratch(n, changes.pairs.length) > compute.free) return undefined;
  try {
    const earlier = { weights: parts.sequenceWeights, ...state.sequence };
    return { items: head.items, ...updateSequence(compute, earlier, places, n, changes) };
  } catch (error) {
    if (error instanceof NotPositiveDefinite) return undefined;
    throw error;
  }
}

/** The timelines that differ, by positions in the head; the two maps give them by item. */
function* changedTimelines(
  before: Timelines,
  positionsBefore: Int32Array,
  after: Timelines,
  positionsAfter: Int32Array,
  { users, usersGone }: Matching,
): Generator<TimelineChange> {
  const timelineOf = ({ offsets, items }: Timelines, positions: Int32Array, user: number) =>
    user < 0
      ? new Int32Array(0)
      : items.subarray(offsets[user]!, offsets[user + 1]!).map((item) => positions[item]!);
  for (let user = 0; user < after.users; user++) {
    yield {
      before: timelineOf(before, positionsBefore, users[user]!),
      after: timelineOf(after, positionsAfter, user),
    };
  }
  for (const user of usersGone) {
    yield { before: timelineOf(before, positionsBefore, user), after: new Int32Array(0) };
  }
}
