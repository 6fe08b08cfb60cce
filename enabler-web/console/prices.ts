// What campaigns cost while they are up. List prices of us-east-1 as we know them; the page says so and links to the price page.

import type { Campaign, ServedByFile } from '../api/types';

/** US dollars for 1,000 real-time requests: the v2 recipes, and the first tier of the others. */
const DOLLARS_PER_1000 = { v2: 0.15, other: 0.0556 } as const;

/** The models of the gallery whose recipe is a v2 one. */
const V2_MODELS: ReadonlySet<Campaign['model']> = new Set(['personal', 'ranking']);

/** What is billed by the hour in which it is up. */
type Served = Pick<Campaign, 'minProvisionedTps'> & (Pick<Campaign, 'model'> | Pick<ServedByFile, 'recipe'>);

const isV2 = (served: Served): boolean =>
  'model' in served ? V2_MODELS.has(served.model) : served.recipe.endsWith('-v2');

/**
 * US dollars an hour that a campaign is billed at least: its minimum of transactions a second, used or not. Amazon
 * Personalize bills the greater of that and the actual use, from when the campaign is active.
 */
export function dollarsPerHour(served: Served): number {
  return (served.minProvisionedTps * 3600 * DOLLARS_PER_1000[isV2(served) ? 'v2' : 'other']) / 1000;
}

/** Whether a campaign is billed in this state. */
export function isBilled({ status }: Pick<Campaign, 'status'>): boolean {
  return status === 'ACTIVE';
}
