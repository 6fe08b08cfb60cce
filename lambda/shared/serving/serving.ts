// What the serving functions share: the gallery's pictures, the visitor's likes, and how an answer is put together.
import type { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import type { RecommendationsResponse, Source } from '../contract/schemas';
import type { Catalogue, Picture } from '../gallery/catalogue';
import { imageOf } from '../gallery/image';
import type { LikedItems } from '../gallery/liked';
import type { Ask } from './ask';
import type { RecentLikes } from './popular';

export interface ServingOptions {
  readonly personalize: Pick<PersonalizeRuntimeClient, 'send'>;
  readonly campaignArn: string;
  readonly ask: Ask;
  readonly catalogue: Catalogue;
  readonly recentLikes: RecentLikes;
  readonly likedItems: LikedItems;
}

/** More is asked for than shown, because pictures may have left the gallery since the training. */
export const SPARE = 20;

export interface ModelAnswer {
  readonly itemIds: readonly string[];
  readonly recommendationId?: string;
}

/** The model's pictures that are in the gallery, in its order. */
export function known(pictures: readonly Picture[], itemIds: readonly string[]): Picture[] {
  const byId = new Map(pictures.map((picture) => [picture.itemId, picture]));
  return itemIds.flatMap((itemId) => byId.get(itemId) ?? []);
}

export function respond(
  pictures: readonly Picture[],
  liked: ReadonlySet<string>,
  source: Source,
  recommendationId?: string,
): RecommendationsResponse {
  const images = pictures.map((picture) => imageOf(picture, liked.has(picture.itemId)));
  return { ...(recommendationId && { recommendationId }), source, images };
}
