// Recipes: what the developer guide says of each, their parameters, and which settings a solution may give them.
export type { Path, Problem } from '../problem';
export { parameterProblems, withDefaults } from './parameters';
export * from './recipe';
export { AUTO_ML_RECIPE, findRecipe, recipes } from './recipes';
export { type CampaignConfig, campaignProblems, explorationProblems } from './serving-settings';
export {
  autoTrainingDays,
  type SolutionConfig,
  type SolutionSettings,
  solutionProblems,
  tunableRanges,
} from './solution-settings';
export { columnProblems } from './training-columns';
