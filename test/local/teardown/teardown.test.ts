// Taking a dataset group down against the service that runs on localhost: everything goes, in the right order, from any state.
import {
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateEventTrackerCommand,
  CreateFilterCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeEventTrackerCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  ListDatasetGroupsCommand,
  ListSchemasCommand,
} from '@aws-sdk/client-personalize';
import { PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { deleteSchemas, inventory, pass, type Scope } from '../../../lambda/teardown/teardown';
import { type Harness, startHarness } from '../../../packages/personalize-local/test/local/harness';

const schema = JSON.stringify({
  type: 'record',
  name: 'Interactions',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TIMESTAMP', type: 'long' },
    { name: 'EVENT_TYPE', type: 'string' },
  ],
  version: '1.0',
});

/** 25 people with 40 events each: just enough to train. */
async function putEnoughEvents({ events }: Harness, trackingId: string): Promise<void> {
  for (let user = 0; user < 25; user++) {
    for (let batch = 0; batch < 4; batch++) {
      const eventList = Array.from({ length: 10 }, (_, index) => ({
        eventType: 'like',
        itemId: `item-${(user * 7 + batch * 10 + index) % 60}`,
        sentAt: new Date(Date.UTC(2025, 11, 1, user, batch, index)),
      }));
      await events.send(
        new PutEventsCommand({ trackingId, userId: `user-${user}`, sessionId: `s-${user}`, eventList }),
      );
    }
  }
}

describe('taking a dataset group down', () => {
  let h: Harness;
  let datasetGroupArn = '';
  beforeEach(async () => {
    h = await startHarness();
    datasetGroupArn = await build(h);
  });
  afterEach(() => h.stop());

  /** A group with a campaign in service, a training under way, a tracker, a filter and a dataset. */
  async function build({ control, until }: Harness): Promise<string> {
    const isActive = (describe: () => Promise<string | undefined>) =>
      until(async () => (await describe()) === 'ACTIVE');
    const group = await control.send(new CreateDatasetGroupCommand({ name: 'gallery' }));
    const groupArn = group.datasetGroupArn ?? '';
    await isActive(
      async () =>
        (await control.send(new DescribeDatasetGroupCommand({ datasetGroupArn: groupArn }))).datasetGroup
          ?.status,
    );
    const { schemaArn } = await control.send(new CreateSchemaCommand({ name: 'interactions', schema }));
    const { datasetArn } = await control.send(
      new CreateDatasetCommand({
        name: 'likes',
        datasetType: 'Interactions',
        datasetGroupArn: groupArn,
        schemaArn,
      }),
    );
    await isActive(
      async () => (await control.send(new DescribeDatasetCommand({ datasetArn }))).dataset?.status,
    );
    const { eventTrackerArn, trackingId = '' } = await control.send(
      new CreateEventTrackerCommand({ name: 'tracker', datasetGroupArn: groupArn }),
    );
    await isActive(
      async () =>
        (await control.send(new DescribeEventTrackerCommand({ eventTrackerArn }))).eventTracker?.status,
    );
    await putEnoughEvents(h, trackingId);
    await control.send(
      new CreateFilterCommand({
        name: 'seen',
        datasetGroupArn: groupArn,
        filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
      }),
    );
    const { solutionArn } = await control.send(
      new CreateSolutionCommand({
        name: 'popular',
        datasetGroupArn: groupArn,
        recipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
        performAutoTraining: false,
      }),
    );
    await isActive(
      async () => (await control.send(new DescribeSolutionCommand({ solutionArn }))).solution?.status,
    );
    const { solutionVersionArn } = await control.send(new CreateSolutionVersionCommand({ solutionArn }));
    await isActive(
      async () =>
        (await control.send(new DescribeSolutionVersionCommand({ solutionVersionArn }))).solutionVersion
          ?.status,
    );
    const { campaignArn } = await control.send(
      new CreateCampaignCommand({ name: 'popular', solutionVersionArn }),
    );
    await isActive(
      async () => (await control.send(new DescribeCampaignCommand({ campaignArn }))).campaign?.status,
    );
    await control.send(new CreateSolutionVersionCommand({ solutionArn }));
    return groupArn;
  }

  const untilNothingIsLeft = (scope: Scope) =>
    h.until(async () => (await pass(h.control, datasetGroupArn, scope)).length === 0, `the end of ${scope}`);

  test('a dry run lists everything and touches nothing', async () => {
    const first = await inventory(h.control, datasetGroupArn, 'everything');
    const kinds = first.map(({ kind }) => kind);
    for (const kind of [
      'campaign',
      'solution',
      'solution version',
      'event tracker',
      'filter',
      'dataset',
      'dataset group',
      'schema',
    ]) {
      expect(kinds).toContain(kind);
    }
    expect(await inventory(h.control, datasetGroupArn, 'everything')).toEqual(first);
  });

  test('everything goes, a training in flight and the schemas included', async () => {
    const schemas = (await inventory(h.control, datasetGroupArn, 'everything')).filter(
      ({ kind }) => kind === 'schema',
    );
    await untilNothingIsLeft('everything');
    await deleteSchemas(
      h.control,
      schemas.map(({ arn }) => arn),
    );
    expect((await h.control.send(new ListDatasetGroupsCommand({}))).datasetGroups).toEqual([]);
    expect((await h.control.send(new ListSchemasCommand({}))).schemas).toEqual([]);
    expect(await pass(h.control, datasetGroupArn, 'everything')).toEqual([]);
  });

  test('each call failing once only takes longer: what is left is begun again', async () => {
    const operations = [
      ...[
        'ListSolutions',
        'ListCampaigns',
        'StopSolutionVersionCreation',
        'DeleteCampaign',
        'DeleteSolution',
      ],
      ...['ListEventTrackers', 'DeleteEventTracker', 'DeleteFilter', 'ListDatasets', 'DeleteDataset'],
      ...['DescribeDatasetGroup', 'DeleteDatasetGroup'],
    ];
    h.service.setFaults(operations.map((operation) => `${operation}:500:#1`));
    let failures = 0;
    const isEmpty = async () => {
      try {
        return (await pass(h.control, datasetGroupArn, 'everything')).length === 0;
      } catch (error) {
        expect(String(error)).toContain('A fault was asked for.');
        failures += 1;
        return false;
      }
    };
    await h.until(isEmpty, 'the end of everything');
    expect(failures).toBe(operations.length);
    expect((await h.control.send(new ListDatasetGroupsCommand({}))).datasetGroups).toEqual([]);
  });

  test('the scope "trained" leaves the group, its data and its tracker alone', async () => {
    await untilNothingIsLeft('trained');
    const left = await inventory(h.control, datasetGroupArn, 'everything');
    expect(left.map(({ kind }) => kind).sort()).toEqual([
      'dataset',
      'dataset group',
      'event tracker',
      'filter',
      'schema',
    ]);
  });
});
