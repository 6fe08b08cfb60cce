// The documented errors of every operation, quotas and rates, over HTTP with the real SDK where a client matters.
import * as control from '@aws-sdk/client-personalize';
import { PutEventsCommand, PutItemsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { operations } from '../../src/protocol/model';
import { parseBody, requestOf } from './calls';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import {
  makeDataset,
  makeGroup,
  makeSchema,
  makeSolution,
  makeWorld,
  recipe,
  SCHEMAS,
  type World,
} from './world';

const ARN = 'arn:aws:personalize:eu-central-1:123456789012:';
const S3 = { s3DataSource: { path: 's3://b/k' } };
const S3_OUT = { s3DataDestination: { path: 's3://b/k' } };

/** A valid request for each operation whose subject does not exist. */
const ABSENT: Record<string, object> = {
  CreateBatchInferenceJob: {
    jobName: 'j',
    solutionVersionArn: `${ARN}solution/x/1`,
    jobInput: S3,
    jobOutput: S3_OUT,
    roleArn: ROLE,
  },
  CreateBatchSegmentJob: {
    jobName: 'j',
    solutionVersionArn: `${ARN}solution/x/1`,
    jobInput: S3,
    jobOutput: S3_OUT,
    roleArn: ROLE,
  },
  CreateCampaign: { name: 'c', solutionVersionArn: `${ARN}solution/x/1` },
  CreateDataDeletionJob: {
    jobName: 'j',
    datasetGroupArn: `${ARN}dataset-group/x`,
    dataSource: { dataLocation: 's3://b/' },
    roleArn: ROLE,
  },
  CreateDataset: {
    name: 'd',
    schemaArn: `${ARN}schema/x`,
    datasetGroupArn: `${ARN}dataset-group/x`,
    datasetType: 'Items',
  },
  CreateDatasetExportJob: {
    jobName: 'j',
    datasetArn: `${ARN}dataset/x/ITEMS`,
    roleArn: ROLE,
    jobOutput: S3_OUT,
  },
  CreateDatasetImportJob: {
    jobName: 'j',
    datasetArn: `${ARN}dataset/x/ITEMS`,
    roleArn: ROLE,
    dataSource: { dataLocation: 's3://b/k' },
  },
  CreateEventTracker: { name: 't', datasetGroupArn: `${ARN}dataset-group/x` },
  CreateFilter: { name: 'f', datasetGroupArn: `${ARN}dataset-group/x`, filterExpression: 'x' },
  CreateMetricAttribution: {
    name: 'm',
    datasetGroupArn: `${ARN}dataset-group/x`,
    metrics: [],
    metricsOutputConfig: { roleArn: ROLE },
  },
  CreateRecommender: { name: 'r', datasetGroupArn: `${ARN}dataset-group/x`, recipeArn: recipe('x') },
  CreateSolution: {
    name: 's',
    datasetGroupArn: `${ARN}dataset-group/x`,
    recipeArn: recipe('aws-popularity-count'),
  },
  CreateSolutionVersion: { solutionArn: `${ARN}solution/x` },
  ListSolutionVersions: { solutionArn: `${ARN}solution/x` },
  TagResource: { resourceArn: `${ARN}solution/x`, tags: [{ tagKey: 'a', tagValue: 'b' }] },
  UntagResource: { resourceArn: `${ARN}solution/x`, tagKeys: ['a'] },
  UpdateCampaign: { campaignArn: `${ARN}campaign/x`, minProvisionedTPS: 2 },
  UpdateDataset: { datasetArn: `${ARN}dataset/x/ITEMS`, schemaArn: `${ARN}schema/x` },
  UpdateMetricAttribution: { metricAttributionArn: `${ARN}metric-attribution/x` },
  UpdateRecommender: { recommenderArn: `${ARN}recommender/x`, recommenderConfig: {} },
  PutActionInteractions: {
    trackingId: 'x',
    actionInteractions: [{ actionId: 'a', sessionId: 's', timestamp: 1, eventType: 'e' }],
  },
  PutActions: { datasetArn: `${ARN}dataset/x/ACTIONS`, actions: [{ actionId: 'a' }] },
  PutItems: { datasetArn: `${ARN}dataset/x/ITEMS`, items: [{ itemId: 'a' }] },
  PutUsers: { datasetArn: `${ARN}dataset/x/USERS`, users: [{ userId: 'a' }] },
  GetRecommendations: { campaignArn: `${ARN}campaign/x`, userId: 'u' },
  GetPersonalizedRanking: { campaignArn: `${ARN}campaign/x`, userId: 'u', inputList: ['a'] },
  GetActionRecommendations: { campaignArn: `${ARN}campaign/x`, userId: 'u' },
};

const declaring = (error: string) =>
  [...operations.values()].filter((o) => o.errors.has(error)).map((o) => o.name);

describe('documented errors', () => {
  let h: Harness;
  let world: World;
  beforeAll(async () => {
    h = await startHarness();
    world = await makeWorld(h, 'errors');
  });
  afterAll(() => h.stop());

  const code = async (name: string, body: object) => {
    const { headers } = await h.service.handle(requestOf(name, body));
    return headers['x-amzn-errortype'];
  };
  const refusal = async (promise: Promise<unknown>) => (await errorOf(promise)).name;

  it.each(declaring('ResourceNotFoundException'))(
    '%s answers ResourceNotFoundException for an unknown ARN',
    async (name) => {
      const required = [...(operations.get(name)?.input.required ?? [])];
      const body = ABSENT[name] ?? Object.fromEntries(required.map((member) => [member, `${ARN}thing/x`]));
      expect(await code(name, body)).toBe('ResourceNotFoundException');
    },
  );

  it.each(declaring('InvalidNextTokenException'))(
    '%s answers InvalidNextTokenException for a foreign token',
    async (name) => {
      expect(await code(name, { nextToken: 'foreign' })).toBe('InvalidNextTokenException');
    },
  );

  it.each(declaring('TooManyTagsException').filter((name) => name.startsWith('Create')))(
    '%s answers TooManyTagsException for 51 tags',
    async (name) => {
      const { datasetGroupArn, datasetArns, solutionArn, solutionVersionArn } = world;
      const tags = Array.from({ length: 51 }, (_, i) => ({ tagKey: `k${i}`, tagValue: 'v' }));
      const bodies: Record<string, object> = {
        CreateBatchInferenceJob: { ...ABSENT.CreateBatchInferenceJob, solutionVersionArn },
        CreateCampaign: { name: 'tags', solutionVersionArn },
        CreateDataDeletionJob: { ...ABSENT.CreateDataDeletionJob, datasetGroupArn },
        CreateDatasetExportJob: { ...ABSENT.CreateDatasetExportJob, datasetArn: datasetArns.ITEMS },
        CreateDatasetGroup: { name: 'tags' },
        CreateDatasetImportJob: { ...ABSENT.CreateDatasetImportJob, datasetArn: datasetArns.ITEMS },
        CreateFilter: {
          name: 'f',
          datasetGroupArn,
          filterExpression: 'INCLUDE ItemID WHERE Items.EMOTION IN ("x")',
        },
        CreateSolution: { ...ABSENT.CreateSolution, datasetGroupArn },
        CreateSolutionVersion: { solutionArn },
      };
      // The others cannot be made in this dataset group for reasons that come first.
      const body = bodies[name];
      if (body) expect(await code(name, { ...body, tags })).toBe('TooManyTagsException');
      else
        expect([
          'CreateBatchSegmentJob',
          'CreateDataset',
          'CreateEventTracker',
          'CreateRecommender',
        ]).toContain(name);
    },
  );

  it('gives every list in pages with tokens', async () => {
    for (let i = 0; i < 5; i++) await makeSchema(h, `page-${i}`, SCHEMAS.ITEMS);
    const names: string[] = [];
    for await (const { schemas } of control.paginateListSchemas({ client: h.control, pageSize: 2 }, {})) {
      expect(schemas?.length).toBeLessThanOrEqual(2);
      names.push(...(schemas ?? []).map(({ name }) => name ?? ''));
    }
    expect(names).toEqual(expect.arrayContaining(['page-0', 'page-1', 'page-2', 'page-3', 'page-4']));
    expect(new Set(names).size).toBe(names.length);
  });

  it('refuses a second resource of the same name', async () => {
    const { datasetGroupArn, schemaArns, solutionArn, solutionVersionArn } = world;
    const twice: [string, object][] = [
      ['CreateDatasetGroup', { name: 'errors' }],
      ['CreateSchema', { name: 'errors-ITEMS', schema: SCHEMAS.ITEMS }],
      [
        'CreateDataset',
        { name: 'other', datasetGroupArn, datasetType: 'items', schemaArn: schemaArns.ITEMS },
      ],
      ['CreateEventTracker', { name: 'other', datasetGroupArn }],
      ['CreateSolution', { name: 'errors', datasetGroupArn, recipeArn: recipe('aws-popularity-count') }],
      ['CreateCampaign', { name: 'errors', solutionVersionArn }],
    ];
    for (const [name, body] of twice)
      expect([name, await code(name, body)]).toEqual([name, 'ResourceAlreadyExistsException']);
    expect(await code('CreateSolutionVersion', { solutionArn, name: 'v' })).toBeUndefined();
    expect(await code('CreateSolutionVersion', { solutionArn, name: 'v' })).toBe(
      'ResourceAlreadyExistsException',
    );
  });

  it('refuses work on resources that are not ACTIVE yet', async () => {
    const { datasetGroupArn } = await h.control.send(
      new control.CreateDatasetGroupCommand({ name: 'young' }),
    );
    for (const [name, body] of [
      [
        'CreateDataset',
        { name: 'd', datasetGroupArn, datasetType: 'Items', schemaArn: world.schemaArns.ITEMS },
      ],
      ['CreateEventTracker', { name: 'young', datasetGroupArn }],
      ['CreateSolution', { name: 'young', datasetGroupArn, recipeArn: recipe('aws-popularity-count') }],
      ['CreateFilter', { name: 'young', datasetGroupArn, filterExpression: 'x' }],
      ['DeleteDatasetGroup', { datasetGroupArn }],
    ] as const) {
      expect([name, await code(name, body)]).toEqual([name, 'ResourceInUseException']);
    }
  });

  it.each([
    ['without a recipe', { recipeArn: undefined }],
    ['with both a recipe and AutoML', { performAutoML: true }],
    [
      'with a hyperparameter that the recipe has not',
      { solutionConfig: { algorithmHyperParameters: { nonsense: '1' } } },
    ],
    ['with a threshold but no event type', { solutionConfig: { eventValueThreshold: '1' } }],
    [
      'with a threshold that is no number',
      { eventType: 'like', solutionConfig: { eventValueThreshold: 'much' } },
    ],
    [
      'with a schedule of 31 days',
      { solutionConfig: { autoTrainingConfig: { schedulingExpression: 'rate(31 days)' } } },
    ],
    [
      'with events of a recipe that weighs none',
      { solutionConfig: { eventsConfig: { eventParametersList: [{ eventType: 'a', weight: 1 }] } } },
    ],
    [
      'with an objective of a recipe that has none',
      { solutionConfig: { optimizationObjective: { itemAttribute: 'PRICE' } } },
    ],
    ['with incremental updates', { performIncrementalUpdate: true }],
    [
      'with 41 HPO jobs',
      {
        performHPO: true,
        solutionConfig: { hpoConfig: { hpoResourceConfig: { maxNumberOfTrainingJobs: '41' } } },
      },
    ],
  ])('refuses a solution %s', async (_what, members) => {
    const { datasetGroupArn } = world;
    const input = { name: 'bad', datasetGroupArn, recipeArn: recipe('aws-popularity-count'), ...members };
    expect(await code('CreateSolution', input)).toBe('InvalidInputException');
  });

  it('refuses events for unknown trackers, bad properties and unknown datasets with the modelled errors', async () => {
    const event = { eventType: 'like', sentAt: new Date(), itemId: 'item-1' };
    const put = (trackingId: string, more: object = {}) =>
      h.events.send(
        new PutEventsCommand({ trackingId, sessionId: 's', userId: 'u', eventList: [{ ...event, ...more }] }),
      );
    expect(await refusal(put('nobody'))).toBe('InvalidInputException');
    expect(await refusal(put(world.trackingId, { properties: '{' }))).toBe('InvalidInputException');
    expect(await refusal(put(world.trackingId, { impression: [] }))).toBe('InvalidInputException');
    const error = await errorOf(
      h.events.send(
        new PutItemsCommand({ datasetArn: `${ARN}dataset/none/ITEMS`, items: [{ itemId: 'i' }] }),
      ),
    );
    expect(error).toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
  });

  it.each([
    ['both a campaign and a recommender', { recommenderArn: `${ARN}recommender/x` }],
    ['501 results', { numResults: 501 }],
    ['filter values without a filter', { filterValues: { A: '"x"' } }],
    ['metadata of a campaign that has none', { metadataColumns: { ITEMS: ['EMOTION'] } }],
    ['a promotion without a filter', { promotions: [{ name: 'p', percentPromotedItems: 10 }] }],
  ])('refuses recommendations with %s', async (_what, members) => {
    const input = { campaignArn: world.campaignArn, userId: 'u', ...members };
    expect(await refusal(h.runtime.send(new GetRecommendationsCommand(input)))).toBe('InvalidInputException');
  });

  it('refuses runtime operations that the recipe does not answer', async () => {
    const { campaignArn } = world;
    expect(await code('GetPersonalizedRanking', { campaignArn, userId: 'u', inputList: ['item-1'] })).toBe(
      'InvalidInputException',
    );
    expect(await code('GetActionRecommendations', { campaignArn, userId: 'u' })).toBe(
      'InvalidInputException',
    );
  });

  it('answers malformed requests in the form of the service', async () => {
    const response = await h.service.handle(requestOf('CreateSchema', '{"name":'));
    expect(response.status).toBe(400);
    expect(response.headers['content-type']).toBe('application/x-amz-json-1.1');
    expect(parseBody(response.body.toString())).toMatchObject({ __type: 'SerializationException' });
    const unknown = requestOf('CreateSchema', '{}');
    const target = { ...unknown.headers, 'x-amz-target': 'AmazonPersonalize.MakeCoffee' };
    expect((await h.service.handle({ ...unknown, headers: target })).headers['x-amzn-errortype']).toBe(
      'UnknownOperationException',
    );
  });
});

describe('quotas and rates', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness({ quotas: true });
  });
  afterAll(() => h.stop());

  /** A call in the next second of service time, so that rates do not get in the way. */
  const paced = async (name: string, body: object) => {
    h.clock.advance(1000);
    const { status, headers, body: bytes } = await h.service.handle(requestOf(name, body));
    return { status, code: headers['x-amzn-errortype'], body: parseBody(bytes.toString()) };
  };

  it('allow one control-plane request a second of each operation', async () => {
    h.clock.advance(1000);
    const call = (name: string) => h.service.handle(requestOf(name, {}));
    expect((await call('ListSchemas')).status).toBe(200);
    expect((await call('ListSchemas')).headers['x-amzn-errortype']).toBe('ThrottlingException');
    expect((await call('ListCampaigns')).status).toBe(200);
    h.clock.advance(1000);
    expect((await call('ListSchemas')).status).toBe(200);
  });

  it('end at 5 dataset groups', async () => {
    for (let i = 0; i < 5; i++)
      expect((await paced('CreateDatasetGroup', { name: `g${i}` })).status).toBe(200);
    const sixth = await paced('CreateDatasetGroup', { name: 'g6' });
    expect(sixth.code).toBe('LimitExceededException');
    expect(sixth.body.message).toContain('More than 5 resources in ACTIVE state');
  });

  it('end at 5 import jobs under way, with the documented text, and at 20 solutions', async () => {
    const datasetGroupArn = `${ARN}dataset-group/g0`;
    await h.until(async () => {
      const { body } = await paced('DescribeDatasetGroup', { datasetGroupArn });
      return (body.datasetGroup as { status: string }).status === 'ACTIVE';
    });
    const schemaArn = (await paced('CreateSchema', { name: 's', schema: SCHEMAS.ITEMS })).body.schemaArn;
    await paced('CreateDataset', { name: 'd', datasetGroupArn, datasetType: 'Items', schemaArn });
    const datasetArn = `${ARN}dataset/g0/ITEMS`;
    await h.until(async () => {
      const { body } = await paced('DescribeDataset', { datasetArn });
      return (body.dataset as { status: string }).status === 'ACTIVE';
    });
    const job = (i: number) =>
      paced('CreateDatasetImportJob', {
        jobName: `j${i}`,
        datasetArn,
        roleArn: ROLE,
        dataSource: { dataLocation: 's3://b/k' },
      });
    for (let i = 0; i < 5; i++) expect((await job(i)).status).toBe(200);
    const sixth = await job(5);
    expect(sixth.code).toBe('LimitExceededException');
    expect(sixth.body.message).toBe('More than 5 resources with PENDING or IN_PROGRESS status.');
    const solution = (i: number) =>
      paced('CreateSolution', { name: `s${i}`, datasetGroupArn, recipeArn: recipe('aws-popularity-count') });
    for (let i = 0; i < 20; i++) expect((await solution(i)).status).toBe(200);
    expect((await solution(20)).code).toBe('LimitExceededException');
  });

  it('allow 10 PutItems a second', async () => {
    const put = () =>
      h.service.handle(
        requestOf('PutItems', {
          datasetArn: `${ARN}dataset/g0/ITEMS`,
          items: [{ itemId: 'i', properties: '{"emotion":"sad"}' }],
        }),
      );
    h.clock.advance(1000);
    for (let i = 0; i < 10; i++) expect((await put()).status).toBe(200);
    const { status, headers } = await put();
    expect([status, headers['x-amzn-errortype']]).toEqual([429, 'ThrottlingException']);
  });
});

describe('domain dataset groups', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.stop());

  it('take schemas of their domain only', async () => {
    const datasetGroupArn = await makeGroup(h, 'shop', 'ECOMMERCE');
    const custom = await makeSchema(h, 'custom', SCHEMAS.INTERACTIONS);
    expect((await errorOf(makeDataset(h, datasetGroupArn, 'Interactions', custom))).name).toBe(
      'InvalidInputException',
    );
    const fits = await makeSchema(h, 'domain', SCHEMAS.INTERACTIONS, 'ECOMMERCE');
    expect(await makeDataset(h, datasetGroupArn, 'Interactions', fits)).toContain(
      'dataset/shop/INTERACTIONS',
    );
    expect(await makeSolution(h, { name: 'custom-in-domain', datasetGroupArn })).toContain(
      'solution/custom-in-domain',
    );
  });
});
