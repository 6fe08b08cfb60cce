// What campaigns cost while they are up. List prices of us-east-1 as we know them; the page says so and links to the price page.

import type { Campaign } from '../api/types';

/** US dollars for 1,000 real-time requests: the v2 recipes, and the first tier of the others. */
const DOLLARS_PER_1000 = { v2: 0.15, other: 0.0556 } as const;

/** The models of the gallery whose recipe is a v2 one. */
const V2_MODELS: ReadonlySet<Campaign['model']> = new Set(['personal', 'ranking']);

/**
 * US dollars an hour that a campaign is billed at least: its minimum of transactions a second, used or not. Amazon
 * Personalize bills the greater of that and the actual use, from when the campaign is active.
 */
export function dollarsPerHour({ model, minProvisionedTps }: Campaign): number {
  const price = V2_MODELS.has(model) ? DOLLARS_PER_1000.v2 : DOLLARS_PER_1000.other;
  return (minProvisionedTps * 3600 * price) / 1000;
}

/** Whether a campaign is billed in this state. */
export function isBilled({ status }: Campaign): boolean {
  return status === 'ACTIVE';
}
