// The resource types that only some recipes have: recommenders, segments, actions, related items.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateBatchSegmentJobCommand,
  CreateRecommenderCommand,
  DeleteRecommenderCommand,
  DescribeAlgorithmCommand,
  DescribeBatchSegmentJobCommand,
  DescribeFeatureTransformationCommand,
  DescribeRecipeCommand,
  DescribeRecommenderCommand,
  DescribeSolutionCommand,
  ListRecipesCommand,
  ListRecommendersCommand,
  StartRecommenderCommand,
  StopRecommenderCommand,
  UpdateRecommenderCommand,
} from '@aws-sdk/client-personalize';
import {
  PutActionInteractionsCommand,
  PutActionsCommand,
  PutEventsCommand,
  PutUsersCommand,
} from '@aws-sdk/client-personalize-events';
import {
  GetActionRecommendationsCommand,
  GetRecommendationsCommand,
} from '@aws-sdk/client-personalize-runtime';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import {
  avro,
  describeVersion,
  gone,
  makeCampaign,
  makeDataset,
  makeGroup,
  makeSchema,
  makeSolution,
  makeTracker,
  makeVersion,
  makeWorld,
  recipe,
  SCHEMAS,
  settled,
  type World,
} from './world';

const refusal = async (promise: Promise<unknown>) => (await errorOf(promise)).name;

describe('a recommender', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.stop());

  it('trains, answers, is updated, stopped, started and deleted', async () => {
    const { control, runtime } = h;
    const datasetGroupArn = await makeGroup(h, 'films', 'VIDEO_ON_DEMAND');
    const schemaArn = await makeSchema(h, 'films', SCHEMAS.INTERACTIONS, 'VIDEO_ON_DEMAND');
    await makeDataset(h, datasetGroupArn, 'Interactions', schemaArn);
    const { trackingId } = await makeTracker(h, datasetGroupArn, 'films');
    await Promise.all(
      Array.from({ length: 110 }, (_, request) =>
        h.events.send(
          new PutEventsCommand({
            trackingId,
            userId: `user-${request % 40}`,
            sessionId: 's',
            eventList: Array.from({ length: 10 }, (_, i) => ({
              eventType: 'Watch',
              itemId: `film-${Math.max(i, request % 10)}`,
              sentAt: new Date(Date.UTC(2025, 11, 1) + request * 60_000 + i * 1000),
            })),
          }),
        ),
      ),
    );
    const recipeArn = recipe('aws-vod-most-popular');
    const { recommenderArn } = await control.send(
      new CreateRecommenderCommand({ name: 'popular', datasetGroupArn, recipeArn }),
    );
    const describe = async () =>
      (await control.send(new DescribeRecommenderCommand({ recommenderArn }))).recommender;
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    expect((await describe())?.failureReason).toBeUndefined();
    const ask = () =>
      runtime.send(new GetRecommendationsCommand({ recommenderArn, userId: 'user-1', numResults: 2 }));
    const { itemList } = await ask();
    expect(itemList?.[0]).toEqual({ itemId: 'film-9' });

    await control.send(
      new UpdateRecommenderCommand({
        recommenderArn,
        recommenderConfig: { minRecommendationRequestsPerSecond: 3 },
      }),
    );
    expect((await ask()).itemList).toHaveLength(2);
    expect(await refusal(control.send(new StopRecommenderCommand({ recommenderArn })))).toBe(
      'ResourceInUseException',
    );
    await h.until(async () => (await describe())?.latestRecommenderUpdate?.status === 'ACTIVE');
    expect((await describe())?.recommenderConfig?.minRecommendationRequestsPerSecond).toBe(3);

    await control.send(new StopRecommenderCommand({ recommenderArn }));
    expect((await describe())?.status).toBe('STOP PENDING');
    expect(await settled(h, async () => (await describe())?.status)).toBe('INACTIVE');
    expect(await refusal(ask())).toBe('ResourceNotFoundException');
    expect(await refusal(control.send(new StopRecommenderCommand({ recommenderArn })))).toBe(
      'ResourceInUseException',
    );
    await control.send(new StartRecommenderCommand({ recommenderArn }));
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    expect((await ask()).itemList).toHaveLength(2);

    const { recommenders } = await control.send(new ListRecommendersCommand({ datasetGroupArn }));
    expect(recommenders).toHaveLength(1);
    expect(
      await refusal(
        control.send(
          new CreateRecommenderCommand({
            name: 'shop',
            datasetGroupArn,
            recipeArn: recipe('aws-ecomm-recommended-for-you'),
          }),
        ),
      ),
    ).toBe('InvalidInputException');
    await control.send(new DeleteRecommenderCommand({ recommenderArn }));
    await gone(h, describe);
  });
});

describe('recipes of other types', () => {
  let h: Harness;
  let world: World;
  beforeAll(async () => {
    h = await startHarness();
    world = await makeWorld(h, 'types', 'aws-sims');
  });
  afterAll(() => h.stop());

  it('relate items to an item, and need one', async () => {
    const { campaignArn } = world;
    const { itemList } = await h.runtime.send(
      new GetRecommendationsCommand({ campaignArn, itemId: 'item-3' }),
    );
    expect(itemList?.length).toBeGreaterThan(0);
    expect(
      await refusal(h.runtime.send(new GetRecommendationsCommand({ campaignArn, userId: 'user-1' }))),
    ).toBe('InvalidInputException');
    const unknown = await h.runtime.send(new GetRecommendationsCommand({ campaignArn, itemId: 'nothing' }));
    expect(unknown.itemList?.length).toBeGreaterThan(0);
  });

  it('write user segments', async () => {
    const { datasetGroupArn } = world;
    const solutionArn = await makeSolution(h, {
      name: 'segments',
      datasetGroupArn,
      recipeArn: recipe('aws-item-affinity'),
    });
    const solutionVersionArn = await makeVersion(h, solutionArn);
    expect(await refusal(makeCampaign(h, 'segments', solutionVersionArn))).toBe('InvalidInputException');
    const bucket = join(h.s3Dir, 'bucket', 'segments');
    await mkdir(bucket, { recursive: true });
    await writeFile(join(bucket, 'items.json'), '{"itemId":"item-3"}\n');
    const { batchSegmentJobArn } = await h.control.send(
      new CreateBatchSegmentJobCommand({
        jobName: 'segments',
        solutionVersionArn,
        numResults: 5,
        roleArn: ROLE,
        jobInput: { s3DataSource: { path: 's3://bucket/segments/' } },
        jobOutput: { s3DataDestination: { path: 's3://bucket/segments-out/' } },
      }),
    );
    const describe = async () =>
      (await h.control.send(new DescribeBatchSegmentJobCommand({ batchSegmentJobArn }))).batchSegmentJob;
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    const line = JSON.parse(await readFile(join(h.s3Dir, 'bucket/segments-out/items.json.out'), 'utf8'));
    expect(line).toMatchObject({ input: { itemId: 'item-3' }, error: null });
    expect(line.output.recommendedUsers).toHaveLength(5);
  });

  it('recommend actions', async () => {
    const { datasetGroupArn } = world;
    const actions = avro('Actions', [
      { name: 'ACTION_ID', type: 'string' },
      { name: 'KIND', type: ['null', 'string'], categorical: true },
    ]);
    const actionsArn = await makeDataset(
      h,
      datasetGroupArn,
      'Actions',
      await makeSchema(h, 'actions', actions),
    );
    const interactionsArn = await makeDataset(
      h,
      datasetGroupArn,
      'Action_Interactions',
      await makeSchema(h, 'action-interactions', SCHEMAS.ACTION_INTERACTIONS),
    );
    const { body } = await h.service.handle({
      method: 'POST',
      path: '/',
      query: {},
      headers: { 'x-amz-target': 'AmazonPersonalize.DescribeDataset' },
      body: Buffer.from(JSON.stringify({ datasetArn: interactionsArn })),
    });
    const { trackingId } = JSON.parse(body.toString()).dataset;
    await h.events.send(
      new PutActionsCommand({
        datasetArn: actionsArn,
        actions: ['join', 'review', 'subscribe'].map((actionId) => ({
          actionId,
          properties: '{"kind":"club"}',
        })),
      }),
    );
    await h.events.send(
      new PutUsersCommand({
        datasetArn: world.datasetArns.USERS,
        users: [{ userId: 'user-1', properties: '{"emotion":"sad"}' }],
      }),
    );
    for (let i = 0; i < 30; i++) {
      await h.events.send(
        new PutActionInteractionsCommand({
          trackingId,
          actionInteractions: Array.from({ length: 5 }, (_, k) => ({
            actionId: ['join', 'review', 'subscribe'][(i + k) % 3],
            userId: `user-${i}`,
            sessionId: 's',
            eventType: k % 2 ? 'TAKEN' : 'NOT_TAKEN',
            timestamp: new Date(h.clock.now() - 86_400_000 + i * 60_000 + k * 1000),
          })),
        }),
      );
    }
    const solutionArn = await makeSolution(h, {
      name: 'actions',
      datasetGroupArn,
      recipeArn: recipe('aws-next-best-action'),
    });
    const campaignArn = await makeCampaign(h, 'actions', await makeVersion(h, solutionArn));
    const { actionList, recommendationId } = await h.runtime.send(
      new GetActionRecommendationsCommand({ campaignArn, userId: 'user-1', numResults: 2 }),
    );
    expect(actionList).toHaveLength(2);
    expect(['join', 'review', 'subscribe']).toContain(actionList?.[0]?.actionId);
    expect(recommendationId).toMatch(/^RID-/);
  });

  it('are chosen by AutoML when a solution names none', async () => {
    const solutionArn = await makeSolution(h, {
      name: 'automatic',
      datasetGroupArn: world.datasetGroupArn,
      recipeArn: undefined,
      performAutoML: true,
    });
    const version = await describeVersion(h, await makeVersion(h, solutionArn));
    expect(version?.recipeArn).toMatch(/recipe\/aws-(user-personalization|popularity-count)$/);
    const { solution } = await h.control.send(new DescribeSolutionCommand({ solutionArn }));
    expect(solution?.autoMLResult?.bestRecipeArn).toBe(version?.recipeArn);
  });

  it('are described with their algorithms and feature transformations', async () => {
    const { recipes } = await h.control.send(new ListRecipesCommand({}));
    expect(recipes?.length).toBeGreaterThan(15);
    const { recipes: films } = await h.control.send(new ListRecipesCommand({ domain: 'VIDEO_ON_DEMAND' }));
    expect(films?.every(({ domain }) => domain === 'VIDEO_ON_DEMAND')).toBe(true);
    const described = await h.control.send(new DescribeRecipeCommand({ recipeArn: recipe('aws-sims') }));
    expect(described.recipe).toMatchObject({
      name: 'aws-sims',
      recipeType: 'RELATED_ITEMS',
      status: 'ACTIVE',
    });
    const { algorithmArn, featureTransformationArn } = described.recipe ?? {};
    const { algorithm } = await h.control.send(new DescribeAlgorithmCommand({ algorithmArn }));
    expect(algorithm?.defaultHyperParameters).toMatchObject({ popularity_discount_factor: '0.5' });
    const { featureTransformation } = await h.control.send(
      new DescribeFeatureTransformationCommand({ featureTransformationArn }),
    );
    expect(featureTransformation?.status).toBe('ACTIVE');
  });
});
