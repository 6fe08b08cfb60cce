// The internal hold-out: people whom the candidates for the parameters have not seen (strong generalisation, Marlin 2004), at
// histories of several lengths, since a model that is right for people with many events can be wrong for newcomers.

import { seededRandom, shuffle } from '@emotion-gallery/local-kit/random';
import type { Timelines } from '../../engine/histories';
import type { SparseMatrix } from '../../engine/sparse';
import { type Design, mostPopular, restrictTimelines, type Subset, setsOf, timelinesOf } from './design';

/** What one person had, oldest first (positions in the subset; -1: not in it), and chose next. */
export interface Case {
  readonly fold: number;
  readonly user: number;
  /** The length of history that it stands for; `whole`: all that there is. */
  readonly length: number;
  readonly past: Int32Array;
  /** Never empty. */
  readonly truth: readonly number[];
}

/** The data without the people of one fold. */
export interface Fold {
  /** Users × items of the whole catalogue. */
  readonly sets: SparseMatrix;
  /** The same in time order, by positions in the subset. */
  readonly timelines: Timelines;
}

export interface HoldOut {
  readonly subset: Subset;
  readonly folds: readonly Fold[];
  /** In random order. */
  readonly cases: readonly Case[];
}

/** The most popular items among which λ and its like are looked for, and among which the parts are put together. */
export const searchItems = 600;
export const rankingItems = 1000;
const tuningEvents = 1_000_000;
/** Of fewer people each is held out once, in one of five folds; of more, a fifth of them in one fold. */
const fewPeople = 200;
const folds = 5;
const mostPeople = 1000;
/** Truncated histories. */
const lengths = [0, 1, 2, 3, 5, 10] as const;
export const whole = Number.POSITIVE_INFINITY;
/** Cases of each truncated length, and of whole histories. */
const mostOfLength = 80;
const mostOfWhole = 500;
export const mostCases = lengths.length * mostOfLength + mostOfWhole;
/** What a newcomer chooses in the time to come, not in the next moment alone; each choice counts. */
const newcomersNext = { least: 10, ofAll: 1000 };
/** Below this share of repeats people are taken not to return to an item. */
export const rareRepeats = 0.02;

/** `size`: so many of the most popular items are told apart. */
export function holdOutOf(design: Design, seed: number, size: number): HoldOut {
  const subset = mostPopular(design, size);
  const drawn = drawUsers(design.timelines, seed);
  const { offsets } = design.timelines;
  const people = shuffle(
    [...drawn].filter((user) => offsets[user + 1]! - offsets[user]! >= 2).sort((a, b) => a - b),
    seededRandom(seed + 1),
  );
  const foldCount = people.length < fewPeople ? folds : 1;
  const heldOut =
    foldCount > 1 ? people : people.slice(0, Math.min(mostPeople, Math.ceil(people.length / 5)));
  const foldOf = new Map(heldOut.map((user, at) => [user, at % foldCount]));
  const cases = heldOut.flatMap((user) => casesOf(design, subset, user, foldOf.get(user)!, heldOut.length));
  return {
    subset,
    folds: Array.from({ length: foldCount }, (_, fold) => {
      const keep = (user: number) => drawn.has(user) && foldOf.get(user) !== fold;
      return {
        sets: setsOf(design.sets, keep),
        timelines: restrictTimelines(timelinesOf(design.timelines, keep), subset),
      };
    }),
    cases: bounded(shuffle(cases, seededRandom(seed + 2))),
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

/** A newcomer's first events and the next ones; the newest few before the last one; all before each of the newest. */
function casesOf(design: Design, subset: Subset, user: number, fold: number, people: number): Case[] {
  const { offsets, items } = design.timelines;
  const events = items.subarray(offsets[user]!, offsets[user + 1]!).map((item) => subset.positions[item]!);
  const count = events.length;
  const cases: Case[] = [];
  const next = Math.max(newcomersNext.least, Math.ceil(newcomersNext.ofAll / people));
  const add = (length: number, from: number, to: number, choices: number) => {
    const past = events.slice(from, to);
    const truth = truthOf(past, events.subarray(to, to + choices), design.repeatShare);
    if (truth.length > 0) cases.push({ fold, user, length, past, truth });
  };
  for (const length of lengths) {
    if (length >= count) break;
    add(length, 0, length, next);
    if (count - 1 > length) add(length, count - 1 - length, count - 1, 1);
  }
  // With few people, more than one event of each is asked for.
  const left = Math.min(Math.ceil(mostOfWhole / people), Math.max(1, Math.floor(count / 5)));
  for (let end = count - 1; end >= Math.max(1, count - left); end--) add(whole, 0, end, 1);
  return cases;
}

function truthOf(past: Int32Array, newest: Int32Array, repeatShare: number): number[] {
  const had = new Set(past);
  const chosen = [...new Set(newest)].filter((item) => item >= 0);
  return repeatShare < rareRepeats ? chosen.filter((item) => !had.has(item)) : chosen;
}

/** So many of each length at most. */
function bounded(cases: readonly Case[]): Case[] {
  const taken = new Map<number, number>();
  return cases.filter(({ length }) => {
    const count = taken.get(length) ?? 0;
    taken.set(length, count + 1);
    return count < (length === whole ? mostOfWhole : mostOfLength);
  });
}

/** Score of a candidate: the mean over all held-out people, whose cases are no independent draws. */
export interface Merit {
  readonly mean: number;
  /** By held-out person, the same ones in the same order for every candidate. */
  readonly gains: Float64Array;
}

/** Standard errors that a gain must have to be taken for one. */
export const beyondChance = 2;

/** True where a candidate is worse than another on the same people by no more than so many standard errors of the difference. */
export function isAsGood(candidate: Merit, other: Merit, errors: number): boolean {
  const count = candidate.gains.length;
  const mean = other.mean - candidate.mean;
  let squares = 0;
  for (let at = 0; at < count; at++) squares += (other.gains[at]! - candidate.gains[at]! - mean) ** 2;
  return mean <= (errors * Math.sqrt(squares)) / count;
}

/** NDCG at so many places. */
const rankedPlaces = 10;

function idealGain(choices: number): number {
  let sum = 0;
  for (let rank = 1; rank <= Math.min(choices, rankedPlaces); rank++) sum += 1 / Math.log2(1 + rank);
  return sum;
}

/** NDCG@10 over the whole catalogue, or what the person had left out. `scores` has one row a case, which is overwritten. */
export function merit(scores: readonly Float32Array[], cases: readonly Case[], hidePast: boolean): Merit {
  const byPerson = new Map<number, number[]>();
  for (const [at, { user, past, truth }] of cases.entries()) {
    const row = scores[at]!;
    if (hidePast) hide(row, past);
    let sum = 0;
    for (const item of truth) {
      const rank = rankOf(row, item);
      if (rank < rankedPlaces + 1) sum += 1 / Math.log2(1 + rank);
    }
    const gain = sum / idealGain(truth.length);
    const own = byPerson.get(user);
    if (own) own.push(gain);
    else byPerson.set(user, [gain]);
  }
  const gains = Float64Array.from(byPerson.values(), meanOf);
  return { mean: meanOf(gains), gains };
}

function meanOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum / values.length;
}

/** From 1; ties count half, or a model that says nothing would be perfect. */
function rankOf(row: Float32Array, item: number): number {
  const own = row[item]!;
  let above = 0;
  let same = 0;
  for (let j = 0; j < row.length; j++) {
    if (row[j]! > own) above++;
    else if (row[j] === own) same++;
  }
  return 0.5 + above + same / 2;
}

/** What the person had cannot be found any more. */
export function hide(scores: Float32Array, past: Int32Array, value = Number.NEGATIVE_INFINITY): void {
  for (const item of past) if (item >= 0) scores[item] = value;
}
