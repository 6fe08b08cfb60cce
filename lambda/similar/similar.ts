// Pictures similar to one: what people liked who liked it. Without a model, others of its emotion.
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { LIMITS, type RecommendationsResponse, type SimilarQuery } from '../shared/contract/schemas';
import { fresh } from '../shared/fresh';
import { HttpProblem } from '../shared/http/problem';
import { withoutModel } from '../shared/serving/popular';
import { known, type ModelAnswer, respond, type ServingOptions, SPARE } from '../shared/serving/serving';

export interface SimilarOptions extends ServingOptions {
  /** Leaves out what left the gallery. */
  readonly inGalleryFilterArn: string;
}

export type SimilarItems = (itemId: string) => Promise<ModelAnswer | undefined>;

/** The answer is the same for all visitors and changes with a training only. Milliseconds. */
const FRESH_MS = 30_000;
const REMEMBERED_ITEMS = 1000;

/** Asks the campaign once in a while for each item. */
export function similarItems(options: SimilarOptions, now: () => number): SimilarItems {
  const remembered = new Map<string, () => Promise<ModelAnswer>>();
  return (itemId) => {
    if (remembered.size >= REMEMBERED_ITEMS) remembered.clear();
    const read = remembered.get(itemId) ?? fresh(FRESH_MS, now, () => askCampaign(options, itemId));
    remembered.set(itemId, read);
    return options.ask(read);
  };
}

async function askCampaign(
  { personalize, campaignArn, inGalleryFilterArn: filterArn }: SimilarOptions,
  itemId: string,
): Promise<ModelAnswer> {
  const numResults = LIMITS.images + SPARE;
  const { itemList = [], recommendationId } = await personalize.send(
    new GetRecommendationsCommand({ campaignArn, itemId, numResults, filterArn }),
  );
  return { itemIds: itemList.flatMap(({ itemId: similar }) => similar ?? []), recommendationId };
}

/** @throws HttpProblem 404 when the picture is not in the gallery */
export async function listSimilar(
  options: ServingOptions & { readonly similarItems: SimilarItems },
  visitorId: string,
  itemId: string,
  { limit }: SimilarQuery,
): Promise<RecommendationsResponse> {
  const count = limit ? Number(limit) : LIMITS.defaultImages;
  const [pictures, { liked }] = await Promise.all([options.catalogue(), options.likedItems(visitorId)]);
  const shown = pictures.find((picture) => picture.itemId === itemId);
  if (!shown) {
    const message = 'is not an item of this gallery';
    throw new HttpProblem(404, `The picture ${message}.`, [{ field: 'itemId', message }]);
  }
  const others = pictures.filter((picture) => picture !== shown);
  const answer = await options.similarItems(itemId);
  const similar = answer ? known(others, answer.itemIds) : [];
  if (similar.length > 0) {
    return respond(similar.slice(0, count), liked, 'personalize', answer?.recommendationId);
  }
  const sameMood = others.filter(({ emotion }) => emotion === shown.emotion);
  const ordered = withoutModel(sameMood, await options.recentLikes());
  return respond(ordered.pictures.slice(0, count), liked, ordered.source);
}
