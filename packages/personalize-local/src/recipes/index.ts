// All recipes that the local Amazon Personalize knows.
import { recipes as recipeFacts, retiredRecipes } from '@emotion-gallery/personalize-rules/recipes';
import type { Recipe } from '../model/recipe';
import { defineRecipe } from './define';
import { workerSource } from './training/worker-source';

export const recipes: readonly Recipe[] = recipeFacts.map(defineRecipe);

/** Those that AWS has retired. */
export const oldRecipes: readonly Recipe[] = retiredRecipes.map(defineRecipe);

/** By name (`aws-sims`), not by ARN. */
export function findRecipe(name: string): Recipe | undefined {
  return recipes.find((recipe) => recipe.name === name);
}

/** Builds the training worker's program ahead, which the first training would otherwise wait for. */
export async function prepareTraining(): Promise<void> {
  await workerSource();
}
