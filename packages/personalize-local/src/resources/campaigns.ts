// Campaigns: a solution version that answers in real time.
import { isDeepStrictEqual } from 'node:util';
import { MOST_CAMPAIGNS, TOO_MANY_ACTIVE } from '@emotion-gallery/personalize-rules/limits';
import { campaignProblems } from '@emotion-gallery/personalize-rules/recipes';
import { solutionOfLatest } from '../protocol/arns';
import { invalidInput } from '../protocol/errors';
import type {
  CampaignConfig,
  CreateCampaignRequest,
  DeleteCampaignRequest,
  DescribeCampaignRequest,
  ListCampaignsRequest,
  UpdateCampaignRequest,
} from '../protocol/requests';
import type { CampaignRecord, SolutionVersionRecord } from '../state/records';
import type { Context } from './context';
import { AUTO_UPDATE_MS, CAMPAIGN_MS } from './durations';
import { creation, deletion, type LifeCycle, lifeCycle } from './life-cycles';
import {
  findResource,
  newRecord,
  requireNewArn,
  requireRoom,
  requireStatus,
  save,
  startDeletion,
} from './lookup';
import { page } from './pagination';
import { findRecipe, refuse } from './recipe-lookup';
import { updateServingModel } from './serving-models';
import { phaseOf, requireNoUpdate, startUpdate, updating } from './updates';

const statuses = lifeCycle(
  'campaign',
  {
    ...creation<'campaign'>({ afterMs: CAMPAIGN_MS, take: () => ({ status: 'ACTIVE' }) }),
    ...deletion<'campaign'>(),
    ...updating<'campaign'>({
      afterMs: CAMPAIGN_MS,
      take: ({ latestCampaignUpdate: update }) =>
        update
          ? {
              status: 'ACTIVE',
              solutionVersionArn: update.solutionVersionArn,
              servedVersionArn: update.nextVersionArn,
              minProvisionedTPS: update.minProvisionedTPS,
              campaignConfig: update.campaignConfig,
            }
          : {},
    }),
  },
  phaseOf,
);

/** At rest, a campaign takes in new items every two hours, where its recipe does. */
export const campaignLifeCycle: LifeCycle<'campaign'> = {
  kind: 'campaign',
  next: (campaign) => {
    const due = statuses.next(campaign);
    if (due || campaign.status !== 'ACTIVE') return due;
    const since = campaign.lastUpdatedDateTime;
    const step = { afterMs: AUTO_UPDATE_MS, since, take: takeInNewItems, failed: () => ({}) };
    return { phase: `AUTO UPDATE after ${since}`, step };
  },
};

async function takeInNewItems(campaign: CampaignRecord, context: Context): Promise<Partial<CampaignRecord>> {
  const version = context.store.get('solution-version', campaign.servedVersionArn);
  // An UPDATE version gets no automatic updates, as documented.
  if (!version || version.trainingMode === 'UPDATE') return {};
  if (findRecipe(context, version.recipeArn).autoUpdate) await updateServingModel(context, version);
  return {};
}

/** The version behind the ARN that a request gives. */
function resolveVersion(context: Context, solutionVersionArn: string, config?: CampaignConfig) {
  const solutionArn = solutionOfLatest(solutionVersionArn);
  if (solutionArn === undefined && config?.syncWithLatestSolutionVersion) {
    throw invalidInput(
      'With campaignConfig.syncWithLatestSolutionVersion, solutionVersionArn must be <solution ARN>/$LATEST.',
    );
  }
  if (solutionArn === undefined) {
    const version = findResource(context, 'solution-version', solutionVersionArn);
    requireStatus(version, ['ACTIVE'], 'be deployed');
    return version;
  }
  findResource(context, 'solution', solutionArn);
  const latest = context.store
    .all('solution-version')
    .findLast((version) => version.solutionArn === solutionArn && version.status === 'ACTIVE');
  if (!latest) throw invalidInput(`${solutionArn} has no ACTIVE solution version.`);
  return latest;
}

function checkConfig(context: Context, version: SolutionVersionRecord, config: CampaignConfig = {}): void {
  const recipe = findRecipe(context, version.recipeArn);
  if (recipe.type === 'USER_SEGMENTATION') {
    throw invalidInput(
      `${version.recipeArn} makes user segments; use CreateBatchSegmentJob instead of a campaign.`,
    );
  }
  refuse(campaignProblems(recipe, config));
}

/** What an update can change, as it is. */
const stateOf = (campaign: CampaignRecord) => ({
  solutionVersionArn: campaign.solutionVersionArn,
  nextVersionArn: campaign.servedVersionArn,
  minProvisionedTPS: campaign.minProvisionedTPS,
  campaignConfig: campaign.campaignConfig,
});

/** Campaigns that follow the latest version of a solution are updated to this one. */
export function followLatestVersion(context: Context, version: SolutionVersionRecord): void {
  for (const campaign of context.store.all('campaign')) {
    const follows =
      campaign.campaignConfig?.syncWithLatestSolutionVersion &&
      solutionOfLatest(campaign.solutionVersionArn) === version.solutionArn;
    if (!follows || campaign.status !== 'ACTIVE') continue;
    startUpdate<'campaign'>(context, campaign, { ...stateOf(campaign), nextVersionArn: version.arn });
  }
}

export const campaignOperations = {
  CreateCampaign(input: CreateCampaignRequest, context: Context) {
    const { name, solutionVersionArn, minProvisionedTPS = 1, campaignConfig } = input;
    const version = resolveVersion(context, solutionVersionArn, campaignConfig);
    checkConfig(context, version, campaignConfig);
    const arn = context.arns.of('campaign', name);
    requireNewArn(context, arn);
    const others = context.store.all('campaign').filter((campaign) => {
      const served = context.store.get('solution-version', campaign.servedVersionArn);
      return served?.datasetGroupArn === version.datasetGroupArn;
    });
    requireRoom(context, others.length, MOST_CAMPAIGNS, TOO_MANY_ACTIVE('campaign', MOST_CAMPAIGNS));
    save(context, {
      ...newRecord(context, 'campaign', arn, input.tags),
      campaignArn: arn,
      name,
      solutionVersionArn,
      servedVersionArn: version.arn,
      minProvisionedTPS,
      campaignConfig,
      status: 'CREATE PENDING',
    });
    return { campaignArn: arn };
  },

  DescribeCampaign({ campaignArn }: DescribeCampaignRequest, context: Context) {
    return { campaign: findResource(context, 'campaign', campaignArn) };
  },

  ListCampaigns(input: ListCampaignsRequest, context: Context) {
    const { solutionArn } = input;
    const campaigns = context.store
      .all('campaign')
      .filter((c) => solutionArn === undefined || c.servedVersionArn.startsWith(`${solutionArn}/`));
    const { records, nextToken } = page(campaigns, input, ['ListCampaigns', solutionArn]);
    return { campaigns: records, nextToken };
  },

  UpdateCampaign(input: UpdateCampaignRequest, context: Context) {
    const { campaignArn } = input;
    const campaign = findResource(context, 'campaign', campaignArn);
    requireStatus(campaign, ['ACTIVE', 'CREATE FAILED'], 'be updated');
    requireNoUpdate(campaign);
    const { solutionVersionArn, minProvisionedTPS, campaignConfig } = input;
    if ([solutionVersionArn, minProvisionedTPS, campaignConfig].every((member) => member === undefined)) {
      throw invalidInput(
        'An update needs at least one of solutionVersionArn, minProvisionedTPS, campaignConfig.',
      );
    }
    const config = campaignConfig ?? campaign.campaignConfig;
    const target = solutionVersionArn ?? campaign.solutionVersionArn;
    const version = resolveVersion(context, target, config);
    checkConfig(context, version, config);
    const next = {
      solutionVersionArn: target,
      nextVersionArn: version.arn,
      minProvisionedTPS: minProvisionedTPS ?? campaign.minProvisionedTPS,
      campaignConfig: config,
    };
    if (isDeepStrictEqual(next, stateOf(campaign))) {
      throw invalidInput(`The update would change nothing of ${campaignArn}.`);
    }
    startUpdate<'campaign'>(context, campaign, next);
    return { campaignArn };
  },

  DeleteCampaign({ campaignArn }: DeleteCampaignRequest, context: Context) {
    const campaign = findResource(context, 'campaign', campaignArn);
    requireNoUpdate(campaign);
    startDeletion(context, campaign);
    return {};
  },
};
