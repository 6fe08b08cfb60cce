// All recipes.
import { customRecipes } from './custom';
import { domainRecipes } from './domain';
import type { RecipeFacts } from './recipe';

export const recipes: readonly RecipeFacts[] = [...customRecipes, ...domainRecipes];

/** AutoML starts from this one: its settings are those that the candidates share. */
export const AUTO_ML_RECIPE = 'aws-user-personalization';

/** By name (`aws-sims`), not by ARN. */
export const findRecipe = (name: string): RecipeFacts | undefined =>
  recipes.find((recipe) => recipe.name === name);
