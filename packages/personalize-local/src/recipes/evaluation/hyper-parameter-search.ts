// performHPO: the given hyperparameters against random ones within the recipe's ranges; the best by some merit wins.

import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { HyperParameterRange } from '@emotion-gallery/personalize-rules/recipes';
import type { TrainingOptions } from '../../model/recipe';

type HyperParameters = Readonly<Record<string, string>>;

/** A search costs as many trainings; more of them do not find more. */
const mostJobs = 8;

function draw({ type, min = 0, max = 1, values }: HyperParameterRange, random: () => number): string {
  if (type === 'categorical') {
    // `True` and `true` are one choice.
    const choices = [...new Map((values ?? []).map((value) => [value.toLowerCase(), value])).values()];
    return choices[Math.floor(random() * choices.length)]!;
  }
  if (type === 'integer') return String(min + Math.floor(random() * (max - min + 1)));
  return (min + random() * (max - min)).toFixed(4);
}

/**
 * What `evaluate` finds for the best hyperparameters; the given ones win a tie. `tuned` is absent without performHPO.
 * The same seed draws the same candidates.
 */
export function searchBest<T extends { readonly merit: number }>(
  given: HyperParameters,
  { performHpo, seed }: Pick<TrainingOptions, 'performHpo' | 'seed'>,
  evaluate: (candidate: HyperParameters) => T,
): { readonly found: T; readonly tuned?: HyperParameters } {
  let found = evaluate(given);
  if (!performHpo) return { found };
  let tuned = given;
  const random = seededRandom(seed);
  for (let job = 1; job < Math.min(mostJobs, performHpo.maxTrainingJobs); job++) {
    const drawn = performHpo.ranges.map((range) => [range.name, draw(range, random)] as const);
    const candidate = { ...given, ...Object.fromEntries(drawn) };
    const result = evaluate(candidate);
    if (result.merit > found.merit) [found, tuned] = [result, candidate];
  }
  return { found, tuned };
}
