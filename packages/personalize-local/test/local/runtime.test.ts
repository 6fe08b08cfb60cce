// Recommendations as a client sees them: filters, promotions, metadata, ranking, faults, restart.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDatasetImportJobCommand,
  CreateFilterCommand,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeDatasetImportJobCommand,
  DescribeFilterCommand,
  UpdateCampaignCommand,
} from '@aws-sdk/client-personalize';
import { PutEventsCommand } from '@aws-sdk/client-personalize-events';
import {
  GetPersonalizedRankingCommand,
  GetRecommendationsCommand,
} from '@aws-sdk/client-personalize-runtime';
import { ObjectAccessDenied, type ObjectStore } from '../../src';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import {
  describeVersion,
  makeCampaign,
  makeFilter,
  makeSolution,
  makeVersion,
  makeWorld,
  recipe,
  settled,
  type World,
} from './world';

describe('recommendations', () => {
  let h: Harness;
  let world: World;
  const metrics: string[] = [];
  beforeAll(async () => {
    h = await startHarness({ putMetric: (name) => metrics.push(name) });
    world = await makeWorld(h, 'runtime');
  });
  afterAll(() => h.stop());

  const recommend = async (input: Partial<ConstructorParameters<typeof GetRecommendationsCommand>[0]>) => {
    const command = new GetRecommendationsCommand({
      campaignArn: world.campaignArn,
      userId: 'user-1',
      ...input,
    });
    return (await h.runtime.send(command)).itemList ?? [];
  };

  it('keep to a filter with values, for known and unknown users alike', async () => {
    const filterArn = await makeFilter(
      h,
      world.datasetGroupArn,
      'emotion',
      'INCLUDE ItemID WHERE Items.EMOTION IN ($EMOTIONS)',
    );
    for (const userId of ['user-1', 'stranger']) {
      const items = await recommend({ userId, filterArn, filterValues: { EMOTIONS: '"sad"' } });
      expect(items.map(({ itemId }) => itemId).sort()).toEqual([
        'item-1',
        'item-3',
        'item-5',
        'item-7',
        'item-9',
      ]);
    }
    expect((await errorOf(recommend({ filterArn, filterValues: {} }))).name).toBe('InvalidInputException');
  });

  it('leave out what a user just liked, seconds after the event', async () => {
    const filterArn = await makeFilter(
      h,
      world.datasetGroupArn,
      'not-liked',
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")',
    );
    const { trackingId } = world;
    expect((await recommend({ userId: 'fresh', filterArn })).map(({ itemId }) => itemId)).toContain('item-9');
    await h.events.send(
      new PutEventsCommand({
        trackingId,
        userId: 'fresh',
        sessionId: 's',
        eventList: [{ eventType: 'like', itemId: 'item-9', sentAt: new Date() }],
      }),
    );
    expect((await recommend({ userId: 'fresh', filterArn })).map(({ itemId }) => itemId)).not.toContain(
      'item-9',
    );
  });

  it('mix promoted items in, which the filter of the request does not touch', async () => {
    const happy = await makeFilter(
      h,
      world.datasetGroupArn,
      'happy',
      'INCLUDE ItemID WHERE Items.EMOTION IN ("happy")',
    );
    const sad = await makeFilter(
      h,
      world.datasetGroupArn,
      'sad',
      'INCLUDE ItemID WHERE Items.EMOTION IN ("sad")',
    );
    const items = await recommend({
      numResults: 4,
      filterArn: sad,
      promotions: [{ name: 'sale', percentPromotedItems: 50, filterArn: happy }],
    });
    const promoted = items.filter(({ promotionName }) => promotionName === 'sale');
    expect(promoted).toHaveLength(2);
    expect(promoted[0]?.reason).toEqual(['Promoted item']);
    expect(items).toHaveLength(4);
  });

  it('carry metadata columns when the campaign allows it', async () => {
    const { campaignArn } = world;
    await h.control.send(
      new UpdateCampaignCommand({ campaignArn, campaignConfig: { enableMetadataWithRecommendations: true } }),
    );
    await h.until(async () => {
      const { campaign } = await h.control.send(new DescribeCampaignCommand({ campaignArn }));
      return campaign?.latestCampaignUpdate?.status === 'ACTIVE';
    });
    const items = await recommend({ numResults: 1, metadataColumns: { ITEMS: ['EMOTION', 'PRICE'] } });
    expect(items).toEqual([{ itemId: 'item-9', metadata: { emotion: 'sad', price: '9.0' } }]);
    expect((await errorOf(recommend({ metadataColumns: { ITEMS: ['NOTHING'] } }))).message).toContain(
      'NOTHING',
    );
    expect((await errorOf(recommend({ numResults: 51, metadataColumns: { ITEMS: ['PRICE'] } }))).name).toBe(
      'InvalidInputException',
    );
  });

  it('give no item for zero results, and count requests as CloudWatch names them', async () => {
    expect(await recommend({ numResults: 0 })).toEqual([]);
    expect(metrics).toEqual(expect.arrayContaining(['GetRecommendations', 'GetRecommendationsLatency']));
  });

  it('rank a given list, unknown items last', async () => {
    const solutionArn = await makeSolution(h, {
      name: 'ranking',
      datasetGroupArn: world.datasetGroupArn,
      recipeArn: recipe('aws-personalized-ranking-v2'),
    });
    const campaignArn = await makeCampaign(h, 'ranking', await makeVersion(h, solutionArn));
    const { personalizedRanking = [], recommendationId } = await h.runtime.send(
      new GetPersonalizedRankingCommand({
        campaignArn,
        userId: 'user-1',
        inputList: ['unknown', 'item-0', 'item-9'],
      }),
    );
    expect(personalizedRanking).toHaveLength(3);
    expect(personalizedRanking.at(-1)?.itemId).toBe('unknown');
    expect(recommendationId).toMatch(/^RID-/);
  });
});

describe('automatic training', () => {
  it('is on by default: a first version within an hour, the next only when there are new interactions', async () => {
    const h = await startHarness();
    try {
      const world = await makeWorld(h, 'auto');
      const solutionArn = await makeSolution(h, {
        name: 'auto-2',
        datasetGroupArn: world.datasetGroupArn,
        performAutoTraining: undefined,
      });
      const versions = async () => {
        const { body } = await h.service.handle({
          method: 'POST',
          path: '/',
          query: {},
          headers: { 'x-amz-target': 'AmazonPersonalize.ListSolutionVersions' },
          body: Buffer.from(JSON.stringify({ solutionArn })),
        });
        return JSON.parse(body.toString()).solutionVersions as { status: string; trainingType: string }[];
      };
      const hours = async (count: number) => {
        for (let i = 0; i < count; i++) {
          h.clock.advance(3_600_000);
          await new Promise((resolve) => setTimeout(resolve, 3));
        }
      };
      expect(await versions()).toEqual([]);
      await hours(2);
      await h.until(async () => (await versions()).length > 0, 'the automatic training');
      expect(await versions()).toMatchObject([{ trainingType: 'AUTOMATIC' }]);
      await hours(8 * 24);
      expect(await versions()).toHaveLength(1);
      await h.events.send(
        new PutEventsCommand({
          trackingId: world.trackingId,
          userId: 'u',
          sessionId: 's',
          eventList: [{ eventType: 'like', itemId: 'item-1', sentAt: new Date(h.clock.now()) }],
        }),
      );
      await hours(8 * 24);
      await h.until(async () => (await versions()).length > 1, 'the second automatic training');
      expect(await versions()).toHaveLength(2);
    } finally {
      await h.stop();
    }
  });
});

describe('a restart', () => {
  it('serves the stored model, keeps the data and finishes a training that was under way', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'personalize-restart-'));
    try {
      const before = await startHarness({ dir });
      const world = await makeWorld(before, 'restart');
      const { solutionVersionArn = '' } = await before.control.send(
        new CreateSolutionVersionCommand({ solutionArn: world.solutionArn }),
      );
      const question = { campaignArn: world.campaignArn, userId: 'user-1' };
      const first = await before.runtime.send(new GetRecommendationsCommand(question));
      await before.stop({ keep: true });

      const after = await startHarness({ dir });
      const second = await after.runtime.send(new GetRecommendationsCommand(question));
      expect(second.itemList).toEqual(first.itemList);
      const status = await settled(
        after,
        async () => (await describeVersion(after, solutionVersionArn))?.status,
      );
      expect(status).toBe('ACTIVE');
      await after.stop({ keep: true });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  });
});

describe('permissions and faults', () => {
  it('fail an import with the documented text when the role may not read', async () => {
    const deny = () => Promise.reject(new ObjectAccessDenied('no grant'));
    const objectStore: ObjectStore = { list: deny, read: deny, write: deny };
    const h = await startHarness({ objectStore });
    try {
      const { datasetArns } = await makeWorld(h, 'denied');
      const { datasetImportJobArn } = await h.control.send(
        new CreateDatasetImportJobCommand({
          jobName: 'j',
          datasetArn: datasetArns.ITEMS,
          roleArn: ROLE,
          dataSource: { dataLocation: 's3://bucket/items.csv' },
        }),
      );
      const describe = async () =>
        (await h.control.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }))).datasetImportJob;
      expect(await settled(h, async () => (await describe())?.status)).toBe('CREATE FAILED');
      expect((await describe())?.failureReason).toContain(
        'Insufficient privileges for accessing data in Amazon S3.',
      );
    } finally {
      await h.stop();
    }
  });

  it('throttle, fail, and drop connections on request, changed while running over HTTP', async () => {
    const h = await startHarness({ faults: ['PutEvents:throttle:#1'] });
    try {
      const put = () =>
        h.events.send(
          new PutEventsCommand({
            trackingId: 't',
            sessionId: 's',
            eventList: [{ eventType: 'e', sentAt: new Date() }],
          }),
        );
      expect((await errorOf(put())).name).toBe('ThrottlingException');
      expect((await errorOf(put())).name).toBe('InvalidInputException');
      const change = (rules: unknown) =>
        fetch(`${h.url}/_faults`, { method: 'PUT', body: JSON.stringify(rules) });
      expect((await change(['nonsense'])).status).toBe(400);
      expect((await change(['*:drop:1'])).status).toBe(200);
      expect((await errorOf(put())).message).toMatch(/socket hang up|ECONNRESET|aborted/);
      await change([]);
      expect((await errorOf(put())).name).toBe('InvalidInputException');
    } finally {
      await h.stop();
    }
  });

  it('let what is made or updated end as failed on request, and a campaign serves on', async () => {
    const h = await startHarness();
    try {
      const { campaignArn, datasetGroupArn } = await makeWorld(h, 'failing');
      const change = (...rules: string[]) =>
        fetch(`${h.url}/_faults`, { method: 'PUT', body: JSON.stringify(rules) });
      await change('CreateFilter:fail:#1', 'UpdateCampaign:fail:#1');
      const { filterArn } = await h.control.send(
        new CreateFilterCommand({
          name: 'failing',
          datasetGroupArn,
          filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("like")',
        }),
      );
      const filter = async () => (await h.control.send(new DescribeFilterCommand({ filterArn }))).filter;
      expect(await settled(h, async () => (await filter())?.status)).toBe('CREATE FAILED');
      expect(await filter()).toMatchObject({ failureReason: 'A fault was asked for.' });

      const update = async () => {
        await h.control.send(new UpdateCampaignCommand({ campaignArn, minProvisionedTPS: 2 }));
        const described = async () =>
          (await h.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign;
        await settled(h, async () => (await described())?.latestCampaignUpdate?.status);
        return described();
      };
      expect(await update()).toMatchObject({
        status: 'ACTIVE',
        minProvisionedTPS: 1,
        latestCampaignUpdate: { status: 'CREATE FAILED', failureReason: 'A fault was asked for.' },
      });
      expect(await update()).toMatchObject({
        minProvisionedTPS: 2,
        latestCampaignUpdate: { status: 'ACTIVE' },
      });
    } finally {
      await h.stop();
    }
  });

  it('show a status page, and refuse unsigned requests', async () => {
    const h = await startHarness();
    try {
      await makeWorld(h, 'page');
      const html = await (await fetch(h.url)).text();
      expect(html).toContain('<html lang="en">');
      expect(html).toContain('campaign/page');
      expect(html).toContain('<td>INTERACTIONS</td>');
      const unsigned = await fetch(`${h.url}/events`, { method: 'POST', body: '{}' });
      expect(unsigned.status).toBe(403);
    } finally {
      await h.stop();
    }
  });
});
