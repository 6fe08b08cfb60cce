// Hyperparameters and feature-transformation parameters: all are strings, each has a range.
import type { Path, Problem } from '../problem';
import type { HyperParameterRange, RecipeFacts } from './recipe';

type Given = Readonly<Record<string, string | undefined>>;

/** The values to train with: the recipe's defaults, overruled by `given`. */
export function withDefaults(
  ranges: readonly HyperParameterRange[],
  given: Given = {},
): Record<string, string> {
  const values = Object.fromEntries(ranges.map((range) => [range.name, range.default]));
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) values[name] = value;
  }
  return values;
}

/** What is wrong with `given`, whose ranges are the recipe's; it stands at `path`. */
export function parameterProblems(
  recipe: Pick<RecipeFacts, 'name'>,
  ranges: readonly HyperParameterRange[],
  given: Given = {},
  path: Path = [],
): Problem[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const range = ranges.find((known) => known.name === name);
    if (!range) {
      const known = ranges.map((r) => r.name).join(', ') || 'none';
      const message = `${name} is not a parameter of ${recipe.name}; it has: ${known}.`;
      return [{ path: [...path, name], message }];
    }
    const problem = value === undefined ? undefined : problemWith(value, range);
    return problem
      ? [{ path: [...path, name], message: `Invalid value '${value}' for ${name}: ${problem}.` }]
      : [];
  });
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
