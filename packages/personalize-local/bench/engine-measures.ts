// Leave-one-out: the split and the measures of bench/engine.ts.

import { seededRandom, shuffle } from '@emotion-gallery/local-kit/random';
import { timelines } from '../src/recipes/evaluation/user-split';
import type { Interactions } from './synthetic';

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
  const kept = all.user.map((_, row) => row).filter((row) => hidden[row] === 0);
  const training = {
    ...all,
    user: kept.map((row) => all.user[row]!),
    item: kept.map((row) => all.item[row]!),
    timestamp: Float64Array.from(kept, (row) => all.timestamp[row]!),
  };
  return { training, cases };
}

/** A mean over people, and its standard error. */
export interface Estimate {
  readonly mean: number;
  readonly error: number;
}

function estimate(values: readonly number[]): Estimate {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares) / values.length };
}

/** Hit rate and NDCG at 10 among the 99, and NDCG at 10 among all items the user did not have. Ties count half. */
export function measure(
  scorer: Scorer,
  cases: readonly LeftOut[],
  items: number,
): { hitRate: Estimate; ndcg: Estimate; fullNdcg: Estimate } {
  const hits: number[] = [];
  const gains: number[] = [];
  const fullGains: number[] = [];
  const gainOf = (rank: number) => (rank < 10 ? 1 / Math.log2(rank + 2) : 0);
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
    fullGains.push(gainOf(rankAmong(others)));
  }
  return { hitRate: estimate(hits), ndcg: estimate(gains), fullNdcg: estimate(fullGains) };
}
