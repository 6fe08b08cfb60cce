// Documented hyperparameters that several recipes share, with their defaults and ranges.
import type { Exploration, HyperParameterRange } from './recipe';

export const integer = (
  name: string,
  fallback: string,
  min: number,
  max: number,
  tunable: boolean,
): HyperParameterRange => ({ name, type: 'integer', default: fallback, min, max, tunable });

export const continuous = (
  name: string,
  fallback: string,
  min: number,
  max: number,
  tunable: boolean,
): HyperParameterRange => ({ name, type: 'continuous', default: fallback, min, max, tunable });

export const choice = (
  name: string,
  fallback: string,
  values: readonly string[],
  tunable: boolean,
): HyperParameterRange => ({ name, type: 'categorical', default: fallback, values, tunable });

/** Of the second generation's two recipes. */
export const recencyBias = choice('apply_recency_bias', 'true', ['true', 'false'], false);

/** Of the first generation's two recipes. */
export const recurrent: readonly HyperParameterRange[] = [
  integer('hidden_dimension', '149', 32, 256, true),
  integer('bptt', '32', 2, 32, true),
  choice('recency_mask', 'True', ['True', 'False', 'true', 'false'], true),
];

/** Users whose history is shorter or longer than these percentiles are not trained on. */
export const historyLength = (least: string, most: string): readonly HyperParameterRange[] => [
  continuous('min_user_history_length_percentile', least, 0, 1, false),
  continuous('max_user_history_length_percentile', most, 0, 1, false),
];

/** The documented defaults of itemExplorationConfig. */
export const configurableExploration: Exploration = { weight: 0.3, itemAgeCutOffDays: 30 };
