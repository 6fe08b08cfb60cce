// What directly follows what: first-order Markov transitions of items as log-lifts over popularity. The simplest sequential
// recommender (Shani, Heckerman and Brafman 2005, "An MDP-based recommender system"); sharper than a ridge regression about
// pairs that come one after the other, and sparse.
import { type Buffers, bytesOf, float32, int32 } from './buffers';
import type { Timelines } from './histories';
import { groupBy } from './sparse';
import { topK } from './top-k';

/** The followers of item i are `items[offsets[i] .. offsets[i + 1])`, ascending, with their lifts. */
export interface Transitions {
  readonly offsets: Int32Array;
  readonly items: Int32Array;
  readonly lifts: Float32Array;
}

/** An item is taken to have been followed so many times by what is popular, so that chance lifts nothing far. */
const prior = 50;
/** The most frequent followers of an item that are kept. */
const width = 500;

/**
 * log(1 + count(i → j) ÷ (prior · share of j)) for every pair of neighbours in a timeline. That is the log of
 * P(j | i) ÷ P(j), smoothed, less what is the same for all j. Items that are -1 keep their place and follow nothing.
 */
export function transitionsOf({ offsets, items, users }: Timelines, itemCount: number): Transitions {
  const total = new Float64Array(itemCount);
  for (const item of items) if (item >= 0) total[item]!++;
  const smoothed = items.length + itemCount / 2;
  const from: number[] = [];
  const to: number[] = [];
  for (let user = 0; user < users; user++) {
    for (let e = offsets[user]! + 1; e < offsets[user + 1]!; e++) {
      if (items[e - 1]! < 0 || items[e]! < 0) continue;
      from.push(items[e - 1]!);
      to.push(items[e]!);
    }
  }
  const rows = groupBy(Int32Array.from(from), itemCount);
  const counts = new Float64Array(itemCount);
  const keptOffsets = new Int32Array(itemCount + 1);
  const keptItems: number[] = [];
  const lifts: number[] = [];
  for (let item = 0; item < itemCount; item++) {
    const followers: number[] = [];
    for (let e = rows.offsets[item]!; e < rows.offsets[item + 1]!; e++) {
      const next = to[rows.order[e]!]!;
      if (counts[next]!++ === 0) followers.push(next);
    }
    followers.sort((a, b) => a - b);
    const kept =
      followers.length <= width
        ? followers
        : Array.from(
            topK(
              followers.map((next) => counts[next]!),
              width,
            ).sort(),
            (at) => followers[at]!,
          );
    for (const next of kept) {
      keptItems.push(next);
      lifts.push(Math.log1p((counts[next]! * smoothed) / (prior * (total[next]! + 0.5))));
    }
    for (const next of followers) counts[next] = 0;
    keptOffsets[item + 1] = keptItems.length;
  }
  return { offsets: keptOffsets, items: Int32Array.from(keptItems), lifts: Float32Array.from(lifts) };
}

export const noTransitions = (itemCount: number): Transitions => ({
  offsets: new Int32Array(itemCount + 1),
  items: new Int32Array(0),
  lifts: new Float32Array(0),
});

/** scores += factor · (lifts of what follows an item). */
export function addFollowers(
  scores: Float32Array,
  { offsets, items, lifts }: Transitions,
  item: number,
  factor: number,
): void {
  for (let e = offsets[item]!; e < offsets[item + 1]!; e++) scores[items[e]!]! += factor * lifts[e]!;
}

export function saveTransitions(buffers: Map<string, Uint8Array>, transitions: Transitions): void {
  buffers.set('transition-offsets', bytesOf(transitions.offsets));
  buffers.set('transition-items', bytesOf(transitions.items));
  buffers.set('transition-lifts', bytesOf(transitions.lifts));
}

/** Empty for a model of a release that had none. */
export const loadTransitions = (buffers: Buffers): Transitions =>
  buffers.has('transition-offsets')
    ? {
        offsets: int32(buffers, 'transition-offsets'),
        items: int32(buffers, 'transition-items'),
        lifts: float32(buffers, 'transition-lifts'),
      }
    : { offsets: new Int32Array(0), items: new Int32Array(0), lifts: new Float32Array(0) };
