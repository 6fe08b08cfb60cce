// What the engine is meant to reach on two cores, printed beside what it does.
import type { Interactions } from './synthetic';

export interface Goals {
  /** Training, without the offline metrics and with them. */
  readonly seconds?: number;
  readonly megabytes?: number;
  readonly hitRate?: number;
  readonly ndcg?: number;
  readonly fullNdcg?: number;
}

const sets: readonly {
  readonly is: (users: number, items: number, interactions: number) => boolean;
  readonly goals: Goals;
  /** Reached on real ratings alone. */
  readonly quality?: Goals;
}[] = [
  {
    // MovieLens 100k
    is: (users, items, interactions) => users === 943 && items === 1682 && interactions === 100_000,
    goals: { seconds: 2 },
    quality: { hitRate: 0.68, ndcg: 0.44, fullNdcg: 0.13 },
  },
  {
    // MovieLens 1M and what is of its size
    is: (users, items, interactions) =>
      users <= 6100 && items <= 4000 && interactions > 900_000 && interactions <= 1_050_000,
    goals: { seconds: 10, megabytes: 900 },
    quality: { hitRate: 0.79, ndcg: 0.59, fullNdcg: 0.19 },
  },
  {
    is: (users, items, interactions) =>
      users <= 100_000 && items === 10_000 && interactions >= 9_000_000 && interactions <= 10_000_000,
    goals: { seconds: 45, megabytes: 2048 },
  },
];

export const galleryGoals = { seconds: 0.5, withMetadata: 0.9, without: 0.6 } as const;

/** None for a set that nothing was said about. */
export function goalsOf({ name, users, items, user }: Interactions): Goals {
  const found = sets.find(({ is }) => is(users, items, user.length));
  return { ...found?.goals, ...(name === 'synthetic' ? {} : found?.quality) };
}

/** ` (goal ≤ 2: reached)`; empty without a goal. */
export function atMost(value: number, goal: number | undefined, unit: string): string {
  if (goal === undefined) return '';
  return ` (goal ≤ ${goal} ${unit}: ${value <= goal ? 'reached' : 'NOT reached'})`;
}

export function atLeast(value: number, goal: number | undefined): string {
  if (goal === undefined) return '';
  return ` (goal ≥ ${goal}: ${value >= goal ? 'reached' : 'NOT reached'})`;
}
