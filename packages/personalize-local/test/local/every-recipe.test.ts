// Every recipe through the SDK: import, train, metrics, campaign or recommender, answers, and what a new event changes.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CreateBatchSegmentJobCommand,
  CreateDatasetImportJobCommand,
  CreateRecommenderCommand,
  CreateSolutionVersionCommand,
  DescribeBatchSegmentJobCommand,
  DescribeDatasetCommand,
  DescribeDatasetImportJobCommand,
  DescribeRecommenderCommand,
  DescribeSolutionCommand,
  type Domain,
  GetSolutionMetricsCommand,
} from '@aws-sdk/client-personalize';
import { PutActionInteractionsCommand, PutEventsCommand } from '@aws-sdk/client-personalize-events';
import {
  GetActionRecommendationsCommand,
  GetPersonalizedRankingCommand,
  GetRecommendationsCommand,
} from '@aws-sdk/client-personalize-runtime';
import { recipes } from '../../src/recipes';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import {
  avro,
  describeVersion,
  makeCampaign,
  makeDataset,
  makeGroup,
  makeSchema,
  makeSolution,
  makeTracker,
  makeVersion,
  recipe,
  SCHEMAS,
  settled,
} from './world';

const field = (name: string, type: unknown = 'string', extra: object = {}) => ({ name, type, ...extra });
const categorical = { categorical: true };
const tasteOf = (item: number) => (item % 2 === 0 ? 'happy' : 'sad');

const schemas = {
  Interactions: avro('Interactions', [
    field('USER_ID'),
    field('ITEM_ID'),
    field('TIMESTAMP', 'long'),
    field('EVENT_TYPE'),
  ]),
  Items: avro('Items', [
    field('ITEM_ID'),
    field('CREATION_TIMESTAMP', 'long'),
    field('GENRES', ['null', 'string'], categorical),
    field('CATEGORY_L1', ['null', 'string'], categorical),
    field('PRICE', ['null', 'float']),
    field('DESCRIPTION', ['null', 'string'], { textual: true }),
    field('NAME', ['null', 'string'], { itemName: true }),
  ]),
  Users: avro('Users', [field('USER_ID'), field('GENDER', 'string', categorical), field('AGE', 'int')]),
  Actions: avro('Actions', [field('ACTION_ID'), field('KIND', ['null', 'string'], categorical)]),
  Action_Interactions: SCHEMAS.ACTION_INTERACTIONS,
};

/** Thirty people who like every second item, with one exception in seven; each has forty events of the given types. */
const interactionRows = (eventTypes: readonly string[]) =>
  Array.from({ length: 1200 }, (_, i) => {
    const user = i % 30;
    const step = Math.floor(i / 30);
    const item = ((step * 7 + user * 3) % 30) * 2 + ((user + Number(step % 7 === 0)) % 2);
    const type = eventTypes[step % eventTypes.length];
    return `user-${user},item-${item},${1_760_000_000 + i * 60}${type ? `,${type}` : ''}`;
  });

const csvs = {
  Interactions: (types: readonly string[]) => [
    `USER_ID,ITEM_ID,TIMESTAMP${types.length ? ',EVENT_TYPE' : ''}`,
    ...interactionRows(types),
  ],
  Items: () => [
    'ITEM_ID,CREATION_TIMESTAMP,GENRES,CATEGORY_L1,PRICE,DESCRIPTION,NAME',
    ...Array.from({ length: 60 }, (_, i) => {
      const taste = tasteOf(i);
      return `item-${i},${1_759_000_000 + i},${taste},${taste},${i},a ${taste} picture number ${i % 5},${taste}`;
    }),
  ],
  Users: () => [
    'USER_ID,GENDER,AGE',
    ...Array.from({ length: 30 }, (_, i) => `user-${i},${i % 2 ? 'f' : 'm'},${20 + i}`),
  ],
  Actions: () => ['ACTION_ID,KIND', 'join,club', 'review,text', 'subscribe,club'],
};

/** The names of what a test makes must differ: schemas and jobs are unique in the account. */
class Group {
  private constructor(
    readonly h: Harness,
    readonly name: string,
    readonly arn: string,
    private readonly domain?: Domain,
  ) {}

  static async make(h: Harness, name: string, domain?: Domain): Promise<Group> {
    await mkdir(join(h.s3Dir, 'bucket'), { recursive: true });
    return new Group(h, name, await makeGroup(h, name, domain), domain);
  }

  async dataset(type: keyof typeof schemas, schema = schemas[type]): Promise<string> {
    const schemaArn = await makeSchema(this.h, `${this.name}-${type}`, schema, this.domain);
    return makeDataset(this.h, this.arn, type, schemaArn);
  }

  async imported(type: keyof typeof csvs, lines: readonly string[], schema?: string): Promise<string> {
    const { h } = this;
    const datasetArn = await this.dataset(type, schema);
    const file = `${this.name}-${type}.csv`;
    await writeFile(join(h.s3Dir, 'bucket', file), lines.join('\n'));
    const { datasetImportJobArn } = await h.control.send(
      new CreateDatasetImportJobCommand({
        jobName: `${this.name}-${type}`,
        datasetArn,
        roleArn: ROLE,
        dataSource: { dataLocation: `s3://bucket/${file}` },
      }),
    );
    const describe = async () =>
      (await h.control.send(new DescribeDatasetImportJobCommand({ datasetImportJobArn }))).datasetImportJob;
    const status = await settled(h, async () => (await describe())?.status);
    if (status !== 'ACTIVE') throw new Error((await describe())?.failureReason);
    return datasetArn;
  }
}

const ids = (list: readonly { itemId?: string }[] = []) => list.map(({ itemId }) => itemId ?? '');
const shareOf = (taste: string, list: readonly string[]) =>
  list.filter((id) => tasteOf(Number(id.split('-')[1])) === taste).length / list.length;

describe('custom recipes', () => {
  let h: Harness;
  let group: Group;
  let trackingId: string;
  beforeAll(async () => {
    h = await startHarness();
    group = await Group.make(h, 'custom');
    await group.imported('Interactions', csvs.Interactions(['like', 'view']));
    await group.imported('Items', csvs.Items());
    await group.imported('Users', csvs.Users());
    await group.imported('Actions', csvs.Actions());
    ({ trackingId } = await makeTracker(h, group.arn, 'custom'));
  });
  afterAll(() => h.stop());

  const trained = async (name: string) => {
    const solutionArn = await makeSolution(h, { name, datasetGroupArn: group.arn, recipeArn: recipe(name) });
    const solutionVersionArn = await makeVersion(h, solutionArn);
    const { metrics = {} } = await h.control.send(new GetSolutionMetricsCommand({ solutionVersionArn }));
    expect(Object.keys(metrics).length).toBeGreaterThan(0);
    for (const value of Object.values(metrics)) expect(value >= 0 && value <= 1).toBe(true);
    return { solutionArn, solutionVersionArn };
  };
  const sadEvents = (userId: string) =>
    h.events.send(
      new PutEventsCommand({
        trackingId,
        userId,
        sessionId: userId,
        eventList: [1, 3, 5, 7].map((item) => ({
          eventType: 'like',
          itemId: `item-${item}`,
          sentAt: new Date(h.clock.now()),
        })),
      }),
    );

  const ofType = (type: string) =>
    recipes.filter((each) => each.domain === undefined && each.type === type).map(({ name }) => name);

  it.each(ofType('USER_PERSONALIZATION'))('%s follows what a stranger likes at once', async (name) => {
    const { solutionVersionArn, solutionArn } = await trained(name);
    const campaignArn = await makeCampaign(h, name, solutionVersionArn);
    const ask = async (userId: string) =>
      ids(
        (await h.runtime.send(new GetRecommendationsCommand({ campaignArn, userId, numResults: 10 })))
          .itemList,
      );
    expect(shareOf('happy', await ask('user-2'))).toBeGreaterThanOrEqual(0.8);
    const before = await ask(`${name}-visitor`);
    await sadEvents(`${name}-visitor`);
    const after = await ask(`${name}-visitor`);
    expect(after).not.toEqual(before);
    expect(shareOf('sad', after)).toBeGreaterThanOrEqual(0.8);
    const update = new CreateSolutionVersionCommand({ solutionArn, trainingMode: 'UPDATE' });
    if (name === 'aws-user-personalization') await h.control.send(update);
    else expect((await errorOf(h.control.send(update))).message).toContain('aws-user-personalization,');
  });

  it.each(ofType('PERSONALIZED_RANKING'))(
    '%s orders a list for a stranger by what they like',
    async (name) => {
      const { solutionVersionArn } = await trained(name);
      const campaignArn = await makeCampaign(h, name, solutionVersionArn);
      const userId = `${name}-visitor`;
      await sadEvents(userId);
      const inputList = ['item-20', 'item-21', 'item-22', 'item-23', 'unknown'];
      const { personalizedRanking } = await h.runtime.send(
        new GetPersonalizedRankingCommand({ campaignArn, userId, inputList }),
      );
      expect(ids(personalizedRanking).slice(0, 2).sort()).toEqual(['item-21', 'item-23']);
      expect(ids(personalizedRanking).at(-1)).toBe('unknown');
    },
  );

  it.each(ofType('POPULAR_ITEMS'))('%s gives everybody the same, whatever they do', async (name) => {
    const { solutionVersionArn } = await trained(name);
    const campaignArn = await makeCampaign(h, name, solutionVersionArn);
    const ask = async () =>
      (await h.runtime.send(new GetRecommendationsCommand({ campaignArn, userId: 'user-1' }))).itemList;
    const before = await ask();
    expect(before?.length).toBeGreaterThan(0);
    await sadEvents('user-1');
    expect(await ask()).toEqual(before);
  });

  it.each(ofType('RELATED_ITEMS'))('%s gives items of the same kind, without scores', async (name) => {
    const { solutionVersionArn } = await trained(name);
    const campaignArn = await makeCampaign(h, name, solutionVersionArn);
    const { itemList = [] } = await h.runtime.send(
      new GetRecommendationsCommand({ campaignArn, itemId: 'item-4', numResults: 10 }),
    );
    expect(shareOf('happy', ids(itemList))).toBeGreaterThanOrEqual(0.8);
    expect(itemList.every(({ score }) => score === undefined)).toBe(true);
  });

  it.each(ofType('USER_SEGMENTATION'))('%s finds the people who like something', async (name) => {
    const { solutionVersionArn } = await trained(name);
    const campaign = makeCampaign(h, name, solutionVersionArn);
    expect((await errorOf(campaign)).name).toBe('InvalidInputException');
    const question =
      name === 'aws-item-affinity' ? { itemId: 'item-5' } : { itemAttributes: 'ITEMS.GENRES = "sad"' };
    await mkdir(join(h.s3Dir, 'bucket', name), { recursive: true });
    await writeFile(join(h.s3Dir, 'bucket', name, 'in.json'), JSON.stringify(question));
    const { batchSegmentJobArn } = await h.control.send(
      new CreateBatchSegmentJobCommand({
        jobName: name,
        solutionVersionArn,
        numResults: 10,
        roleArn: ROLE,
        jobInput: { s3DataSource: { path: `s3://bucket/${name}/` } },
        jobOutput: { s3DataDestination: { path: `s3://bucket/${name}-out/` } },
      }),
    );
    const describe = async () =>
      (await h.control.send(new DescribeBatchSegmentJobCommand({ batchSegmentJobArn }))).batchSegmentJob;
    expect(await settled(h, async () => (await describe())?.status)).toBe('ACTIVE');
    const { output } = JSON.parse(
      await readFile(join(h.s3Dir, 'bucket', `${name}-out`, 'in.json.out'), 'utf8'),
    );
    const people = (output.usersList as string[]).filter((id) => /^user-\d+$/.test(id));
    const odd = people.filter((id) => Number(id.slice(5)) % 2 === 1);
    expect(odd.length / people.length).toBeGreaterThanOrEqual(0.8);
  });

  it('aws-next-best-action learns from taken and refused actions', async () => {
    const datasetArn = await group.dataset('Action_Interactions');
    const { dataset } = await h.control.send(new DescribeDatasetCommand({ datasetArn }));
    for (let i = 0; i < 30; i++) {
      await h.events.send(
        new PutActionInteractionsCommand({
          trackingId: dataset?.trackingId,
          actionInteractions: Array.from({ length: 6 }, (_, k) => ({
            actionId: ['join', 'review', 'subscribe'][k % 3],
            userId: `user-${i}`,
            sessionId: 's',
            // Everybody joins, nobody reviews, and half of the people subscribe.
            eventType: k % 3 === 0 || (k % 3 === 2 && i % 2 === 0) ? 'TAKEN' : 'NOT_TAKEN',
            timestamp: new Date(h.clock.now() - 86_400_000 + i * 60_000 + k * 1000),
          })),
        }),
      );
    }
    const { solutionVersionArn } = await trained('aws-next-best-action');
    const campaignArn = await makeCampaign(h, 'actions', solutionVersionArn);
    const { actionList = [] } = await h.runtime.send(
      new GetActionRecommendationsCommand({ campaignArn, userId: 'user-2' }),
    );
    expect(actionList.map(({ actionId }) => actionId)).toEqual(['join', 'subscribe', 'review']);
  });
});

describe.each(['ECOMMERCE', 'VIDEO_ON_DEMAND'] as const)('the recommenders of %s', (domain) => {
  it('train, measure themselves and answer without scores', async () => {
    const h = await startHarness();
    try {
      const group = await Group.make(h, domain.toLowerCase().replaceAll('_', '-'), domain);
      const types = domain === 'ECOMMERCE' ? ['View', 'Purchase'] : ['Watch'];
      const [header = ''] = csvs.Interactions(types);
      // Every use case needs a thousand events of its own type.
      const rows = types.flatMap((type) => interactionRows([type]));
      await group.imported('Interactions', [header, ...rows]);
      await group.imported('Items', csvs.Items());
      for (const { name, type } of recipes.filter((each) => each.domain === domain)) {
        const { recommenderArn } = await h.control.send(
          new CreateRecommenderCommand({
            name: name.slice(0, 40),
            datasetGroupArn: group.arn,
            recipeArn: recipe(name),
          }),
        );
        const describe = async () =>
          (await h.control.send(new DescribeRecommenderCommand({ recommenderArn }))).recommender;
        const status = await settled(h, async () => (await describe())?.status);
        expect([name, status, (await describe())?.failureReason]).toEqual([name, 'ACTIVE', undefined]);
        expect(Object.keys((await describe())?.modelMetrics ?? {}).length).toBeGreaterThan(0);
        const itemId = type === 'RELATED_ITEMS' ? 'item-4' : undefined;
        const { itemList = [] } = await h.runtime.send(
          new GetRecommendationsCommand({ recommenderArn, userId: 'user-2', itemId, numResults: 5 }),
        );
        expect(itemList).toHaveLength(5);
        expect(itemList.every(({ score }) => score === undefined)).toBe(true);
      }
    } finally {
      await h.stop();
    }
  });
});

describe('a solution with performAutoML', () => {
  it('trains on bare interactions and user metadata, and says which recipe it chose', async () => {
    const h = await startHarness();
    try {
      const group = await Group.make(h, 'automl');
      const bare = avro('Interactions', [field('USER_ID'), field('ITEM_ID'), field('TIMESTAMP', 'long')]);
      await group.imported('Interactions', csvs.Interactions([]), bare);
      await group.imported('Users', csvs.Users());
      const popularityArn = recipe('aws-popularity-count');
      const choose = async (name: string, recipeList?: string[]) => {
        const solutionArn = await makeSolution(h, {
          name,
          datasetGroupArn: group.arn,
          recipeArn: undefined,
          performAutoML: true,
          solutionConfig: recipeList && { autoMLConfig: { metricName: 'precision_at_10', recipeList } },
        });
        const solutionVersionArn = await makeVersion(h, solutionArn);
        const { solution } = await h.control.send(new DescribeSolutionCommand({ solutionArn }));
        const version = await describeVersion(h, solutionVersionArn);
        expect(solution?.performAutoML).toBe(true);
        expect(solution?.recipeArn).toBeUndefined();
        expect(solution?.autoMLResult?.bestRecipeArn).toBe(version?.recipeArn);
        return { solutionVersionArn, version };
      };
      const { solutionVersionArn, version } = await choose('free');
      expect(version).toMatchObject({ performAutoML: true, recipeArn: recipe('aws-user-personalization') });
      // Without the exploration that the recipe has by default: what it has learned is looked at.
      const campaignArn = await makeCampaign(h, 'automl', solutionVersionArn, {
        itemExplorationConfig: { explorationWeight: '0' },
      });
      const { itemList } = await h.runtime.send(
        new GetRecommendationsCommand({ campaignArn, userId: 'user-2', numResults: 10 }),
      );
      expect(shareOf('happy', ids(itemList))).toBeGreaterThanOrEqual(0.8);
      expect((await choose('listed', [popularityArn])).version?.recipeArn).toBe(popularityArn);
      const refused = choose('refused', [recipe('aws-sims')]);
      expect((await errorOf(refused)).name).toBe('InvalidInputException');
    } finally {
      await h.stop();
    }
  });
});
