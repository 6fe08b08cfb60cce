// Promotions: a share of the list goes to items that another filter picks, at random places, in their own order.

import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { IdSet } from '../filters';
import type { ScoredItem } from '../model/recipe';
import { invalidInput } from '../protocol/errors';
import type { Promotion } from '../protocol/requests';

const DEFAULT_PERCENT = 100;

export interface ListedItem extends ScoredItem {
  readonly promotionName?: string;
}

export interface PromotionRequest {
  readonly promotions: readonly Promotion[];
  readonly numResults: number;
  readonly seed: number;
  readonly evaluate: (promotion: Promotion) => IdSet | undefined;
  /** The best items among the allowed ones. */
  readonly score: (limit: number, allowed?: (itemId: string) => boolean) => ScoredItem[];
  /** The request's own filter, which does not apply to promoted items. */
  readonly allowed?: (itemId: string) => boolean;
}

/** The list with promoted items in it; fewer matches than the share promise leave room for the others. */
export function withPromotions(request: PromotionRequest): ListedItem[] {
  const { numResults, score, allowed, promotions, seed } = request;
  const [promotion] = promotions;
  if (!promotion) return score(numResults, allowed);
  if (promotion.filterArn === undefined) throw invalidInput('A promotion needs a filterArn.');
  const chosen = request.evaluate(promotion);
  // Rounded down: 30 % of 15 gave 4, as recorded.
  const share = Math.floor((numResults * (promotion.percentPromotedItems ?? DEFAULT_PERCENT)) / 100);
  const promoted: ListedItem[] = score(share, (id) => chosen?.has(id) ?? false).map((item) => ({
    ...item,
    reason: 'Promoted item',
    promotionName: promotion.name,
  }));
  const taken = new Set(promoted.map(({ itemId }) => itemId));
  const others = score(
    numResults - promoted.length,
    (id) => !taken.has(id) && (allowed === undefined || allowed(id)),
  );
  return shuffleIn(promoted, others, seededRandom(seed));
}

/** Both lists in one, each in its own order; which comes next is drawn by how many are left of each. */
function shuffleIn(
  promoted: readonly ListedItem[],
  others: readonly ListedItem[],
  random: () => number,
): ListedItem[] {
  const list: ListedItem[] = [];
  let p = 0;
  let o = 0;
  while (p < promoted.length || o < others.length) {
    const left = promoted.length - p;
    const takePromoted = random() * (left + others.length - o) < left;
    const next = takePromoted ? promoted[p++] : others[o++];
    if (next) list.push(next);
  }
  return list;
}
