// Pictures for a visitor: of the mood that they ask for, without those that they like already. Always an answer.
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import type { Emotion } from '../shared/contract/emotions';
import { LIMITS, type RecommendationsQuery, type RecommendationsResponse } from '../shared/contract/schemas';
import type { Likes } from '../shared/gallery/liked';
import { withoutModel } from '../shared/serving/popular';
import { known, type ModelAnswer, respond, type ServingOptions, SPARE } from '../shared/serving/serving';

export interface RecommendOptions extends ServingOptions {
  /** Filters that leave out what left the gallery; those by emotion keep only the emotions of the request. */
  readonly filters: {
    readonly inGallery: string;
    readonly byEmotion: string;
    /** They leave out, besides, what the visitor ever liked. */
    readonly notLiked: string;
    readonly byEmotionNotLiked: string;
  };
}

/** The most that Amazon Personalize recommends at a time. */
const MOST_RESULTS = 500;

export async function recommend(
  options: RecommendOptions,
  visitorId: string,
  { emotion, limit }: RecommendationsQuery,
): Promise<RecommendationsResponse> {
  const count = limit ? Number(limit) : LIMITS.defaultImages;
  const [pictures, likes] = await Promise.all([options.catalogue(emotion), options.likedItems(visitorId)]);
  const { liked } = likes;
  const answer = await options.ask(() => askCampaign(options, { visitorId, emotion, count, likes }));
  // The service's filters learn of a like some seconds later; the table knows it at once.
  const unliked = pictures.filter(({ itemId }) => !liked.has(itemId));
  const recommended = answer ? known(unliked, answer.itemIds) : [];
  if (recommended.length > 0) {
    return respond(recommended.slice(0, count), liked, 'personalize', answer?.recommendationId);
  }
  const ordered = withoutModel(unliked, await options.recentLikes());
  return respond(ordered.pictures.slice(0, count), liked, ordered.source);
}

interface Wish {
  readonly visitorId: string;
  readonly emotion?: Emotion;
  readonly count: number;
  readonly likes: Likes;
}

async function askCampaign(
  { personalize, campaignArn, filters }: RecommendOptions,
  { visitorId, emotion, count, likes }: Wish,
): Promise<ModelAnswer> {
  // A filter knows that something was liked, and not that the like was taken back: then what is liked is left out here.
  const ourselves = likes.takenBack.size > 0;
  const numResults = Math.min(MOST_RESULTS, count + SPARE + (ourselves ? likes.liked.size : 0));
  const filter = emotion
    ? {
        filterArn: ourselves ? filters.byEmotion : filters.byEmotionNotLiked,
        // Quoted inside the text: https://docs.aws.amazon.com/personalize/latest/dg/filter-real-time.html
        filterValues: { EMOTIONS: `"${emotion}"` },
      }
    : { filterArn: ourselves ? filters.inGallery : filters.notLiked };
  const { itemList = [], recommendationId } = await personalize.send(
    new GetRecommendationsCommand({ campaignArn, userId: visitorId, numResults, ...filter }),
  );
  return { itemIds: itemList.flatMap(({ itemId }) => itemId ?? []), recommendationId };
}
