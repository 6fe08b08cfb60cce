// The whole way through the service once: data, training, recommendations, deletion, with the real SDK.
import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateEventTrackerCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DeleteCampaignCommand,
  DeleteDatasetCommand,
  DeleteDatasetGroupCommand,
  DeleteEventTrackerCommand,
  DeleteSchemaCommand,
  DeleteSolutionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeEventTrackerCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  GetSolutionMetricsCommand,
} from '@aws-sdk/client-personalize';
import { PutEventsCommand, PutItemsCommand, PutUsersCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { errorOf, type Harness, startHarness } from './harness';

const field = (name: string, type: unknown, extra: object = {}) => ({ name, type, ...extra });
const schema = (name: string, fields: object[]) =>
  JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields,
    version: '1.0',
  });

const INTERACTIONS = schema('Interactions', [
  field('USER_ID', 'string'),
  field('ITEM_ID', 'string'),
  field('TIMESTAMP', 'long'),
  field('EVENT_TYPE', 'string'),
]);
const ITEMS = schema('Items', [
  field('ITEM_ID', 'string'),
  field('EMOTION', 'string', { categorical: true }),
]);
const USERS = schema('Users', [
  field('USER_ID', 'string'),
  field('EMOTION', 'string', { categorical: true }),
]);

describe('from nothing to recommendations and back', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.stop());

  it('walks the whole life cycle', async () => {
    const { control, events, runtime } = h;
    const { datasetGroupArn } = await control.send(new CreateDatasetGroupCommand({ name: 'gallery' }));
    const group = await control.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    expect(group.datasetGroup).toMatchObject({ name: 'gallery', status: 'CREATE PENDING' });
    await h.until(
      async () =>
        (await control.send(new DescribeDatasetGroupCommand({ datasetGroupArn }))).datasetGroup?.status ===
        'ACTIVE',
    );

    const datasetArns: string[] = [];
    const schemaArns: string[] = [];
    for (const [datasetType, text] of [
      ['Interactions', INTERACTIONS],
      ['Items', ITEMS],
      ['Users', USERS],
    ] as const) {
      const { schemaArn } = await control.send(
        new CreateSchemaCommand({ name: `gallery-${datasetType}`, schema: text }),
      );
      const { datasetArn } = await control.send(
        new CreateDatasetCommand({ name: `gallery-${datasetType}`, datasetGroupArn, datasetType, schemaArn }),
      );
      schemaArns.push(schemaArn ?? '');
      datasetArns.push(datasetArn ?? '');
      await h.until(
        async () =>
          (await control.send(new DescribeDatasetCommand({ datasetArn }))).dataset?.status === 'ACTIVE',
      );
    }
    const [, itemsArn, usersArn] = datasetArns;

    const { eventTrackerArn, trackingId } = await control.send(
      new CreateEventTrackerCommand({ name: 'gallery', datasetGroupArn }),
    );
    await h.until(
      async () =>
        (await control.send(new DescribeEventTrackerCommand({ eventTrackerArn }))).eventTracker?.status ===
        'ACTIVE',
    );

    await events.send(
      new PutItemsCommand({
        datasetArn: itemsArn,
        items: Array.from({ length: 10 }, (_, i) => ({
          itemId: `item-${i}`,
          properties: JSON.stringify({ emotion: i % 2 ? 'happy' : 'sad' }),
        })),
      }),
    );
    await events.send(
      new PutUsersCommand({
        datasetArn: usersArn,
        users: [{ userId: 'user-1', properties: JSON.stringify({ emotion: 'happy' }) }],
      }),
    );
    const send = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, k) => {
          const user = from + k;
          return events.send(
            new PutEventsCommand({
              trackingId,
              userId: `user-${user % 50}`,
              sessionId: `session-${user % 50}`,
              eventList: Array.from({ length: 10 }, (_, i) => ({
                eventType: 'like',
                eventId: `event-${user}-${i}`,
                // item-9 is liked by everybody, item-0 by a tenth.
                itemId: `item-${Math.max(i, (user * 7) % 10)}`,
                sentAt: new Date(Date.UTC(2025, 11, 1) + user * 60_000 + i * 1000),
              })),
            }),
          );
        }),
      );
    await send(0, 99);

    const solution = await control.send(
      new CreateSolutionCommand({
        name: 'gallery',
        datasetGroupArn,
        recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
        performAutoTraining: false,
      }),
    );
    const { solutionArn } = solution;
    await h.until(
      async () =>
        (await control.send(new DescribeSolutionCommand({ solutionArn }))).solution?.status === 'ACTIVE',
    );
    const train = async () => {
      const { solutionVersionArn } = await control.send(new CreateSolutionVersionCommand({ solutionArn }));
      const describe = async () =>
        (await control.send(new DescribeSolutionVersionCommand({ solutionVersionArn }))).solutionVersion;
      await h.until(async () => /ACTIVE|FAILED/.test((await describe())?.status ?? ''));
      return describe();
    };
    const tooSmall = await train();
    expect(tooSmall?.status).toBe('CREATE FAILED');
    expect(tooSmall?.failureReason).toMatch(/fewer than 1000 interactions/);

    await send(99, 101);
    const version = await train();
    expect(version?.failureReason).toBeUndefined();
    expect(version).toMatchObject({ status: 'ACTIVE', trainingMode: 'FULL', trainingType: 'MANUAL' });
    const { solutionVersionArn } = version ?? {};
    const { metrics } = await control.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    expect(metrics).toHaveProperty('precision_at_5');

    const { campaignArn } = await control.send(
      new CreateCampaignCommand({ name: 'gallery', solutionVersionArn, minProvisionedTPS: 1 }),
    );
    expect(
      (await errorOf(runtime.send(new GetRecommendationsCommand({ campaignArn, userId: 'user-1' })))).name,
    ).toBe('ResourceNotFoundException');
    await h.until(
      async () =>
        (await control.send(new DescribeCampaignCommand({ campaignArn }))).campaign?.status === 'ACTIVE',
    );
    const { itemList, recommendationId } = await runtime.send(
      new GetRecommendationsCommand({ campaignArn, userId: 'user-1', numResults: 3 }),
    );
    expect(itemList).toHaveLength(3);
    expect(itemList?.[0]?.itemId).toBe('item-9');
    expect(recommendationId).toMatch(/^RID-[0-9a-f-]{36}$/);

    await control.send(new DeleteCampaignCommand({ campaignArn }));
    const gone = (describe: () => Promise<unknown>) =>
      h.until(async () => {
        try {
          await describe();
          return false;
        } catch (error) {
          return (error as Error).name === 'ResourceNotFoundException';
        }
      });
    await gone(() => control.send(new DescribeCampaignCommand({ campaignArn })));
    await control.send(new DeleteSolutionCommand({ solutionArn }));
    await gone(() => control.send(new DescribeSolutionCommand({ solutionArn })));
    await control.send(new DeleteEventTrackerCommand({ eventTrackerArn }));
    await gone(() => control.send(new DescribeEventTrackerCommand({ eventTrackerArn })));
    for (const datasetArn of datasetArns) {
      await control.send(new DeleteDatasetCommand({ datasetArn }));
      await gone(() => control.send(new DescribeDatasetCommand({ datasetArn })));
    }
    await control.send(new DeleteDatasetGroupCommand({ datasetGroupArn }));
    await gone(() => control.send(new DescribeDatasetGroupCommand({ datasetGroupArn })));
    for (const schemaArn of schemaArns) await control.send(new DeleteSchemaCommand({ schemaArn }));
  });
});
