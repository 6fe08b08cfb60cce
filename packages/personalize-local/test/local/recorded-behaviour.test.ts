// What recordings of the real service show and the documentation does not say, or says otherwise: cell outputs of AWS's
// public notebooks (aws-samples/amazon-personalize-samples, aws-samples/amazon-personalize-immersion-day,
// jihys/startup-personalize-workshop), 2018 to 2024.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetImportJobCommand,
  CreateEventTrackerCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DeleteDatasetCommand,
  DeleteDatasetGroupCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetImportJobCommand,
  DescribeRecipeCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  ListRecipesCommand,
  UpdateCampaignCommand,
  UpdateDatasetCommand,
} from '@aws-sdk/client-personalize';
import { PutEventsCommand, PutItemsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import {
  avro,
  makeCampaign,
  makeDataset,
  makeGroup,
  makeSchema,
  makeVersion,
  makeWorld,
  recipe,
  SCHEMAS,
  settled,
  type World,
} from './world';

let h: Harness;
let world: World;
beforeAll(async () => {
  // Years after the data: what is new is told by the data.
  h = await startHarness({ startedAt: Date.UTC(2029, 0, 1), retiredRecipes: true });
  world = await makeWorld(h, 'recorded', 'aws-user-personalization');
});
afterAll(() => h.stop());

describe('a solution', () => {
  it('is ACTIVE in the second of its creation, and its first version can be made at once', async () => {
    const { datasetGroupArn } = world;
    const recipeArn = recipe('aws-popularity-count');
    const input = { name: 'at-once', datasetGroupArn, recipeArn, performAutoTraining: false };
    const { solutionArn = '' } = await h.control.send(new CreateSolutionCommand(input));
    const { solution } = await h.control.send(new DescribeSolutionCommand({ solutionArn }));
    expect(solution?.status).toBe('ACTIVE');
    expect(solution?.lastUpdatedDateTime).toEqual(solution?.creationDateTime);
    const made = await h.control.send(new CreateSolutionVersionCommand({ solutionArn }));
    const { solutionVersionArn = '' } = made;
    const describe = async () =>
      (await h.control.send(new DescribeSolutionVersionCommand({ solutionVersionArn }))).solutionVersion;
    expect(await describe()).toMatchObject({
      name: `at-once/${solutionVersionArn.slice(-8)}`,
      solutionConfig: {},
    });
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    expect(String((await describe())?.trainingHours)).toMatch(/^\d+(\.\d{1,3})?$/);
  });
});

describe('exploration', () => {
  it('counts the age of an item from the latest interaction of the data, however long ago that was', async () => {
    const { campaignArn, datasetArns, solutionArn } = world;
    const newest = Date.UTC(2025, 11, 1) / 1000;
    const properties = JSON.stringify({ emotion: 'happy' });
    // Without interactions and without a CREATION_TIMESTAMP an item is as young as the latest interaction.
    const items = ['cold-1', 'cold-2', 'cold-3'].map((itemId) => ({ itemId, properties }));
    await h.events.send(new PutItemsCommand({ datasetArn: datasetArns.ITEMS, items }));
    const campaignConfig = { itemExplorationConfig: { explorationWeight: '1' } };
    const solutionVersionArn = await makeVersion(h, solutionArn);
    await h.control.send(new UpdateCampaignCommand({ campaignArn, solutionVersionArn, campaignConfig }));
    const update = async () =>
      (await h.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign?.latestCampaignUpdate;
    expect(await settled(h, async () => (await update())?.status)).toBe('ACTIVE');
    expect(h.clock.now() / 1000).toBeGreaterThan(newest + 3 * 365 * 86_400);
    const { itemList } = await h.runtime.send(
      new GetRecommendationsCommand({ campaignArn, userId: 'user-1', numResults: 10 }),
    );
    // The other ten are known, and would be the list.
    const explored = itemList?.slice(0, 3).map(({ itemId }) => itemId);
    expect(explored?.sort()).toEqual(['cold-1', 'cold-2', 'cold-3']);
    const scores = (itemList ?? []).map(({ score }) => String(score));
    for (const score of scores) expect(score).toMatch(/^0(\.\d{1,7})?$|^\de-0?7$/);
  });
});

describe('a campaign', () => {
  it('refuses an update that changes nothing', async () => {
    const { campaignArn } = world;
    const { campaign } = await h.control.send(new DescribeCampaignCommand({ campaignArn }));
    const { solutionVersionArn, minProvisionedTPS, campaignConfig } = campaign ?? {};
    const same = { campaignArn, solutionVersionArn, minProvisionedTPS, campaignConfig };
    expect((await errorOf(h.control.send(new UpdateCampaignCommand(same)))).name).toBe(
      'InvalidInputException',
    );
  });

  it('takes <solution>/$LATEST without following it', async () => {
    const input = { name: 'latest', solutionVersionArn: `${world.solutionArn}/$LATEST` };
    const { campaignArn = '' } = await h.control.send(new CreateCampaignCommand(input));
    const describe = async () =>
      (await h.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign;
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    await makeVersion(h, world.solutionArn);
    h.clock.advance(600_000);
    expect((await describe())?.latestCampaignUpdate).toBeUndefined();
  });
});

describe('a dataset', () => {
  it('shows the update of its schema in its own status, and takes records meanwhile', async () => {
    const datasetArn = world.datasetArns.ITEMS;
    const { fields, name } = JSON.parse(SCHEMAS.ITEMS);
    const wider = avro(name, [...fields, { name: 'TITLE', type: ['null', 'string'] }]);
    const schemaArn = await makeSchema(h, 'wider', wider);
    await h.control.send(new UpdateDatasetCommand({ datasetArn, schemaArn }));
    const seen: (string | undefined)[] = [];
    const describe = async () => (await h.control.send(new DescribeDatasetCommand({ datasetArn }))).dataset;
    await h.until(async () => {
      const status = (await describe())?.status;
      if (seen.at(-1) !== status) seen.push(status);
      return status === 'ACTIVE';
    }, 'the update of the dataset');
    expect(seen).toEqual(['UPDATE PENDING', 'UPDATE IN_PROGRESS', 'ACTIVE']);
    expect(await describe()).toMatchObject({
      schemaArn,
      latestDatasetUpdate: { schemaArn, status: 'ACTIVE' },
    });
  });

  it('takes an import job right after it was made, and events its tracker', async () => {
    const datasetGroupArn = await makeGroup(h, 'fresh');
    const schemaArn = await makeSchema(h, 'fresh', SCHEMAS.INTERACTIONS);
    const dataset = { name: 'fresh', datasetGroupArn, datasetType: 'Interactions', schemaArn };
    const { datasetArn } = await h.control.send(new CreateDatasetCommand(dataset));
    await mkdir(join(h.s3Dir, 'bucket'), { recursive: true });
    const rows = Array.from({ length: 1000 }, (_, i) => `u${i % 50},i${i % 20},${1_600_000_000 + i},like,1`);
    const csv = ['USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE', ...rows].join('\n');
    await writeFile(join(h.s3Dir, 'bucket', 'fresh.csv'), `${csv}\n`);
    const { datasetImportJobArn = '' } = await h.control.send(
      new CreateDatasetImportJobCommand({
        jobName: 'fresh',
        datasetArn,
        dataSource: { dataLocation: 's3://bucket/fresh.csv' },
        roleArn: ROLE,
      }),
    );
    const describe = async () =>
      (await h.control.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }))).datasetImportJob;
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    const { trackingId } = await h.control.send(
      new CreateEventTrackerCommand({ name: 'fresh', datasetGroupArn }),
    );
    const event = { eventType: 'like', itemId: 'i1', sentAt: new Date() };
    await h.events.send(
      new PutEventsCommand({ trackingId, userId: 'u1', sessionId: 's', eventList: [event] }),
    );
  });

  it('of an event tracker, as it once existed, can be deleted without being there', async () => {
    const groupName = world.datasetGroupArn.split('/')[1];
    const datasetArn = world.datasetArns.ITEMS.replace('/ITEMS', '/EVENT_INTERACTIONS');
    expect(datasetArn).toContain(`dataset/${groupName}/`);
    await h.control.send(new DeleteDatasetCommand({ datasetArn }));
    const elsewhere = datasetArn.replace(`/${groupName}/`, '/nowhere/');
    expect((await errorOf(h.control.send(new DeleteDatasetCommand({ datasetArn: elsewhere })))).name).toBe(
      'ResourceNotFoundException',
    );
  });

  it('of a group that does not exist is told so in the recorded words', async () => {
    const datasetGroupArn = world.datasetGroupArn.replace('recorded', 'nowhere');
    expect(await errorOf(h.control.send(new DeleteDatasetGroupCommand({ datasetGroupArn })))).toMatchObject({
      name: 'ResourceNotFoundException',
      message: `The given dataset group does not exist: ${datasetGroupArn}`,
    });
  });
});

describe('recipes', () => {
  it('are listed by name, eleven on a page, of which a domain shows its own', async () => {
    const list = async (input: object) => h.control.send(new ListRecipesCommand(input));
    const first = await list({});
    expect(first.recipes).toHaveLength(11);
    const second = await list({ nextToken: first.nextToken });
    const names = [...(first.recipes ?? []), ...(second.recipes ?? [])].map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const shop = await list({ domain: 'ECOMMERCE' });
    expect(shop.recipes).toHaveLength(5);
    expect(shop.recipes?.[0]).toMatchObject({ domain: 'ECOMMERCE' });
    const video = await list({ domain: 'VIDEO_ON_DEMAND' });
    expect(video.recipes).toEqual([]);
    expect(video.nextToken).toBeDefined();
  });

  it.each([
    ['aws-sims', '2019-06-10'],
    ['aws-item-affinity', '2021-07-15'],
    ['aws-item-attribute-affinity', '2021-08-25'],
    ['aws-trending-now', '2022-10-01'],
    ['aws-next-best-action', '2023-08-11'],
    ['aws-user-personalization-v2', '2024-01-01'],
  ])('%s appeared on %s', async (name, day) => {
    const described = await h.control.send(new DescribeRecipeCommand({ recipeArn: recipe(name) }));
    expect(described.recipe?.creationDateTime).toEqual(new Date(day));
    expect(described.recipe?.lastUpdatedDateTime).toEqual(new Date('2024-06-19T16:47:19.191Z'));
  });

  it('that AWS has retired run as their successor, when they are asked for', async () => {
    const { datasetGroupArn } = world;
    const featureTransformationParameters = {
      cold_start_max_duration: '5',
      cold_start_relative_from: 'latestItem',
      cold_start_max_interactions: '15',
    };
    const { solutionArn = '' } = await h.control.send(
      new CreateSolutionCommand({
        name: 'hrnn',
        datasetGroupArn,
        recipeArn: recipe('aws-hrnn-coldstart'),
        performAutoTraining: false,
        solutionConfig: { featureTransformationParameters },
      }),
    );
    const campaignArn = await makeCampaign(h, 'hrnn', await makeVersion(h, solutionArn));
    const { itemList } = await h.runtime.send(
      new GetRecommendationsCommand({ campaignArn, userId: 'user-1', numResults: 3 }),
    );
    expect(itemList).toHaveLength(3);
    expect(itemList?.[0]?.score).toBeGreaterThan(0);
  });
});

test('retired recipes are not there unless they are asked for', async () => {
  const other = await startHarness();
  try {
    const recipeArn = recipe('aws-hrnn');
    expect((await errorOf(other.control.send(new DescribeRecipeCommand({ recipeArn })))).name).toBe(
      'ResourceNotFoundException',
    );
    const datasetGroupArn = await makeGroup(other, 'plain');
    const schemaArn = await makeSchema(other, 'plain', SCHEMAS.INTERACTIONS);
    await makeDataset(other, datasetGroupArn, 'INTERACTIONS', schemaArn);
    const input = { name: 'plain', datasetGroupArn, recipeArn };
    expect((await errorOf(other.control.send(new CreateSolutionCommand(input)))).name).toBe(
      'ResourceNotFoundException',
    );
  } finally {
    await other.stop();
  }
});
