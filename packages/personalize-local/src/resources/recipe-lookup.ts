// From recipe ARNs to recipes.
import type { Problem } from '@emotion-gallery/personalize-rules/recipes';
import type { Recipe } from '../model/recipe';
import { serviceOwnedName } from '../protocol/arns';
import { invalidInput, notFound } from '../protocol/errors';
import type { Context } from './context';

/** @throws PersonalizeError ResourceNotFoundException; InvalidInputException without an ARN: AutoML has not chosen yet */
export function findRecipe(context: Context, arn: string | undefined): Recipe {
  if (arn === undefined) throw invalidInput('AutoML has not chosen a recipe yet.');
  const name = serviceOwnedName(arn, 'recipe');
  const recipe = context.recipes.find((known) => known.name === name);
  if (!recipe) throw notFound(`Resource Arn ${arn} does not exist.`);
  return recipe;
}

/** @throws PersonalizeError InvalidInputException with the first problem */
export function refuse([problem]: readonly Problem[]): void {
  if (problem) throw invalidInput(problem.message);
}
