// What a training costs on AWS: list prices of us-east-1 as we know them. Check those of your region.

const DOLLARS_PER_HOUR = 0.24;
/** The v2 recipes, for a thousand interactions. */
const DOLLARS_PER_1000 = 0.002;

/**
 * US dollars, as text; hours that were billed on localhost are not those of AWS.
 *
 * @param interactions undefined when it is not known how many there are
 */
export function trainingPrice(recipe: string, interactions: number | undefined): string {
  if (!recipe.endsWith('-v2')) return `${DOLLARS_PER_HOUR} / h`;
  return interactions === undefined
    ? `${DOLLARS_PER_1000} / 1,000`
    : ((interactions / 1000) * DOLLARS_PER_1000).toFixed(2);
}
