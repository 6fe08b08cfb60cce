// What answers for a dataset group: the campaign or recommender whose recipe does it, or the one that is named.
import {
  DescribeEventTrackerCommand,
  type PersonalizeClient,
  paginateListEventTrackers,
  paginateListRecommenders,
} from '@aws-sdk/client-personalize';
import { findRecipe, type RecipeType, recipeName } from '@emotion-gallery/personalize-rules/recipes';
import { type Option, UserError, type Values } from './command';
import { recipeOf, solutionsOf } from './solutions';
import type { Target } from './target';

export const campaignOption: Option = {
  type: 'string',
  value: 'C',
  description: 'the campaign or recommender, where a dataset group has several that could answer',
};

export type Model = 'personal' | 'similar' | 'ranking';

const TYPES: Readonly<Record<Model, RecipeType>> = {
  personal: 'USER_PERSONALIZATION',
  similar: 'RELATED_ITEMS',
  ranking: 'PERSONALIZED_RANKING',
};

interface Answering {
  readonly name: string;
  readonly arn: string;
  readonly isCampaign: boolean;
  /** Undefined where the recipe is not known. */
  readonly type?: RecipeType;
}

/** @throws UserError when nothing of the group does this, or several do and none is named */
async function answeringOf(
  client: PersonalizeClient,
  target: Target,
  model: Model,
  { campaign }: Values,
): Promise<Answering> {
  const all = await allAnswering(client, target.datasetGroupArn);
  const names = all.map(({ name }) => name).join(', ') || 'none';
  if (campaign !== undefined) {
    const named = all.find(({ name }) => name === campaign);
    if (named) return named;
    throw new UserError(
      `${target.group} has no campaign and no recommender ${campaign} that is up; there are: ${names}`,
    );
  }
  const fitting = all.filter(({ type }) => type === TYPES[model]);
  const [first, ...more] = fitting;
  if (!first) {
    throw new UserError(
      `${target.group} has no campaign and no recommender of a ${TYPES[model]} recipe that is up; there are: ${names}. "status" tells what comes next.`,
    );
  }
  // Files may have campaigns in the gallery's group, too.
  const own = fitting.find(({ arn }) => target.isGallery && arn === target.arn('campaign', model));
  if (more.length === 0 || own) return own ?? first;
  throw new UserError(
    `${target.group} has several: ${fitting.map(({ name }) => name).join(', ')}; --campaign names one`,
    true,
  );
}

export async function servingOf(
  ...given: Parameters<typeof answeringOf>
): Promise<{ readonly campaignArn: string } | { readonly recommenderArn: string }> {
  const { arn, isCampaign } = await answeringOf(...given);
  return isCampaign ? { campaignArn: arn } : { recommenderArn: arn };
}

/** As `servingOf`, where only campaigns answer. */
export async function campaignOf(...given: Parameters<typeof answeringOf>): Promise<string> {
  const { arn, isCampaign, name } = await answeringOf(...given);
  if (isCampaign) return arn;
  throw new UserError(`${name} is a recommender: only a campaign does this`);
}

/** Everything of the group that is up. */
async function allAnswering(client: PersonalizeClient, datasetGroupArn: string): Promise<Answering[]> {
  const found: Answering[] = [];
  for await (const { solution, campaigns } of solutionsOf(client, datasetGroupArn)) {
    const up = campaigns.filter(({ status }) => status === 'ACTIVE');
    if (up.length === 0) continue;
    const type = (await recipeOf(client, solution))?.type;
    found.push(
      ...up.map(({ name = '', campaignArn = '' }) => ({ name, arn: campaignArn, isCampaign: true, type })),
    );
  }
  for await (const { recommenders = [] } of paginateListRecommenders({ client }, { datasetGroupArn })) {
    for (const { name = '', recommenderArn = '', recipeArn = '', status } of recommenders) {
      const type = findRecipe(recipeName(recipeArn) ?? '')?.type;
      if (status === 'ACTIVE') found.push({ name, arn: recommenderArn, isCampaign: false, type });
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
  throw new UserError(
    `${target.group} has no event tracker, so that it takes no events: its file has to name one`,
  );
}
