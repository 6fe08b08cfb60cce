// The given pictures in the order that suits a visitor best; without a model, the most liked first.
import { GetPersonalizedRankingCommand } from '@aws-sdk/client-personalize-runtime';
import type { RankingRequest, RecommendationsResponse } from '../shared/contract/schemas';
import { HttpProblem } from '../shared/http/problem';
import { withoutModel } from '../shared/serving/popular';
import { known, type ModelAnswer, respond, type ServingOptions } from '../shared/serving/serving';

/** @throws HttpProblem 422 when a picture is not in the gallery */
export async function rank(
  options: ServingOptions,
  visitorId: string,
  { itemIds }: RankingRequest,
): Promise<RecommendationsResponse> {
  const [all, { liked }] = await Promise.all([options.catalogue(), options.likedItems(visitorId)]);
  const pictures = known(all, itemIds);
  if (pictures.length < itemIds.length) throw unknownItems(itemIds, new Set(all.map(({ itemId }) => itemId)));
  const answer = await options.ask(() => askCampaign(options, visitorId, itemIds));
  const ranked = answer ? known(pictures, answer.itemIds) : [];
  // A ranking that lost pictures is none.
  if (ranked.length === pictures.length) {
    return respond(ranked, liked, 'personalize', answer?.recommendationId);
  }
  const ordered = withoutModel(pictures, await options.recentLikes());
  return respond(ordered.pictures, liked, ordered.source);
}

function unknownItems(itemIds: readonly string[], known: ReadonlySet<string>): HttpProblem {
  const errors = itemIds.flatMap((itemId, index) =>
    known.has(itemId) ? [] : [{ field: `itemIds[${index}]`, message: 'is not an item of this gallery' }],
  );
  return new HttpProblem(422, `Unknown items: ${errors.map(({ field }) => field).join(', ')}.`, errors);
}

async function askCampaign(
  { personalize, campaignArn }: ServingOptions,
  userId: string,
  itemIds: readonly string[],
): Promise<ModelAnswer> {
  const { personalizedRanking = [], recommendationId } = await personalize.send(
    new GetPersonalizedRankingCommand({ campaignArn, userId, inputList: [...itemIds] }),
  );
  return { itemIds: personalizedRanking.flatMap(({ itemId }) => itemId ?? []), recommendationId };
}
