// GetActionRecommendations.

import { hashString } from '@emotion-gallery/local-kit/random';
import { invalidInput } from '../protocol/errors';
import type { GetActionRecommendationsRequest } from '../protocol/requests';
import type { Context } from '../resources/context';
import { newRecommendationId } from '../resources/recommendation-ids';
import { evaluateFilter, historyOf, roundedScore, servingCampaign } from './serving';

const DEFAULT_RESULTS = 5;
const MOST_RESULTS = 100;

export const actionOperations = {
  async GetActionRecommendations(request: GetActionRecommendationsRequest, context: Context) {
    const { campaignArn, userId, numResults = DEFAULT_RESULTS } = request;
    if (campaignArn === undefined) throw invalidInput('campaignArn is required.');
    if (userId === undefined) throw invalidInput('userId is required.');
    if (numResults > MOST_RESULTS)
      throw invalidInput(`numResults may be up to ${MOST_RESULTS}, got ${numResults}.`);
    const serving = await servingCampaign(context, campaignArn);
    if (serving.recipe.type !== 'PERSONALIZED_ACTIONS') {
      throw invalidInput(
        `${serving.recipe.name} does not answer GetActionRecommendations; it needs a PERSONALIZED_ACTIONS recipe.`,
      );
    }
    const recommendationId = newRecommendationId(serving.arn);
    const filtered = evaluateFilter(context, serving, request, { userId });
    const actions = serving.model.recommend({
      user: historyOf(serving, userId),
      allowed: filtered && ((id) => filtered.has(id)),
      limit: numResults,
      exploration: serving.exploration,
      now: serving.data.latestInteraction(),
      seed: hashString(recommendationId),
    });
    context.recommendationSources.remember(recommendationId, serving.arn);
    return {
      actionList: actions.map(({ itemId, score }) => ({ actionId: itemId, score: roundedScore(score) })),
      recommendationId,
    };
  },
};
