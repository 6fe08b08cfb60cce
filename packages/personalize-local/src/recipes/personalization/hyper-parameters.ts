// What the documented hyperparameters mean to this model, and the search over them (performHPO).
import type { Compute } from '../../engine/compute';
import type { TrainerOptions } from '../../model/trainer';
import { searchBest } from '../evaluation/hyper-parameter-search';
import type { Design } from './design';
import type { FitParameters } from './parameters';
import { type TuneOptions, tune } from './tune';

/** Events on either side of a cut that the sequence model looks at. */
const longestWindow = 10;
/** The default of hidden_dimension: λ as the hold-out found it. */
const neutralDimension = 149;

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
  const { found, tuned } = searchBest(hyperParameters, { performHpo, seed }, (candidate) =>
    tune(compute, design, tuneOptions(candidate, seed)),
  );
  return { parameters: found.parameters, tuned };
}
