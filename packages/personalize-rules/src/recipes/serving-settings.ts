// What campaigns, recommenders and batch jobs may be given. Exploration is configured by numbers that are strings.
import type { Problem } from '../problem';
import type { RecipeFacts } from './recipe';
import { recipesThat } from './recipes';

/** `member` is where the config was given: `campaignConfig`, `recommenderConfig` or `batchInferenceJobConfig`. */
export function explorationProblems(
  member: string,
  config: Readonly<Record<string, string | undefined>> = {},
): Problem[] {
  const limits = [
    ['explorationWeight', 0, 1],
    ['explorationItemAgeCutOff', 1, undefined],
  ] as const;
  return limits.flatMap(([name, min, max]) => {
    const text = config[name];
    const value = Number(text);
    if (text === undefined) return [];
    if (text.trim() !== '' && value >= min && value <= (max ?? Number.MAX_VALUE)) return [];
    const range = max === undefined ? `${min} or more` : `from ${min} to ${max}`;
    return [
      {
        path: [member, 'itemExplorationConfig', name],
        message: `${member}.itemExplorationConfig.${name} must be ${range}, got '${text}'.`,
      },
    ];
  });
}

export interface CampaignConfig {
  readonly itemExplorationConfig?: Readonly<Record<string, string | undefined>>;
  readonly rankingInfluence?: object;
}

/** What the recipe does not take of CreateCampaign's campaignConfig. */
export function campaignProblems(
  recipe: RecipeFacts,
  { itemExplorationConfig, rankingInfluence }: CampaignConfig = {},
): Problem[] {
  const problems = explorationProblems('campaignConfig', itemExplorationConfig);
  if (rankingInfluence && !recipe.influencesRanking) {
    problems.push({
      path: ['campaignConfig', 'rankingInfluence'],
      message: `rankingInfluence is only for ${recipesThat('influencesRanking')}.`,
    });
  }
  return problems;
}
