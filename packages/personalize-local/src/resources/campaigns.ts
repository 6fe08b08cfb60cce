// Campaigns: a solution version that answers in real time.

import type {
  CampaignConfig,
  CreateCampaignRequest,
  DeleteCampaignRequest,
  DescribeCampaignRequest,
  ListCampaignsRequest,
  UpdateCampaignRequest,
} from '@aws-sdk/client-personalize';
import { MOST_CAMPAIGNS, TOO_MANY_ACTIVE } from '@emotion-gallery/personalize-rules/limits';
import { campaignProblems } from '@emotion-gallery/personalize-rules/recipes';
import type { Checked } from '../protocol/checked';
import { inUse, invalidInput } from '../protocol/errors';
import { solutionOfLatest } from './arns';
import type { Context } from './context';
import { AUTO_UPDATE_MS, CAMPAIGN_MS, PENDING_MS } from './durations';
import { creation, deletion, type LifeCycle, lifeCycle } from './life-cycles';
import {
  change,
  findResource,
  isUnderWay,
  newRecord,
  requireNewArn,
  requireRoom,
  requireStatus,
  save,
  startDeletion,
} from './lookup';
import { page } from './pagination';
import { findRecipe, refuse } from './recipe-lookup';
import type { CampaignRecord, SolutionVersionRecord } from './records';
import { updateServingModel } from './serving-models';

const patchUpdate = (campaign: CampaignRecord, members: { status: string; failureReason?: string }) => ({
  latestCampaignUpdate: campaign.latestCampaignUpdate && { ...campaign.latestCampaignUpdate, ...members },
});

const statuses = lifeCycle(
  'campaign',
  {
    ...creation<'campaign'>({ afterMs: CAMPAIGN_MS, take: () => ({ status: 'ACTIVE' }) }),
    ...deletion<'campaign'>(),
    'UPDATE CREATE PENDING': {
      afterMs: PENDING_MS,
      take: (campaign) => patchUpdate(campaign, { status: 'CREATE IN_PROGRESS' }),
    },
    'UPDATE CREATE IN_PROGRESS': {
      afterMs: CAMPAIGN_MS,
      take: applyUpdate,
      // What it served before the update it goes on serving.
      failed: (campaign, failureReason) => patchUpdate(campaign, { status: 'CREATE FAILED', failureReason }),
    },
  },
  ({ status, latestCampaignUpdate }) =>
    latestCampaignUpdate && isUnderWay(latestCampaignUpdate.status) && !status.startsWith('DELETE')
      ? `UPDATE ${latestCampaignUpdate.status}`
      : status,
);

function applyUpdate(campaign: CampaignRecord): Partial<CampaignRecord> {
  const update = campaign.latestCampaignUpdate;
  if (!update) return {};
  return {
    status: 'ACTIVE',
    solutionVersionArn: update.solutionVersionArn,
    servedVersionArn: update.nextVersionArn,
    minProvisionedTPS: update.minProvisionedTPS,
    campaignConfig: update.campaignConfig,
    ...patchUpdate(campaign, { status: 'ACTIVE' }),
  };
}

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
function resolveVersion(context: Context, solutionVersionArn: string, config?: Checked<CampaignConfig>) {
  const solutionArn = solutionOfLatest(solutionVersionArn);
  if ((solutionArn !== undefined) !== (config?.syncWithLatestSolutionVersion ?? false)) {
    throw invalidInput(
      'A solutionVersionArn that ends in $LATEST and campaignConfig.syncWithLatestSolutionVersion go together.',
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

function checkConfig(
  context: Context,
  version: SolutionVersionRecord,
  config: Checked<CampaignConfig> = {},
): void {
  const recipe = findRecipe(context, version.recipeArn);
  if (recipe.type === 'USER_SEGMENTATION') {
    throw invalidInput(
      `${version.recipeArn} makes user segments; use CreateBatchSegmentJob instead of a campaign.`,
    );
  }
  refuse(campaignProblems(recipe, config));
}

/** Campaigns that follow the latest version of a solution are updated to this one. */
export function followLatestVersion(context: Context, version: SolutionVersionRecord): void {
  for (const campaign of context.store.all('campaign')) {
    const follows = solutionOfLatest(campaign.solutionVersionArn) === version.solutionArn;
    if (!follows || campaign.status !== 'ACTIVE') continue;
    startUpdate(context, campaign, {
      solutionVersionArn: campaign.solutionVersionArn,
      nextVersionArn: version.arn,
      minProvisionedTPS: campaign.minProvisionedTPS,
      campaignConfig: campaign.campaignConfig,
    });
  }
}

type NextState = Pick<
  NonNullable<CampaignRecord['latestCampaignUpdate']>,
  'solutionVersionArn' | 'nextVersionArn' | 'minProvisionedTPS' | 'campaignConfig'
>;

function startUpdate(context: Context, campaign: CampaignRecord, next: NextState): void {
  const now = context.clock.now();
  change<'campaign'>(context, campaign, {
    latestCampaignUpdate: {
      ...next,
      status: 'CREATE PENDING',
      creationDateTime: now,
      lastUpdatedDateTime: now,
    },
  });
}

export const campaignOperations = {
  CreateCampaign(input: Checked<CreateCampaignRequest>, context: Context) {
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

  DescribeCampaign({ campaignArn }: Checked<DescribeCampaignRequest>, context: Context) {
    return { campaign: findResource(context, 'campaign', campaignArn) };
  },

  ListCampaigns(input: Checked<ListCampaignsRequest>, context: Context) {
    const { solutionArn } = input;
    const campaigns = context.store
      .all('campaign')
      .filter((c) => solutionArn === undefined || c.servedVersionArn.startsWith(`${solutionArn}/`));
    const { records, nextToken } = page(campaigns, input, ['ListCampaigns', solutionArn]);
    return { campaigns: records, nextToken };
  },

  UpdateCampaign(input: Checked<UpdateCampaignRequest>, context: Context) {
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
    startUpdate(context, campaign, {
      solutionVersionArn: target,
      nextVersionArn: version.arn,
      minProvisionedTPS: minProvisionedTPS ?? campaign.minProvisionedTPS,
      campaignConfig: config,
    });
    return { campaignArn };
  },

  DeleteCampaign({ campaignArn }: Checked<DeleteCampaignRequest>, context: Context) {
    const campaign = findResource(context, 'campaign', campaignArn);
    requireNoUpdate(campaign);
    startDeletion(context, campaign);
    return {};
  },
};

function requireNoUpdate(campaign: CampaignRecord): void {
  const update = campaign.latestCampaignUpdate;
  if (update && isUnderWay(update.status)) {
    throw inUse(`${campaign.arn} is being updated (${update.status}).`);
  }
}
