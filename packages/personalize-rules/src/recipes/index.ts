// Recipes: what the developer guide says of each, their parameters, and which settings a solution may give them.
export type { Path, Problem } from '../problem';
export { parameterProblems, withDefaults } from './parameters';
export * from './recipe';
export { AUTO_ML_RECIPE, autoMlCandidates, findRecipe, recipes, recipesThat } from './recipes';
export { retiredRecipes } from './retired';
export { type CampaignConfig, campaignProblems, explorationProblems } from './serving-settings';
export {
  autoTrainingDays,
  type SolutionConfig,
  type SolutionSettings,
  solutionProblems,
  tunableRanges,
} from './solution-settings';
export { columnProblems } from './training-columns';
