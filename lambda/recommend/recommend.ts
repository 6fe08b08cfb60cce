// Pictures for a visitor: of the mood that they ask for, without those that they like already. Always an answer.
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import type { Emotion } from '../shared/contract/emotions';
import { LIMITS, type RecommendationsQuery, type RecommendationsResponse } from '../shared/contract/schemas';
import { withoutModel } from '../shared/serving/popular';
import { known, type ModelAnswer, respond, type ServingOptions, SPARE } from '../shared/serving/serving';

export interface RecommendOptions extends ServingOptions {
  /** Leaves out what the visitor liked. */
  readonly notLikedFilterArn: string;
  /** The same, and keeps the emotions of the request. */
  readonly byEmotionNotLikedFilterArn: string;
}

export async function recommend(
  options: RecommendOptions,
  visitorId: string,
  { emotion, limit }: RecommendationsQuery,
): Promise<RecommendationsResponse> {
  const count = limit ? Number(limit) : LIMITS.defaultImages;
  const [pictures, liked, answer] = await Promise.all([
    options.catalogue(emotion),
    options.likedItems(visitorId),
    options.ask(() => askCampaign(options, visitorId, emotion, count + SPARE)),
  ]);
  // The service's filters learn of a like some seconds later; the table knows it at once.
  const unliked = pictures.filter(({ itemId }) => !liked.has(itemId));
  const recommended = answer ? known(unliked, answer.itemIds) : [];
  if (recommended.length > 0) {
    return respond(recommended.slice(0, count), liked, 'personalize', answer?.recommendationId);
  }
  const ordered = withoutModel(unliked, await options.recentLikes());
  return respond(ordered.pictures.slice(0, count), liked, ordered.source);
}

async function askCampaign(
  { personalize, campaignArn, notLikedFilterArn, byEmotionNotLikedFilterArn }: RecommendOptions,
  userId: string,
  emotion: Emotion | undefined,
  numResults: number,
): Promise<ModelAnswer> {
  const filter = emotion
    ? // Filter values are quoted inside the text: https://docs.aws.amazon.com/personalize/latest/dg/filter-real-time.html
      { filterArn: byEmotionNotLikedFilterArn, filterValues: { EMOTIONS: `"${emotion}"` } }
    : { filterArn: notLikedFilterArn };
  const { itemList = [], recommendationId } = await personalize.send(
    new GetRecommendationsCommand({ campaignArn, userId, numResults, ...filter }),
  );
  return { itemIds: itemList.flatMap(({ itemId }) => itemId ?? []), recommendationId };
}
