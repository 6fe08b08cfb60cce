// All recipes.
import { customRecipes } from './custom';
import { domainRecipes } from './domain';
import type { RecipeFacts } from './recipe';

export const recipes: readonly RecipeFacts[] = [...customRecipes, ...domainRecipes];

/** By name (`aws-sims`), not by ARN. */
export const findRecipe = (name: string): RecipeFacts | undefined =>
  recipes.find((recipe) => recipe.name === name);
