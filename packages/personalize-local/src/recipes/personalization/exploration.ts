// Exploration: some places of a list go to young items that might be better than is known of them
// (https://docs.aws.amazon.com/personalize/latest/dg/native-recipe-new-item-USER_PERSONALIZATION.html). Which ones: Thompson
// sampling (Thompson 1933; Chapelle and Li 2011, "An empirical evaluation of Thompson sampling") on the rate at which people
// like an item, so that an item is explored as often as it may well be the best one.
import { shuffle } from '@emotion-gallery/local-kit/random';
import type { AffinityModel } from './affinity-model';

const secondsPerDay = 86_400;
/** What is assumed of an item before anybody met it weighs as much as so many people. */
const priorPeople = 5;
/** Of more young items so many, at random, are drawn for. */
const mostDraws = 300;

/**
 * Items young enough to be explored. `now` is the latest interaction of all items, from which age is counted
 * (https://docs.aws.amazon.com/personalize/latest/dg/hrnn-new-item-exploration.html). Epoch seconds.
 */
export function explorable(model: AffinityModel, now: number, itemAgeCutOffDays: number): number[] {
  const oldest = now - itemAgeCutOffDays * secondsPerDay;
  const found: number[] = [];
  for (let j = 0; j < model.size; j++) if (model.createdAt(j) >= oldest) found.push(j);
  return found;
}

/** People who like an item, of those who could. */
export interface Liking {
  readonly likes: number;
  readonly people: number;
}

/**
 * Candidates, most promising first: by the logarithm of a like rate drawn from its Beta posterior, plus what the logit says of
 * this person beyond popularity. `usual` is the like rate of items at large, which the prior has as its mean.
 */
export function thompsonOrder(
  candidates: readonly number[],
  likingOf: (item: number) => Liking,
  usual: number,
  logits: Float32Array,
  random: () => number,
): number[] {
  const drawn =
    candidates.length > mostDraws ? shuffle([...candidates], random).slice(0, mostDraws) : candidates;
  const personal = beyondPopularity(logits, likingOf);
  return drawn
    .map((item) => {
      const { likes, people } = likingOf(item);
      const rate = logBeta(
        priorPeople * usual + likes,
        priorPeople * (1 - usual) + Math.max(0, people - likes),
        random,
      );
      return { item, key: rate + personal(item) };
    })
    .sort((a, b) => b.key - a.key || a.item - b.item)
    .map(({ item }) => item);
}

/** A logit less what a straight line over log(1 + likes) gives: popularity counts once, by the rate that is drawn. */
function beyondPopularity(
  logits: Float32Array,
  likingOf: (item: number) => Liking,
): (item: number) => number {
  const place = (item: number) => Math.log1p(likingOf(item).likes);
  let [sumX, sumY, sumXX, sumXY] = [0, 0, 0, 0];
  for (let j = 0; j < logits.length; j++) {
    const x = place(j);
    sumX += x;
    sumY += logits[j]!;
    sumXX += x * x;
    sumXY += x * logits[j]!;
  }
  const spread = sumXX - (sumX * sumX) / logits.length;
  const slope = spread > 1e-9 ? (sumXY - (sumX * sumY) / logits.length) / spread : 0;
  return (item) => logits[item]! - slope * place(item);
}

/** The logarithm of a draw from Beta(a, b), which may be too small for a number itself. */
export function logBeta(a: number, b: number, random: () => number): number {
  const [one, other] = [logGamma(a, random), logGamma(b, random)];
  const larger = Math.max(one, other);
  return one - larger - Math.log(Math.exp(one - larger) + Math.exp(other - larger));
}

/** The logarithm of a draw from Gamma(shape, 1): Marsaglia and Tsang 2000, "A simple method for generating gamma variables". */
function logGamma(shape: number, random: () => number): number {
  const uniform = () => random() || Number.MIN_VALUE;
  if (shape < 1) return logGamma(shape + 1, random) + Math.log(uniform()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * normal) ** 3;
    if (v <= 0) continue;
    if (Math.log(uniform()) < (normal * normal) / 2 + d - d * v + d * Math.log(v)) return Math.log(d * v);
  }
}

/**
 * `list` (best first) with explored items put in: each place is one with probability `weight`, in the order of `candidates`,
 * of which none is in the list anyway. An explored item takes the logit of the item whose place it took, so that scores still
 * descend.
 */
export function explore(
  list: readonly number[],
  candidates: readonly number[],
  logits: Float32Array,
  weight: number,
  random: () => number,
): { items: number[]; explored: ReadonlySet<number> } {
  const items: number[] = [];
  const explored = new Set<number>();
  for (let place = 0; place < list.length; place++) {
    const next = list[place - explored.size]!;
    const candidate = random() < weight ? candidates[explored.size] : undefined;
    if (candidate !== undefined) {
      logits[candidate] = logits[next]!;
      explored.add(candidate);
    }
    items.push(candidate ?? next);
  }
  return { items, explored };
}
