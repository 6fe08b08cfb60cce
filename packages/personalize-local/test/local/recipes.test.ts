import {
  CreateRecommenderCommand,
  DeleteRecommenderCommand,
  DescribeAlgorithmCommand,
  DescribeFeatureTransformationCommand,
  DescribeRecipeCommand,
  DescribeRecommenderCommand,
  ListRecommendersCommand,
  StartRecommenderCommand,
  StopRecommenderCommand,
  UpdateRecommenderCommand,
} from '@aws-sdk/client-personalize';
import { PutEventsCommand } from '@aws-sdk/client-personalize-events';
import { GetRecommendationsCommand } from '@aws-sdk/client-personalize-runtime';
import { errorOf, type Harness, startHarness } from './harness';
import {
  gone,
  makeDataset,
  makeGroup,
  makeSchema,
  makeTracker,
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

  it('are described with their algorithms and feature transformations', async () => {
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
