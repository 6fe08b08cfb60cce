// What is billed by the hour while it is up, used or not. List prices of one region as we know them; others differ.

/** The region whose prices these are. */
export const PRICED_REGION = 'us-east-1';

/** US dollars for 1,000 real-time requests: the v2 recipes, and the first tier of the others. */
const DOLLARS_PER_1000 = { v2: 0.15, other: 0.0556 } as const;

/**
 * US dollars an hour of a campaign or recommender: its minimum of requests a second is billed at least.
 *
 * @param recipe its ARN or name
 */
export function pricePerHour(recipe: string | undefined, minimumPerSecond = 1): number {
  return (minimumPerSecond * 3600 * DOLLARS_PER_1000[recipe?.endsWith('-v2') ? 'v2' : 'other']) / 1000;
}
