// What the fake API recommends: the moods that a visitor likes most come first, once a model serves.

import { type Emotion, emotionOfItemId } from '../../../lambda/shared/contract/emotions';
import type { RecommendationsResponse, Source } from '../../../lambda/shared/contract/schemas';

export interface FakeItem {
  readonly itemId: string;
  readonly emotion: Emotion;
}

export interface FakeModel {
  /** Where answers come from, and with what id. */
  source: Source;
  readonly recommendationId: string;
}

const likesOf = (liked: ReadonlySet<string>, emotion: Emotion): number =>
  [...liked].filter((itemId) => emotionOfItemId(itemId) === emotion).length;

/** Items in the order for a visitor: without a model, in turn from each mood. */
export function ordered(
  items: readonly FakeItem[],
  liked: ReadonlySet<string>,
  source: Source,
): readonly FakeItem[] {
  const number = ({ itemId }: FakeItem): string => itemId.slice(-6);
  const mixed = [...items].sort((left, right) => number(left).localeCompare(number(right)));
  if (source !== 'personalize') return mixed;
  return mixed.sort((left, right) => likesOf(liked, right.emotion) - likesOf(liked, left.emotion));
}

export function answer(
  items: readonly FakeItem[],
  liked: ReadonlySet<string>,
  { source, recommendationId }: FakeModel,
): RecommendationsResponse {
  return {
    ...(source === 'personalize' && { recommendationId }),
    source,
    images: items.map((item) => ({ ...item, url: `/${item.itemId}`, liked: liked.has(item.itemId) })),
  };
}
