// All recipes that the local Amazon Personalize knows.
import { defineRecipe } from './define';
import { customRecipes } from './facts/custom';
import type { Recipe } from './recipe';

export const recipes: readonly Recipe[] = customRecipes.map(defineRecipe);

/** By name (`aws-sims`), not by ARN. */
export function findRecipe(name: string): Recipe | undefined {
  return recipes.find((recipe) => recipe.name === name);
}
