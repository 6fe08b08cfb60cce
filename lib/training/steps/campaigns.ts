// Campaigns: created with the new version, or updated to it. A new version that no campaign serves changes nothing.
import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  type IChainable,
  Map as MapState,
  Pass,
  ProvideItems,
  type State,
} from 'aws-cdk-lib/aws-stepfunctions';
import { personalizeArns } from './arns';
import type { Step } from './failure';
import { oneLine } from './jsonata';
import { type Path, personalizeCall, waitUntilActive } from './personalize-call';

const CAMPAIGN_DEADLINE = Duration.hours(2);

/** While an update runs, the old version serves; the update has a status of its own. */
const status = oneLine(`($exists($states.result.Campaign.LatestCampaignUpdate)
  ? $states.result.Campaign.LatestCampaignUpdate.Status : $states.result.Campaign.Status)`);
const reason = oneLine(`($exists($states.input.Campaign.LatestCampaignUpdate)
  ? $states.input.Campaign.LatestCampaignUpdate.FailureReason : $states.input.Campaign.FailureReason)`);

/** A campaign that follows the newest version by itself is made for the solution, not for a version (API reference, CreateCampaign). */
const toServe = oneLine(`{% $states.input.create.CampaignConfig.SyncWithLatestSolutionVersion = true
  ? $solution.arn & '/$LATEST' : $version %}`);

/** It serves what it should, is not being changed, and has all settings that the configuration names. */
const upToDate = oneLine(`{% (
  $there := $states.input.Campaign;
  $there.SolutionVersionArn = $toServe and $there.Status = 'ACTIVE'
  and $not($exists($there.LatestCampaignUpdate) and $there.LatestCampaignUpdate.Status != 'ACTIVE')
  and ($exists($campaign.create.MinProvisionedTPS) ? $campaign.create.MinProvisionedTPS = $there.MinProvisionedTPS : true)
  and $count($keys($campaign.create.CampaignConfig)[$lookup($campaign.create.CampaignConfig, $) != $lookup($there.CampaignConfig, $)]) = 0
) %}`);

/** Reads `$solution` and `$version`. */
export function serveVersion(outer: Step): Path {
  const step = outer.inside('campaign');
  const resources = personalizeArns(step, 'campaign', 'solution');
  const settled = (id: string, whenGone?: State & IChainable) =>
    waitUntilActive(step, {
      id,
      describe: 'describeCampaign',
      parameter: 'CampaignArn',
      arn: '$campaign.arn',
      resources,
      status,
      reason,
      every: Duration.seconds(30),
      deadline: CAMPAIGN_DEADLINE,
      whenGone,
    });
  const begin = Pass.jsonata(step, 'serve: next campaign', {
    assign: { campaign: '{% $states.input %}', toServe },
  });
  const done = Pass.jsonata(step, 'serve: campaign is up to date');
  const look = personalizeCall(step, 'look for campaign', {
    action: 'describeCampaign',
    parameters: { CampaignArn: '{% $campaign.arn %}' },
    resources,
  });
  const create = personalizeCall(step, 'create campaign', {
    action: 'createCampaign',
    parameters: "{% $merge([$campaign.create, {'SolutionVersionArn': $toServe}]) %}" as unknown as Record<
      string,
      unknown
    >,
    resources,
    alsoRetry: ['Personalize.ResourceInUseException'],
  });
  // An earlier run, or a person, may have left a change under way, even a deletion.
  const before = settled('campaign before', create);
  const update = step.guard(
    personalizeCall(step, 'update campaign', {
      action: 'updateCampaign',
      parameters:
        "{% $merge([$sift($campaign.create, function($v, $k) { $k in ['MinProvisionedTPS', 'CampaignConfig'] }), {'CampaignArn': $campaign.arn, 'SolutionVersionArn': $toServe}]) %}" as unknown as Record<
          string,
          unknown
        >,
      resources,
      alsoRetry: ['Personalize.ResourceInUseException'],
    }),
  );
  const after = settled('campaign');

  look.addCatch(create, { errors: ['Personalize.ResourceNotFoundException'] });
  create.addCatch(after.start, { errors: ['Personalize.ResourceAlreadyExistsException'] });
  step.guard(create).next(after.start);
  const isNeeded = Choice.jsonata(step, 'serve: does it serve the version already?')
    .when(Condition.jsonata(upToDate), done)
    .when(
      Condition.jsonata(
        "{% $contains($states.input.Campaign.Status & ' ' & $string($states.input.Campaign.LatestCampaignUpdate.Status), /PENDING|IN_PROGRESS/) %}",
      ),
      before.start,
    )
    .otherwise(update);
  step.guard(look).next(isNeeded);
  before.done.next(update);
  update.next(after.start);
  after.done.next(done);

  const each = MapState.jsonata(outer, 'serve: each campaign', {
    items: ProvideItems.jsonata('{% $solution.campaigns %}'),
    maxConcurrency: 1,
    outputs: '{% $states.input %}',
  });
  each.itemProcessor(begin.next(look));
  return { start: each, done: each };
}
