// performAutoML: which recipes are tried, and by which metric they are compared.

import { autoMlCandidates as defaults, recipeArn } from '@emotion-gallery/personalize-rules/recipes';
import type { Recipe } from '../model/recipe';
import { invalidInput } from '../protocol/errors';
import type { SolutionConfig } from '../protocol/requests';
import type { Context } from './context';
import { findRecipe } from './recipe-lookup';

type Config = SolutionConfig | undefined;

export const DEFAULT_AUTO_ML_METRIC = 'mean_reciprocal_rank_at_25';

const METRICS = [
  DEFAULT_AUTO_ML_METRIC,
  'coverage',
  ...[5, 10, 25].flatMap((k) => [`normalized_discounted_cumulative_gain_at_${k}`, `precision_at_${k}`]),
];
const COMPARABLE_TYPES = ['USER_PERSONALIZATION', 'POPULAR_ITEMS'];

/** In the order in which they are tried; the first one wins a tie. */
export function autoMlCandidates(context: Context, config: Config): Recipe[] {
  const { recipeList = [] } = config?.autoMLConfig ?? {};
  const arns = recipeList.length > 0 ? recipeList : defaults.map(({ name }) => recipeArn(name));
  return arns.map((arn) => findRecipe(context, arn));
}

/** @throws PersonalizeError InvalidInputException, ResourceNotFoundException for a recipe that does not exist */
export function checkAutoMlConfig(context: Context, config: Config): void {
  const metric = config?.autoMLConfig?.metricName;
  if (metric !== undefined && !METRICS.includes(metric)) {
    throw invalidInput(`autoMLConfig.metricName must be one of ${METRICS.join(', ')}, got '${metric}'.`);
  }
  const other = autoMlCandidates(context, config).find(
    ({ type, domain }) => domain !== undefined || !COMPARABLE_TYPES.includes(type),
  );
  if (other) {
    throw invalidInput(
      `autoMLConfig.recipeList may name recipes of the types ${COMPARABLE_TYPES.join(' and ')}; ${other.name} is none.`,
    );
  }
}
