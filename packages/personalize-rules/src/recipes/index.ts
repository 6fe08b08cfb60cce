// Recipes: what the developer guide says of each, their parameters, and which settings a solution may give them.
export type { Path, Problem } from '../problem';
export { parameterProblems, withDefaults } from './parameters';
export * from './recipe';
export { findRecipe, recipes } from './recipes';
export {
  autoTrainingDays,
  type SolutionConfig,
  type SolutionSettings,
  solutionProblems,
  tunableRanges,
} from './solution-settings';
export { columnsProblem } from './training-columns';
