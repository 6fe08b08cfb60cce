// All recipes.
import { customRecipes } from './custom';
import { domainRecipes } from './domain';
import type { RecipeFacts } from './recipe';

export const recipes: readonly RecipeFacts[] = [...customRecipes, ...domainRecipes];

/** What AutoML tries when the solution names no recipes, in this order. */
export const autoMlCandidates: readonly RecipeFacts[] = recipes.filter(
  ({ autoMlCandidate }) => autoMlCandidate,
);

/** AutoML starts from this one: its settings are those that the candidates share. */
export const AUTO_ML_RECIPE: string = autoMlCandidates[0]?.name ?? '';

type Capability = { [K in keyof RecipeFacts]-?: true extends RecipeFacts[K] ? K : never }[keyof RecipeFacts];

/** `a and b`: those that have a capability, for messages. */
export const recipesThat = (capability: Capability): string =>
  recipes
    .filter((recipe) => recipe[capability])
    .map(({ name }) => name)
    .join(' and ');

/** By name (`aws-sims`), not by ARN. */
export const findRecipe = (name: string): RecipeFacts | undefined =>
  recipes.find((recipe) => recipe.name === name);
