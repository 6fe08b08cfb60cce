// What the documented hyperparameters mean to this model, and the search over them (performHPO).
import type { Compute } from '../../engine/compute';
import { seededRandom } from '../../engine/random';
import type { TrainerOptions } from '../training/trainer';
import type { Design } from './design';
import type { FitParameters } from './parameters';
import { type Tuned, type TuneOptions, tune } from './tune';

/** Events on either side of a cut that the sequence model looks at. */
const longestWindow = 10;
/** The default of hidden_dimension: λ as the hold-out found it. */
const neutralDimension = 149;
/** A search costs as many tunings; more of them do not find more. */
const mostJobs = 8;

type HyperParameters = Readonly<Record<string, string>>;

/**
 * `apply_recency_bias` and `recency_mask` switch the sequence model; `bptt` is the length of its window; `hidden_dimension`
 * is the model's capacity, which for a linear model is the inverse of its ridge.
 */
function tuneOptions(given: HyperParameters, seed: number): TuneOptions {
  const recency = (given.apply_recency_bias ?? given.recency_mask ?? 'true').toLowerCase() !== 'false';
  const window = Math.min(longestWindow, Number(given.bptt ?? longestWindow));
  return {
    seed,
    recency,
    window,
    stiffness: neutralDimension / Number(given.hidden_dimension ?? neutralDimension),
  };
}

/** Without HPO: the given hyperparameters. With it: the best of some random ones, the given ones included. */
export function searchHyperParameters(
  compute: Compute,
  design: Design,
  { hyperParameters, performHpo, seed }: TrainerOptions,
): { parameters: FitParameters; tuned?: HyperParameters } {
  const first = tune(compute, design, tuneOptions(hyperParameters, seed));
  if (!performHpo || !('bptt' in hyperParameters)) return { parameters: first.parameters };
  let best: Tuned = first;
  let tuned = hyperParameters;
  const random = seededRandom(seed);
  const whole = (least: number, most: number) => String(least + Math.floor(random() * (most - least + 1)));
  for (let job = 1; job < Math.min(mostJobs, performHpo.maxTrainingJobs); job++) {
    const candidate = {
      ...hyperParameters,
      hidden_dimension: whole(32, 256),
      bptt: whole(2, 32),
      recency_mask: random() < 0.8 ? 'True' : 'False',
    };
    const found = tune(compute, design, tuneOptions(candidate, seed));
    if (found.merit > best.merit) {
      best = found;
      tuned = candidate;
    }
  }
  return { parameters: best.parameters, tuned };
}
