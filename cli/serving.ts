// What answers for a dataset group: the gallery's campaigns by their names, those of other groups by what their recipes do.
import {
  DescribeEventTrackerCommand,
  type PersonalizeClient,
  paginateListCampaigns,
  paginateListEventTrackers,
  paginateListRecommenders,
  paginateListSolutions,
} from '@aws-sdk/client-personalize';
import { findRecipe, type RecipeType, recipeName } from '@emotion-gallery/personalize-rules/recipes';
import { type Option, UserError, type Values } from './command';
import type { Target } from './target';

export const campaignOption: Option = {
  type: 'string',
  value: 'C',
  description: 'the campaign, where a dataset group has several that could answer',
};

export type Model = 'personal' | 'similar' | 'ranking';

const TYPES: Readonly<Record<Model, RecipeType>> = {
  personal: 'USER_PERSONALIZATION',
  similar: 'RELATED_ITEMS',
  ranking: 'PERSONALIZED_RANKING',
};

const isOf = (model: Model, recipeArn = ''): boolean =>
  findRecipe(recipeName(recipeArn) ?? '')?.type === TYPES[model];

/** @throws UserError when the group has none that answers, or several and `--campaign` names none */
export async function servingOf(
  client: PersonalizeClient,
  target: Target,
  model: Model,
  { campaign }: Values,
): Promise<{ readonly campaignArn: string } | { readonly recommenderArn: string }> {
  if (typeof campaign === 'string') return { campaignArn: `${target.arnBase}:campaign/${campaign}` };
  if (target.isGallery) return { campaignArn: target.arn('campaign', model) };
  const campaigns = await campaignsOf(client, target.datasetGroupArn, model);
  const recommenders = await recommendersOf(client, target.datasetGroupArn, model);
  const [first, ...more] = [
    ...campaigns.map((campaignArn) => ({ campaignArn })),
    ...recommenders.map((recommenderArn) => ({ recommenderArn })),
  ];
  if (!first) {
    throw new UserError(`${target.group} has no campaign and no recommender of a ${TYPES[model]} recipe`);
  }
  if (more.length > 0) {
    const names = [...campaigns, ...recommenders].map((arn) => arn.slice(arn.indexOf('/') + 1));
    throw new UserError(`${target.group} has several: ${names.join(', ')}; --campaign names one`, true);
  }
  return first;
}

/** As `servingOf`, where only campaigns answer. */
export async function campaignOf(
  client: PersonalizeClient,
  target: Target,
  model: Model,
  values: Values,
): Promise<string> {
  const serving = await servingOf(client, target, model, values);
  if ('campaignArn' in serving) return serving.campaignArn;
  throw new UserError(`${serving.recommenderArn} is a recommender: only a campaign does this`);
}

async function campaignsOf(
  client: PersonalizeClient,
  datasetGroupArn: string,
  model: Model,
): Promise<string[]> {
  const found: string[] = [];
  for await (const { solutions = [] } of paginateListSolutions({ client }, { datasetGroupArn })) {
    for (const { solutionArn, recipeArn } of solutions) {
      if (!isOf(model, recipeArn)) continue;
      for await (const { campaigns = [] } of paginateListCampaigns({ client }, { solutionArn })) {
        for (const { campaignArn, status } of campaigns) {
          if (campaignArn && status === 'ACTIVE') found.push(campaignArn);
        }
      }
    }
  }
  return found;
}

async function recommendersOf(
  client: PersonalizeClient,
  datasetGroupArn: string,
  model: Model,
): Promise<string[]> {
  const found: string[] = [];
  for await (const { recommenders = [] } of paginateListRecommenders({ client }, { datasetGroupArn })) {
    for (const { recommenderArn, recipeArn, status } of recommenders) {
      if (recommenderArn && status === 'ACTIVE' && isOf(model, recipeArn)) found.push(recommenderArn);
    }
  }
  return found;
}

/** @throws UserError when the group has no event tracker */
export async function trackingIdOf(client: PersonalizeClient, target: Target): Promise<string> {
  if (target.isGallery) return target.deployment.output('TrackingId');
  const { datasetGroupArn } = target;
  for await (const { eventTrackers = [] } of paginateListEventTrackers({ client }, { datasetGroupArn })) {
    for (const { eventTrackerArn } of eventTrackers) {
      const { eventTracker } = await client.send(new DescribeEventTrackerCommand({ eventTrackerArn }));
      if (eventTracker?.trackingId) return eventTracker.trackingId;
    }
  }
  throw new UserError(`${target.group} has no event tracker`);
}
