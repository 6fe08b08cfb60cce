// The calls of the workshop that many people learn Amazon Personalize with (jihys/startup-personalize-workshop, modules 1 to
// 6, of 2020, in ap-northeast-2), in their order and without a pause that its notebooks do not make: they wait for an import,
// a training and a campaign, and for nothing else. Its retired recipes are switched on.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import shapes from '../recorded/shapes.json';
import { errorOf, type Harness, ROLE, startHarness } from './harness';
import { avro, recipe, settled } from './world';

const SEOUL = 'ap-northeast-2';
const SOLUTIONS = ['hrnn', 'hrnn-coldstart', 'sims', 'ranking', 'popularity'] as const;
type Name = (typeof SOLUTIONS)[number];
const RECIPES: Readonly<Record<Name, string>> = {
  hrnn: 'aws-hrnn',
  'hrnn-coldstart': 'aws-hrnn-coldstart',
  sims: 'aws-sims',
  ranking: 'aws-personalized-ranking',
  popularity: 'aws-popularity-count',
};
const FILMS = 60;
const COLD = ['cold-1', 'cold-2', 'cold-3', 'cold-4'];

let h: Harness;
/** ARNs by what they belong to. */
const arns: Record<string, string> = {};

type Json = Readonly<Record<string, unknown>>;
const call = (operation: string, input: Json) => h.service.call(operation, input, SEOUL);
const arnBy = async (operation: string, input: Json) => {
  const [arn] = Object.values(await call(operation, input));
  return String(arn);
};
const statusBy = (operation: string, input: Json) =>
  settled(h, async () => (Object.values(await call(operation, input))[0] as { status: string }).status);
const gone = (operation: string, input: Json) =>
  h.until(
    async () => {
      try {
        await call(operation, input);
        return false;
      } catch {
        return true;
      }
    },
    `the end of ${JSON.stringify(input)}`,
  );
const put = async (name: string, lines: readonly string[]) => {
  await mkdir(join(h.s3Dir, 'workshop'), { recursive: true });
  await writeFile(join(h.s3Dir, 'workshop', name), `${lines.join('\n')}\n`);
};

beforeAll(async () => {
  h = await startHarness({ retiredRecipes: true });
});
afterAll(() => h.stop());

test('module 1: schemas, a dataset group, datasets and imports of films of twenty years ago', async () => {
  const field = (name: string, type: unknown, more = {}) => ({ name, type, ...more });
  arns.interactionSchema = await arnBy('CreateSchema', {
    name: 'DEMO-interaction-schema',
    schema: avro('Interactions', [
      field('USER_ID', 'string'),
      field('ITEM_ID', 'string'),
      field('TIMESTAMP', 'long'),
    ]),
  });
  arns.itemSchema = await arnBy('CreateSchema', {
    name: 'DEMO-item-schema',
    schema: avro('Items', [field('ITEM_ID', 'string'), field('GENRE', 'string', { categorical: true })]),
  });
  arns.group = await arnBy('CreateDatasetGroup', { name: 'DEMO-dataset-group' });
  const datasetGroupArn = arns.group;
  expect(await statusBy('DescribeDatasetGroup', { datasetGroupArn })).toBe('ACTIVE');
  for (const [datasetType, schemaArn] of [
    ['INTERACTIONS', arns.interactionSchema],
    ['ITEMS', arns.itemSchema],
  ] as const) {
    const input = { name: `DEMO-${datasetType}`, datasetType, datasetGroupArn, schemaArn };
    arns[datasetType] = await arnBy('CreateDataset', input);
  }
  const rows = Array.from({ length: 60 }, (_, user) =>
    Array.from({ length: 20 }, (_, i) => {
      const film = ((user % 2) * (FILMS / 2) + ((user * 7 + i * i) % (FILMS / 2))) % FILMS;
      return `${user},${film},${1_000_000_000 + user * 5000 + i * 60}`;
    }),
  ).flat();
  await put('interactions.csv', ['USER_ID,ITEM_ID,TIMESTAMP', ...rows]);
  const films = Array.from(
    { length: FILMS },
    (_, film) => `${film},${film < FILMS / 2 ? 'Drama' : 'Comedy'}`,
  );
  await put('items.csv', ['ITEM_ID,GENRE', ...films, ...COLD.map((film) => `${film},Drama`)]);
  const jobs = await Promise.all(
    (['INTERACTIONS', 'ITEMS'] as const).map((type) =>
      arnBy('CreateDatasetImportJob', {
        jobName: `DEMO-${type}`,
        datasetArn: arns[type],
        dataSource: { dataLocation: `s3://workshop/${type.toLowerCase()}.csv` },
        roleArn: ROLE,
      }),
    ),
  );
  for (const datasetImportJobArn of jobs) {
    expect(await statusBy('DescribeDatasetImportJob', { datasetImportJobArn })).toBe('ACTIVE');
  }
});

test('module 2: five solutions, a version of each right after it, and their metrics', async () => {
  const coldStart = {
    cold_start_max_duration: '5',
    cold_start_relative_from: 'latestItem',
    cold_start_max_interactions: '15',
  };
  for (const name of SOLUTIONS) {
    const solutionArn = await arnBy('CreateSolution', {
      name: `Demo-${name}`,
      datasetGroupArn: arns.group,
      recipeArn: recipe(RECIPES[name]),
      ...(name === 'hrnn-coldstart' && { solutionConfig: { featureTransformationParameters: coldStart } }),
    });
    arns[`solution ${name}`] = solutionArn;
    arns[`version ${name}`] = await arnBy('CreateSolutionVersion', { solutionArn });
    expect(solutionArn).toMatch(/^arn:aws:personalize:ap-northeast-2:\d{12}:solution\/Demo-/);
  }
  const early = await errorOf(call('GetSolutionMetrics', { solutionVersionArn: arns['version popularity'] }));
  expect(early.message).toContain('The given solution must be in the ACTIVE state: arn:');
  const recorded = shapes.answers.find(({ operation }) => operation === 'GetSolutionMetrics');
  const keys = Object.keys(recorded?.members ?? {}).flatMap((path) => path.split('metrics.')[1] ?? []);
  for (const name of SOLUTIONS) {
    const solutionVersionArn = arns[`version ${name}`];
    expect(await statusBy('DescribeSolutionVersion', { solutionVersionArn })).toBe('ACTIVE');
    const { metrics } = await call('GetSolutionMetrics', { solutionVersionArn });
    expect(Object.keys(metrics as Json).sort()).toEqual(keys.sort());
  }
});

test('module 3: campaigns, recommendations, similar items, a ranking, a batch job', async () => {
  for (const name of SOLUTIONS.slice(0, 4)) {
    arns[`campaign ${name}`] = await arnBy('CreateCampaign', {
      name: `DEMO-${name}-campaign`,
      solutionVersionArn: arns[`version ${name}`],
      minProvisionedTPS: 2,
    });
  }
  for (const name of SOLUTIONS.slice(0, 4)) {
    expect(await statusBy('DescribeCampaign', { campaignArn: arns[`campaign ${name}`] })).toBe('ACTIVE');
  }
  const forUser = await call('GetRecommendations', { campaignArn: arns['campaign hrnn'], userId: '1' });
  expect(forUser.itemList).toHaveLength(25);
  const similar = await call('GetRecommendations', { campaignArn: arns['campaign sims'], itemId: '1' });
  const related = (similar.itemList as { itemId: string }[]).slice(0, 5).map(({ itemId }) => Number(itemId));
  for (const film of related) expect(film).toBeLessThan(FILMS / 2);
  const inputList = ['3', '40', '5', '41', 'unheard-of'];
  const ranking = { campaignArn: arns['campaign ranking'], userId: '2', inputList };
  const { personalizedRanking } = await call('GetPersonalizedRanking', ranking);
  const ranked = personalizedRanking as { itemId: string; score?: number }[];
  // As recorded, items that the model does not know stand at the end, without a score.
  expect(ranked.at(-1)).toEqual({ itemId: 'unheard-of' });
  expect(ranked.reduce((sum, { score = 0 }) => sum + score, 0)).toBeCloseTo(1, 5);
  await put(
    'batch.json',
    ['1', '2', '3'].map((userId) => JSON.stringify({ userId })),
  );
  const batchInferenceJobArn = await arnBy('CreateBatchInferenceJob', {
    jobName: 'DEMO-batch',
    solutionVersionArn: arns['version hrnn'],
    roleArn: ROLE,
    jobInput: { s3DataSource: { path: 's3://workshop/batch.json' } },
    jobOutput: { s3DataDestination: { path: 's3://workshop/' } },
  });
  expect(await statusBy('DescribeBatchInferenceJob', { batchInferenceJobArn })).toBe('ACTIVE');
  const lines = (await readFile(join(h.s3Dir, 'workshop', 'batch.json.out'), 'utf8')).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).input.userId)).toEqual(['1', '2', '3']);
});

test('module 4: events to a tracker that was just made change the next list', async () => {
  const tracker = await call('CreateEventTracker', {
    name: 'MovieClickTracker',
    datasetGroupArn: arns.group,
  });
  arns.tracker = String(tracker.eventTrackerArn);
  const { trackingId } = tracker;
  const ask = async () =>
    (await call('GetRecommendations', { campaignArn: arns['campaign hrnn'], userId: '1', numResults: 10 }))
      .itemList;
  const before = await ask();
  for (const [i, film] of ['2', '4', '6'].entries()) {
    await call('PutEvents', {
      trackingId,
      userId: '1',
      sessionId: 'workshop',
      eventList: [
        {
          sentAt: 1_000_400_000 + i,
          eventType: 'EVENT_TYPE',
          properties: JSON.stringify({ itemId: film }),
        },
      ],
    });
  }
  expect(await ask()).not.toEqual(before);
});

test('module 5: the campaign of the cold start recommends films that nobody has seen', async () => {
  const seen = new Set<string>();
  for (let user = 0; user < 60; user++) {
    const input = { campaignArn: arns['campaign hrnn-coldstart'], userId: String(user), numResults: 25 };
    const { itemList } = await call('GetRecommendations', input);
    for (const { itemId } of itemList as { itemId: string }[]) seen.add(itemId);
  }
  expect(COLD.filter((film) => seen.has(film))).toEqual(COLD);
});

test('module 6: everything is deleted, the dataset that trackers once had too', async () => {
  for (const name of SOLUTIONS.slice(0, 4)) {
    await call('DeleteCampaign', { campaignArn: arns[`campaign ${name}`] });
  }
  for (const name of SOLUTIONS.slice(0, 4)) {
    await gone('DescribeCampaign', { campaignArn: arns[`campaign ${name}`] });
  }
  // The workshop forgets the last one, and so cannot delete the dataset group.
  for (const name of SOLUTIONS) await call('DeleteSolution', { solutionArn: arns[`solution ${name}`] });
  for (const name of SOLUTIONS) await gone('DescribeSolution', { solutionArn: arns[`solution ${name}`] });
  await call('DeleteEventTracker', { eventTrackerArn: arns.tracker });
  await gone('DescribeEventTracker', { eventTrackerArn: arns.tracker });
  await call('DeleteDataset', { datasetArn: arns.INTERACTIONS });
  await call('DeleteDataset', { datasetArn: arns.ITEMS });
  await call('DeleteDataset', {
    datasetArn: String(arns.INTERACTIONS).replace('INTERACTIONS', 'EVENT_INTERACTIONS'),
  });
  for (const type of ['INTERACTIONS', 'ITEMS']) await gone('DescribeDataset', { datasetArn: arns[type] });
  await call('DeleteSchema', { schemaArn: arns.interactionSchema });
  await call('DeleteSchema', { schemaArn: arns.itemSchema });
  await call('DeleteDatasetGroup', { datasetGroupArn: arns.group });
  await gone('DescribeDatasetGroup', { datasetGroupArn: arns.group });
  expect(await call('ListSolutions', {})).toEqual({ solutions: [] });
});
