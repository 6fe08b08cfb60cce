// From recipe ARNs to recipes.
import { invalidInput, notFound } from '../protocol/errors';
import type { HyperParameterRange, Recipe } from '../recipes/recipe';
import { serviceOwnedName } from './arns';
import type { Context } from './context';

/** @throws PersonalizeError ResourceNotFoundException; InvalidInputException without an ARN: AutoML has not chosen yet */
export function findRecipe(context: Context, arn: string | undefined): Recipe {
  if (arn === undefined) throw invalidInput('AutoML has not chosen a recipe yet.');
  const name = serviceOwnedName(arn, 'recipe');
  const recipe = context.recipes.find((known) => known.name === name);
  if (!recipe) throw notFound(`Resource Arn ${arn} does not exist.`);
  return recipe;
}

/** The values to train with: the recipe's defaults, overruled by `given`. */
export function withDefaults(
  ranges: readonly HyperParameterRange[],
  given: Readonly<Record<string, string | undefined>> = {},
): Record<string, string> {
  const values = Object.fromEntries(ranges.map((range) => [range.name, range.default]));
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** @throws PersonalizeError InvalidInputException naming the first parameter that the recipe does not take. */
export function checkParameters(
  recipe: Recipe,
  ranges: readonly HyperParameterRange[],
  given: Readonly<Record<string, string | undefined>> = {},
): void {
  for (const [name, value] of Object.entries(given)) {
    const range = ranges.find((known) => known.name === name);
    if (!range) {
      const known = ranges.map((r) => r.name).join(', ') || 'none';
      throw invalidInput(`${name} is not a parameter of ${recipe.name}; it has: ${known}.`);
    }
    const problem = value === undefined ? undefined : problemWith(value, range);
    if (problem) throw invalidInput(`Invalid value '${value}' for ${name}: ${problem}.`);
  }
}

function problemWith(value: string, { type, min, max, values }: HyperParameterRange): string | undefined {
  if (type === 'categorical') {
    const matches = !values || values.some((known) => known.toLowerCase() === value.toLowerCase());
    return matches ? undefined : `expected one of ${values.join(', ')}`;
  }
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) return 'expected a number';
  if (type === 'integer' && !Number.isInteger(number)) return 'expected an integer';
  if (min !== undefined && number < min) return `expected ${min} or more`;
  if (max !== undefined && number > max) return `expected ${max} or less`;
  return undefined;
}
