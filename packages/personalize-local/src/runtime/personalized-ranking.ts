// GetPersonalizedRanking.

import { hashString } from '@emotion-gallery/local-kit/random';
import { invalidInput } from '../protocol/errors';
import type { GetPersonalizedRankingRequest } from '../protocol/requests';
import type { Context } from '../resources/context';
import { newRecommendationId } from '../resources/recommendation-ids';
import {
  evaluateFilter,
  historyOf,
  measured,
  metadataColumnsOf,
  metadataOf,
  roundedScore,
  servingCampaign,
} from './serving';

const MOST_ITEMS = 500;
const MOST_ITEMS_WITH_METADATA = 50;

type Request = GetPersonalizedRankingRequest;

async function rank(context: Context, request: Request): Promise<object> {
  const { campaignArn, userId, inputList } = request;
  const serving = await servingCampaign(context, campaignArn);
  const { model, recipe } = serving;
  if (!model.rank || recipe.type !== 'PERSONALIZED_RANKING') {
    throw invalidInput(
      `${recipe.name} does not answer GetPersonalizedRanking; it needs a PERSONALIZED_RANKING recipe.`,
    );
  }
  const columns = metadataColumnsOf(serving, request.metadataColumns);
  const most = columns ? MOST_ITEMS_WITH_METADATA : MOST_ITEMS;
  if (inputList.length > most)
    throw invalidInput(`inputList may have up to ${most} items, got ${inputList.length}.`);
  if (inputList.length === 0) throw invalidInput('inputList must not be empty.');
  const recommendationId = newRecommendationId(serving.arn);
  const filtered = evaluateFilter(context, serving, request, { userId });
  const candidates = [...new Set(inputList)].filter((id) => filtered === undefined || filtered.has(id));
  const given = Object.entries(request.context ?? {}).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const ranked = model.rank(
    {
      user: historyOf(serving, userId),
      context: Object.fromEntries(given),
      limit: candidates.length,
      now: serving.data.latestInteraction(),
      seed: hashString(recommendationId),
    },
    candidates,
  );
  context.recommendationSources.remember(recommendationId, serving.arn);
  return {
    personalizedRanking: ranked.map(({ itemId, score, reason }) => ({
      itemId,
      score: roundedScore(score),
      reason: reason && [reason],
      metadata: metadataOf(serving, itemId, columns),
    })),
    recommendationId,
  };
}

export const rankingOperations = {
  GetPersonalizedRanking(request: Request, context: Context): Promise<object> {
    return measured(context, request.campaignArn, 'GetPersonalizedRanking', () => rank(context, request));
  },
};
