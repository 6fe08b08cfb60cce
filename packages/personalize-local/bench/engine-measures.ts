// Leave-one-out: the split and the measures of bench/engine.ts.

import { seededRandom, shuffle } from '@emotion-gallery/local-kit/random';
import { timelines } from '../src/recipes/evaluation/user-split';
import { type Interactions, interactionsWhere } from './synthetic';

/** A user whose last item is hidden: what came before (oldest first), and 99 items the user never had. */
export interface LeftOut {
  readonly user: number;
  readonly past: Int32Array;
  readonly truth: number;
  readonly negatives: Int32Array;
}

/** A score for every item. */
export type Scorer = (past: Int32Array, user: number) => Float32Array;

const mostCases = 6100;

export function leaveLastOut(all: Interactions, seed: number): { training: Interactions; cases: LeftOut[] } {
  const random = seededRandom(seed);
  const hidden = new Uint8Array(all.user.length);
  const cases: LeftOut[] = [];
  const drawn = new Set(
    shuffle(
      Array.from({ length: all.users }, (_, user) => user),
      random,
    ).slice(0, mostCases),
  );
  for (const [user, rows] of timelines(
    { ...all, eventType: all.user, eventTypes: [], value: all.timestamp, columns: [] },
    all.users,
  ).entries()) {
    if (rows.length < 2) continue;
    const last = rows.at(-1)!;
    hidden[last] = 1;
    if (!drawn.has(user)) continue;
    const had = new Set(Array.from(rows, (row) => all.item[row]!));
    const negatives = new Set<number>();
    const possible = Math.min(99, all.items - had.size);
    while (negatives.size < possible) {
      const item = Math.floor(random() * all.items);
      if (!had.has(item)) negatives.add(item);
    }
    const past = Int32Array.from(rows.subarray(0, -1), (row) => all.item[row]!);
    cases.push({ user, past, truth: all.item[last]!, negatives: Int32Array.from(negatives) });
  }
  const training = interactionsWhere(all, (row) => hidden[row] === 0);
  return { training, cases };
}

/** A mean over people, and its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly error: number;
}

export function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares) / values.length };
}

const gainOf = (rank: number) => (rank < 10 ? 1 / Math.log2(rank + 2) : 0);

/** NDCG@10 among all items but what the person had; of two equal scores the item with the lower number comes first. */
export function ndcgOf(scores: Float32Array, had: ReadonlySet<number>, truth: readonly number[]): number {
  const wanted = new Set(truth.filter((item) => !had.has(item)));
  if (wanted.size === 0) return 0;
  let gain = 0;
  for (const item of wanted) {
    let rank = 0;
    const own = scores[item]!;
    for (let j = 0; j < scores.length; j++) {
      if ((scores[j]! > own || (scores[j] === own && j < item)) && !had.has(j)) rank++;
    }
    gain += gainOf(rank);
  }
  let ideal = 0;
  for (let rank = 0; rank < wanted.size; rank++) ideal += gainOf(rank);
  return gain / ideal;
}

/** Hit rate and NDCG at 10 among the 99, and both among all items the user did not have. Ties count half. */
export function measure(
  scorer: Scorer,
  cases: readonly LeftOut[],
  items: number,
): { hitRate: Estimate; ndcg: Estimate; fullHitRate: Estimate; fullNdcg: Estimate } {
  const hits: number[] = [];
  const gains: number[] = [];
  const fullHits: number[] = [];
  const fullGains: number[] = [];
  for (const { user, past, truth, negatives } of cases) {
    const scores = scorer(past, user);
    const rankAmong = (others: Iterable<number>) => {
      let rank = 0;
      for (const other of others) {
        if (scores[other]! > scores[truth]!) rank++;
        else if (scores[other] === scores[truth]) rank += 0.5;
      }
      return Math.floor(rank);
    };
    const rank = rankAmong(negatives);
    hits.push(Number(rank < 10));
    gains.push(gainOf(rank));
    const had = new Set(past);
    const others: number[] = [];
    for (let item = 0; item < items; item++) if (item !== truth && !had.has(item)) others.push(item);
    const fullRank = rankAmong(others);
    fullHits.push(Number(fullRank < 10));
    fullGains.push(gainOf(fullRank));
  }
  return {
    hitRate: estimate(hits),
    ndcg: estimate(gains),
    fullHitRate: estimate(fullHits),
    fullNdcg: estimate(fullGains),
  };
}
