// The metrics of recommended lists, by the names that GetSolutionMetrics gives them.
import { ndcgAt, precisionAt, reciprocalRankAt, roundTo4 } from '../../engine/metrics';
import type { DataSnapshot, TrainingOptions } from '../../model/recipe';
import { relativeWeights } from './event-weights';
import type { TestUser } from './user-split';

/** `lists[i]` is what test user i was recommended, best first; values have four decimals. */
export function rankingMetrics(
  lists: ReadonlyArray<readonly string[]>,
  test: readonly TestUser[],
  data: DataSnapshot,
  { eventWeights, objective }: Pick<TrainingOptions, 'eventWeights' | 'objective'>,
): Record<string, number> {
  const sums: Record<string, number> = {};
  const add = (key: string, value: number) => {
    sums[key] = (sums[key] ?? 0) + value;
  };
  const weightOf = eventWeights && relativeWeights(eventWeights);
  const rewards = rewardsOf(data, objective);
  for (const [i, list] of lists.entries()) {
    const { truth } = test[i]!;
    const gains = list.map((itemId) => (truth.has(itemId) ? 1 : 0));
    add('mean_reciprocal_rank_at_25', reciprocalRankAt(gains, 25));
    for (const k of [5, 10, 25]) {
      add(`normalized_discounted_cumulative_gain_at_${k}`, ndcgAt(gains, k));
      add(`precision_at_${k}`, precisionAt(gains, k));
    }
    if (weightOf) {
      const weighted = list.map((itemId) => (truth.has(itemId) ? weightOf(truth.get(itemId)) : 0));
      for (const k of [5, 10, 25]) {
        add(`normalized_discounted_cumulative_gain_with_event_weights_at_${k}`, ndcgAt(weighted, k));
      }
    }
    if (rewards) add('average_rewards_at_k', averageReward(list, rewards));
  }
  const recommended = new Set(lists.flat());
  const metrics: Record<string, number> = { coverage: roundTo4(recommended.size / data.items.ids.length) };
  for (const [key, sum] of Object.entries(sums)) metrics[key] = roundTo4(sum / lists.length);
  return metrics;
}

/**
 * Reward of the list over the reward of as many of the most rewarding items: 1 at best; less than 0 where what is lost
 * outweighs what is won. 0 where there is nothing to win.
 */
function averageReward(list: readonly string[], rewards: ReadonlyMap<string, number>): number {
  const best = [...rewards.values()].sort((a, b) => b - a).slice(0, list.length);
  const total = best.reduce((sum, reward) => sum + reward, 0);
  const got = list.reduce((sum, itemId) => sum + (rewards.get(itemId) ?? 0), 0);
  return total > 0 ? got / total : 0;
}

/** The objective's value by item id, for the metric average_rewards_at_k. */
function rewardsOf(
  data: DataSnapshot,
  objective: TrainingOptions['objective'],
): ReadonlyMap<string, number> | undefined {
  const column = data.items.columns.find(({ name }) => name === objective?.column);
  if (!objective || column?.kind !== 'numeric') return undefined;
  const { values } = column;
  return new Map(data.items.ids.map((id, index) => [id, Number.isNaN(values[index]!) ? 0 : values[index]!]));
}
