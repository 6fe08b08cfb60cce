// The internal hold-out: the newest events of the training users, which candidates for the parameters have to guess.

import { seededRandom, shuffle } from '@emotion-gallery/local-kit/random';
import { distinctItems, type Timelines } from '../../engine/histories';
import type { SparseMatrix } from '../../engine/sparse';
import { type Design, mostPopular, restrictTimelines, type Subset } from './design';

/** One person of the hold-out, by positions in the subset: what they had, oldest first (-1: not in the subset). */
export interface Case {
  readonly user: number;
  readonly past: Int32Array;
  /** What they chose next; never empty. */
  readonly truth: readonly number[];
}

export interface HoldOut {
  readonly subset: Subset;
  /** Users × items of the whole catalogue, without what is held out. */
  readonly sets: SparseMatrix;
  /** The same in time order, by positions in the subset. */
  readonly timelines: Timelines;
  readonly cases: readonly Case[];
}

/** Parameters are looked for on so many of the most popular items and so many events, which bounds the time it takes. */
export const tuningItems = 500;
export const tuningEvents = 1_000_000;
export const mostCases = 600;
/** With fewer people than this, more than one event of each is held out. */
const enoughCases = 500;
/** Below this share of repeats people are taken not to return to an item. */
export const rareRepeats = 0.02;

/** Leaves out the newest event of each user, and up to a fifth of the events where users are few. */
export function holdOutOf(design: Design, seed: number): HoldOut {
  const subset = mostPopular(design, tuningItems);
  const { offsets, items, users, weights } = design.timelines;
  const drawn = drawUsers(design.timelines, seed);
  const leaveOut = Math.max(1, Math.ceil(enoughCases / users));
  const keptItems: number[] = [];
  const keptWeights: number[] = [];
  const keptOffsets = new Int32Array(users + 1);
  const cases: Case[] = [];
  for (let user = 0; user < users; user++) {
    const start = offsets[user]!;
    const length = drawn.has(user) ? offsets[user + 1]! - start : 0;
    const left = length < 3 ? 0 : Math.min(leaveOut, Math.max(1, Math.floor(length / 5)));
    for (let e = start; e < start + length - left; e++) {
      keptItems.push(items[e]!);
      if (weights) keptWeights.push(weights[e]!);
    }
    keptOffsets[user + 1] = keptItems.length;
    if (left === 0) continue;
    const position = (item: number) => subset.positions[item]!;
    const past = items.subarray(start, start + length - left).map(position);
    const newest = items.subarray(start + length - left, start + length).map(position);
    const truth = truthOf(past, newest, design.repeatShare);
    if (truth.length > 0) cases.push({ user, past, truth });
  }
  const kept: Timelines = {
    users,
    offsets: keptOffsets,
    items: Int32Array.from(keptItems),
    weights: weights && Float32Array.from(keptWeights),
  };
  return {
    subset,
    sets: distinctItems(kept, design.itemCount),
    timelines: restrictTimelines(kept, subset),
    cases: shuffle(cases, seededRandom(seed + 1)).slice(0, mostCases),
  };
}

/** Users at random until their events are enough. */
function drawUsers({ users, offsets, items }: Timelines, seed: number): ReadonlySet<number> {
  const order = Int32Array.from({ length: users }, (_, user) => user);
  if (items.length > tuningEvents) shuffle(order, seededRandom(seed));
  const drawn = new Set<number>();
  let events = 0;
  for (const user of order) {
    if (events > tuningEvents) break;
    drawn.add(user);
    events += offsets[user + 1]! - offsets[user]!;
  }
  return drawn;
}

function truthOf(past: Int32Array, newest: Int32Array, repeatShare: number): number[] {
  const had = new Set(past);
  const chosen = [...new Set(newest)].filter((item) => item >= 0);
  return repeatShare < rareRepeats ? chosen.filter((item) => !had.has(item)) : chosen;
}

/** Score of a candidate: the mean over all held-out choices, and that mean's standard error. */
export interface Merit {
  readonly mean: number;
  readonly error: number;
  /** By held-out choice, the same ones in the same order for every candidate. */
  readonly gains: Float64Array;
}

/** True where a candidate is worse than another on the same choices by no more than so many standard errors of the difference. */
export function isAsGood(candidate: Merit, other: Merit, errors: number): boolean {
  const count = candidate.gains.length;
  const mean = other.mean - candidate.mean;
  let squares = 0;
  for (let at = 0; at < count; at++) squares += (other.gains[at]! - candidate.gains[at]! - mean) ** 2;
  return mean <= (errors * Math.sqrt(squares)) / count;
}

/**
 * Mean of 1 ÷ log₂(1 + rank) over the held-out choices, each ranked among everything. `scores` has one row a case; `repeat`
 * is added to what the person had.
 */
export function merit(scores: readonly Float32Array[], cases: readonly Case[], repeat: number): Merit {
  const gains: number[] = [];
  for (const [at, { past, truth }] of cases.entries()) {
    const row = scores[at]!.slice();
    for (const item of new Set(past)) if (item >= 0) row[item]! += repeat;
    for (const item of truth) {
      let rank = 1;
      for (let j = 0; j < row.length; j++) if (row[j]! > row[item]!) rank++;
      gains.push(1 / Math.log2(1 + rank));
    }
  }
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares) / gains.length, gains: Float64Array.from(gains) };
}
