// What the serving functions share: the gallery's pictures, the visitor's likes, and how an answer is put together.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { pictureUrl } from '../contract/emotions';
import type { Image, RecommendationsResponse, Source } from '../contract/schemas';
import type { Catalogue, Picture } from '../gallery/catalogue';
import type { Ask } from './ask';
import type { RecentLikes } from './popular';

export interface ServingOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly personalize: Pick<PersonalizeRuntimeClient, 'send'>;
  readonly campaignArn: string;
  readonly ask: Ask;
  readonly catalogue: Catalogue;
  readonly recentLikes: RecentLikes;
  readonly likesTable: string;
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
  const images = pictures.map(
    ({ itemId, emotion }): Image => ({
      itemId,
      url: pictureUrl(itemId),
      emotion,
      liked: liked.has(itemId),
    }),
  );
  return { ...(recommendationId && { recommendationId }), source, images };
}
