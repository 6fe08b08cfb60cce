// The HRNN recipes, which Amazon Personalize has retired and older notebooks name. They exist when they are asked for
// (`--retired-recipes`), and are trained as the recipe that AWS names as their successor.
import { customRecipes } from './custom';
import { choice, continuous, historyLength, integer } from './hyper-parameters';
import type { HyperParameterRange, RecipeFacts } from './recipe';

const SUCCESSOR = 'aws-user-personalization';

const hrnn: readonly HyperParameterRange[] = [
  integer('hidden_dimension', '43', 32, 256, true),
  integer('bptt', '32', 2, 32, true),
  choice('recency_mask', 'True', ['True', 'False', 'true', 'false'], true),
];

/** Checked, and without effect: the successor takes the items to explore from itemExplorationConfig. */
const coldStart: readonly HyperParameterRange[] = [
  integer('cold_start_max_interactions', '15', 1, Number.MAX_SAFE_INTEGER, false),
  continuous('cold_start_max_duration', '5.0', 0, Number.MAX_VALUE, false),
  choice('cold_start_relative_from', 'latestItem', ['latestItem', 'currentTime'], false),
];

function retired(name: string, more: readonly HyperParameterRange[] = []): RecipeFacts[] {
  return customRecipes
    .filter((successor) => successor.name === SUCCESSOR)
    .map(({ optimizesObjective, autoMlCandidate, ...successor }) => ({
      ...successor,
      name,
      aliasOf: SUCCESSOR,
      algorithm: name,
      description: `Retired. Trained as ${SUCCESSOR}, by its parameters.`,
      hyperParameters: hrnn,
      featureTransformationParameters: [...historyLength('0.0', '0.99'), ...more],
    }));
}

export const retiredRecipes: readonly RecipeFacts[] = [
  ...retired('aws-hrnn'),
  ...retired('aws-hrnn-metadata'),
  ...retired('aws-hrnn-coldstart', coldStart),
];
