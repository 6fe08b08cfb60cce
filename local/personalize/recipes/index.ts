// All recipes that the local Amazon Personalize knows.
import { defineRecipe } from './define';
import type { Recipe } from './recipe';

export const recipes: readonly Recipe[] = [
  defineRecipe({
    name: 'aws-popularity-count',
    type: 'POPULAR_ITEMS',
    description: 'Recommends the items that the most users interacted with.',
    algorithm: 'aws-popularity-count',
    featureTransformation: 'sims',
    hyperParameters: [],
    featureTransformationParameters: [],
    realTime: false,
    autoUpdate: false,
    updatable: false,
    batch: true,
  }),
];

/** By name (`aws-sims`), not by ARN. */
export function findRecipe(name: string): Recipe | undefined {
  return recipes.find((recipe) => recipe.name === name);
}
