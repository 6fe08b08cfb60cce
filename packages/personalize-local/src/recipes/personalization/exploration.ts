// Exploration: some places of a list go to young items that hardly anybody has seen
// (https://docs.aws.amazon.com/personalize/latest/dg/native-recipe-new-item-USER_PERSONALIZATION.html).
import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { AffinityModel } from './affinity-model';

const secondsPerDay = 86_400;

/**
 * Items young enough and chosen by too few people for the model to judge them. `now` is the latest interaction of all items,
 * from which age is counted
 * (https://docs.aws.amazon.com/personalize/latest/dg/hrnn-new-item-exploration.html). Epoch seconds.
 */
export function explorable(model: AffinityModel, now: number, itemAgeCutOffDays: number): Int32Array {
  const oldest = now - itemAgeCutOffDays * secondsPerDay;
  const found: number[] = [];
  for (let j = 0; j < model.size; j++) {
    if (model.createdAt(j) >= oldest && model.usersOf(j) <= model.fewUsers) found.push(j);
  }
  return Int32Array.from(found);
}

/**
 * `list` (best first) with explored items moved in: each place is one with probability `weight`. Which ones come first is
 * drawn in proportion to the softmax of their logits. An explored item takes the logit of the item whose place it took, so
 * that scores still descend.
 */
export function explore(
  list: readonly number[],
  pool: readonly number[],
  logits: Float32Array,
  weight: number,
  seed: number,
): { items: number[]; explored: ReadonlySet<number> } {
  const random = seededRandom(seed);
  const drawn = pool
    .map((item) => ({ item, key: logits[item]! - Math.log(-Math.log(random() || Number.MIN_VALUE)) }))
    .sort((a, b) => b.key - a.key || a.item - b.item);
  const items: number[] = [];
  const explored = new Set<number>();
  const taken = new Set<number>();
  let rank = 0;
  for (let place = 0; place < list.length; place++) {
    while (rank < list.length && taken.has(list[rank]!)) rank++;
    const candidate = random() < weight ? drawn.find(({ item }) => !taken.has(item))?.item : undefined;
    const item = candidate ?? list[rank]!;
    if (candidate !== undefined && candidate !== list[rank]) {
      logits[candidate] = logits[list[rank]!]!;
      explored.add(candidate);
    }
    taken.add(item);
    items.push(item);
  }
  return { items, explored };
}
