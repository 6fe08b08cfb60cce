// A dataset group that somebody else made: with data, a tracker, a filter, two solutions and their campaigns.
import { CreateCampaignCommand } from '@aws-sdk/client-personalize';
import type { Harness } from '../../../packages/personalize-local/test/local/harness';
import {
  campaignStatus,
  like,
  makeDataset,
  makeFilter,
  makeGroup,
  makeSchema,
  makeSolution,
  makeTracker,
  makeVersion,
  recipe,
  SCHEMAS,
} from '../../../packages/personalize-local/test/local/world';

export async function buildWorld(h: Harness): Promise<void> {
  const group = await makeGroup(h, 'shop');
  await makeDataset(h, group, 'Interactions', await makeSchema(h, 'shop-interactions', SCHEMAS.INTERACTIONS));
  const { trackingId } = await makeTracker(h, group, 'shop-tracker');
  await makeFilter(h, group, 'shop-seen', 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")');
  await like(h, trackingId, 0, 120);
  await serve(h, group, 'personal', 'aws-user-personalization-v2');
  await serve(h, group, 'sims', 'aws-sims');
}

async function serve(h: Harness, datasetGroupArn: string, model: string, name: string): Promise<void> {
  const solution = {
    name: `shop-${model}`,
    datasetGroupArn,
    recipeArn: recipe(name),
    performAutoTraining: false,
  };
  const solutionVersionArn = await makeVersion(h, await makeSolution(h, solution));
  const { campaignArn = '' } = await h.control.send(
    new CreateCampaignCommand({ name: `shop-${model}`, solutionVersionArn, minProvisionedTPS: 2 }),
  );
  await h.until(async () => (await campaignStatus(h, campaignArn)) === 'ACTIVE', 'the campaign');
}
