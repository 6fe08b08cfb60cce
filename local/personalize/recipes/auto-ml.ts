// performAutoML: the recipe whose model ranks what the test users really chose highest.

import type { DataSnapshot } from './recipe';
import { trainInWorker } from './training/train-in-worker';

/** Recipes that give a user items; the first one wins a tie. */
const candidates = ['aws-user-personalization', 'aws-popularity-count'] as const;

/** Trains each candidate and compares mean_reciprocal_rank_at_25. Rejects as Recipe.train does. */
export async function chooseRecipe(data: DataSnapshot, seed: number, signal?: AbortSignal): Promise<string> {
  let best: { readonly name: string; readonly rank: number } = { name: candidates[0], rank: -1 };
  for (const name of candidates) {
    const options = { hyperParameters: {}, seed, withMetrics: true, signal };
    const { metrics } = await trainInWorker(name, data, options);
    const rank = metrics.mean_reciprocal_rank_at_25 ?? 0;
    if (rank > best.rank) best = { name, rank };
  }
  return best.name;
}
