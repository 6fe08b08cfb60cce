// All recipes.
import { customRecipes } from './custom';
import { domainRecipes } from './domain';
import type { RecipeFacts } from './recipe';

export const recipes: readonly RecipeFacts[] = [...customRecipes, ...domainRecipes];

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
