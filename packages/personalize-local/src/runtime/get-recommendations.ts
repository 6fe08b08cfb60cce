// GetRecommendations.

import { hashString } from '@emotion-gallery/local-kit/random';
import type { ScoredItem } from '../model/recipe';
import { invalidInput } from '../protocol/errors';
import type { GetRecommendationsRequest } from '../protocol/requests';
import type { Context } from '../resources/context';
import { newRecommendationId } from '../resources/recommendation-ids';
import { withPromotions } from './promotions';
import {
  evaluateFilter,
  historyOf,
  measured,
  metadataColumnsOf,
  metadataOf,
  roundedScore,
  type Serving,
  servingCampaign,
  servingRecommender,
} from './serving';

const DEFAULT_RESULTS = 25;
const MOST_RESULTS = 500;
const MOST_RESULTS_WITH_METADATA = 50;
const ANSWERED_TYPES = ['USER_PERSONALIZATION', 'POPULAR_ITEMS', 'RELATED_ITEMS'];

type Request = GetRecommendationsRequest;

/** The items that the use case leaves out for this user. */
function doneItems({ recipe, data }: Serving, userId: string | undefined): ReadonlySet<string> | undefined {
  const done = recipe.leavesOutEventType?.toLowerCase();
  if (done === undefined || userId === undefined) return undefined;
  const { events } = data.userHistory(userId);
  return new Set(
    events.filter(({ eventType }) => eventType?.toLowerCase() === done).map(({ itemId }) => itemId),
  );
}

function checkSubject({ recipe }: Serving, request: Request): void {
  if (!ANSWERED_TYPES.includes(recipe.type)) {
    const other =
      recipe.type === 'PERSONALIZED_ACTIONS' ? 'GetActionRecommendations' : 'GetPersonalizedRanking';
    throw invalidInput(`${recipe.name} does not answer GetRecommendations; use ${other}.`);
  }
  const missing = recipe.asksFor.find((member) => !request[member]);
  if (missing) throw invalidInput(`${missing} is required for ${recipe.name}.`);
}

async function recommend(context: Context, serving: Serving, request: Request): Promise<object> {
  checkSubject(serving, request);
  const { userId, itemId, numResults = DEFAULT_RESULTS, metadataColumns } = request;
  const columns = metadataColumnsOf(serving, metadataColumns);
  const most = columns ? MOST_RESULTS_WITH_METADATA : MOST_RESULTS;
  if (numResults > most) throw invalidInput(`numResults may be up to ${most}, got ${numResults}.`);
  const recommendationId = newRecommendationId(serving.arn);
  const filtered = evaluateFilter(context, serving, request, { userId, itemId });
  const done = doneItems(serving, userId);
  const isAllowed = (id: string) => !done?.has(id) && (filtered === undefined || filtered.has(id));
  const score = (limit: number, allowed?: (id: string) => boolean): ScoredItem[] =>
    serving.model.recommend({
      user: userId === undefined ? undefined : historyOf(serving, userId),
      itemId,
      context: definedValues(request.context),
      allowed,
      limit,
      exploration: serving.exploration,
      rankingInfluence: serving.rankingInfluence,
      now: serving.data.latestInteraction(),
      seed: hashString(recommendationId),
    });
  const items = withPromotions({
    promotions: request.promotions ?? [],
    numResults,
    seed: hashString(recommendationId),
    evaluate: (promotion) => evaluateFilter(context, serving, promotion, { userId, itemId }),
    score,
    allowed: filtered || done ? isAllowed : undefined,
  });
  context.recommendationSources.remember(recommendationId, serving.arn);
  return {
    itemList: items.map(({ itemId: id, score: value, reason, promotionName }) => ({
      itemId: id,
      score: serving.recipe.scores && roundedScore(value),
      promotionName,
      reason: reason && [reason],
      metadata: metadataOf(serving, id, columns),
    })),
    recommendationId,
  };
}

function definedValues(context?: Readonly<Record<string, string | undefined>>) {
  if (!context) return undefined;
  const values: Record<string, string> = {};
  for (const [name, value] of Object.entries(context)) if (value !== undefined) values[name] = value;
  return values;
}

export const recommendationOperations = {
  GetRecommendations(request: Request, context: Context): Promise<object> {
    const { campaignArn, recommenderArn } = request;
    const arn = campaignArn ?? recommenderArn;
    if (arn === undefined || (campaignArn !== undefined && recommenderArn !== undefined)) {
      throw invalidInput('Exactly one of campaignArn and recommenderArn is required.');
    }
    // The request count really has no suffix.
    return measured(context, arn, 'GetRecommendations', async () => {
      const serving = campaignArn
        ? await servingCampaign(context, arn)
        : await servingRecommender(context, arn);
      return recommend(context, serving, request);
    });
  },
};
