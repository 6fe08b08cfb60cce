// All recipes that the local Amazon Personalize knows.
import { defineRecipe } from './define';
import { customRecipes } from './facts/custom';
import { domainRecipes } from './facts/domain';
import type { Recipe } from './recipe';

export const recipes: readonly Recipe[] = [...customRecipes, ...domainRecipes].map(defineRecipe);

/** By name (`aws-sims`), not by ARN. */
export function findRecipe(name: string): Recipe | undefined {
  return recipes.find((recipe) => recipe.name === name);
}
