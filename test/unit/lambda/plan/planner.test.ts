// Plans: the gallery's own, and those of configuration files.
import { galleryConfiguration, galleryImports, testUsersOf } from '../../../../lambda/plan/gallery';
import { planFor, type Surroundings } from '../../../../lambda/plan/planner';
import type { Configuration } from '../../../../lambda/shared/configuration/configuration';

const base = 'arn:aws:personalize:eu-west-1:123456789012';
const around: Surroundings = {
  partition: 'aws',
  region: 'eu-west-1',
  accountId: '123456789012',
  bucket: 'pictures',
  serviceRoleArn: 'arn:aws:iam::123456789012:role/personalize',
  datasetGroup: { name: 'gallery', arn: `${base}:dataset-group/gallery` },
  gate: {
    metric: 'precision_at_5',
    minimumRatioToBaseline: 0.9,
    minimumRatioToServed: 0.95,
    standardErrors: 2,
  },
  now: Date.UTC(2026, 4, 1, 12),
};

test('files for the gallery’s own datasets are imported, though they are made by its stacks', () => {
  const imports = galleryImports(around);
  expect(imports.map(({ datasetArn, prefix, mode }) => [datasetArn, prefix, mode])).toEqual(
    ['Interactions', 'Items', 'Users'].map((type) => [
      `${around.datasetGroup.arn.replace('dataset-group', 'dataset')}/${type.toUpperCase()}`,
      `personalize/data/gallery/${type}/`,
      'FULL',
    ]),
  );
});

test('the gallery trains popularity first, and gates only what has a campaign', () => {
  const plan = planFor(galleryConfiguration('gallery', ['personal']), around);
  expect(plan.datasetGroup).toEqual(around.datasetGroup);
  expect(plan.datasetGroups).toEqual([]);
  expect(plan.imports).toEqual([]);
  expect(
    plan.solutions.map(({ name, gate, campaigns }) => [name, gate !== undefined, campaigns.length]),
  ).toEqual([
    ['gallery-popularity', false, 0],
    ['gallery-personal', true, 1],
    ['gallery-similar', false, 0],
    ['gallery-ranking', false, 0],
  ]);
});

test('a solution does not train by itself unless the configuration asks for it', () => {
  const [solution] = planFor(galleryConfiguration('gallery', []), around).solutions;
  expect(solution?.create).toEqual({
    Name: 'gallery-popularity',
    RecipeArn: 'arn:aws:personalize:::recipe/aws-popularity-count',
    EventType: 'like',
    PerformAutoTraining: false,
    DatasetGroupArn: `${base}:dataset-group/gallery`,
  });
});

const shop: Configuration = {
  tags: [
    { tagKey: 'team', tagValue: 'a' },
    { tagKey: 'stage', tagValue: 'test' },
  ],
  datasetGroup: { serviceConfig: { name: 'shop' } },
  datasets: {
    interactions: {
      serviceConfig: { name: 'clicks' },
      schema: {
        serviceConfig: {
          name: 'clicks-schema',
          schema: {
            type: 'record',
            name: 'Interactions',
            namespace: 'com.amazonaws.personalize.schema',
            fields: [{ name: 'USER_ID', type: 'string' }],
            version: '1.0',
          },
        },
      },
      workflowConfig: { importMode: 'INCREMENTAL' },
    },
  },
  solutions: [
    {
      serviceConfig: {
        name: 'sims',
        recipeArn: 'arn:aws:personalize:::recipe/aws-sims',
        solutionConfig: { algorithmHyperParameters: { popularity_discount_factor: '0.7' } },
        tags: [{ tagKey: 'team', tagValue: 'b' }],
      },
      workflowConfig: { maxAge: '3 days' },
      batchInferenceJobs: [{ serviceConfig: { filterName: 'fresh', numResults: 10 } }],
    },
  ],
};

test('a configuration with its own dataset group plans that group, its datasets and their imports', () => {
  const plan = planFor(shop, around);
  expect(plan.datasetGroups.map(({ arn }) => arn)).toEqual([`${base}:dataset-group/shop`]);
  expect(plan.datasetGroups[0]?.create.Tags).toContainEqual({
    TagKey: 'emotion-gallery:deployment',
    TagValue: 'gallery',
  });
  expect(plan.datasets).toEqual([
    expect.objectContaining({
      arn: `${base}:dataset/shop/INTERACTIONS`,
      create: expect.objectContaining({
        DatasetType: 'Interactions',
        SchemaArn: `${base}:schema/clicks-schema`,
      }),
    }),
  ]);
  expect(plan.imports).toEqual([
    {
      datasetArn: `${base}:dataset/shop/INTERACTIONS`,
      bucket: 'pictures',
      prefix: 'personalize/data/shop/Interactions/',
      mode: 'INCREMENTAL',
      jobName: 'clicks',
      tags: [
        { TagKey: 'team', TagValue: 'a' },
        { TagKey: 'stage', TagValue: 'test' },
      ],
    },
  ]);
});

test("hyperparameters keep their own spelling, a section's tag wins over the file's", () => {
  const [solution] = planFor(shop, around).solutions;
  expect(solution?.maxAge).toBe(3 * 24 * 3_600_000);
  expect(solution?.versionTags).toEqual([
    { TagKey: 'team', TagValue: 'b' },
    { TagKey: 'stage', TagValue: 'test' },
  ]);
  expect(solution?.create).toMatchObject({
    SolutionConfig: { AlgorithmHyperParameters: { popularity_discount_factor: '0.7' } },
    Tags: [
      { TagKey: 'team', TagValue: 'b' },
      { TagKey: 'stage', TagValue: 'test' },
    ],
  });
});

test("a batch job reads and writes beside each other, with the filter's ARN", () => {
  const [job] = planFor(shop, around).solutions[0]?.batchInferenceJobs ?? [];
  expect(job?.create).toMatchObject({
    NumResults: 10,
    FilterArn: `${base}:filter/fresh`,
    RoleArn: around.serviceRoleArn,
    JobInput: { S3DataSource: { Path: 's3://pictures/personalize/batch/shop/sims-inference-1/input/' } },
    JobOutput: {
      S3DataDestination: { Path: 's3://pictures/personalize/batch/shop/sims-inference-1/output/' },
    },
  });
});

/** The shop with times of its own: Monday's import and training are one run, Tuesday's batch job another. */
const MONDAY = 'cron(0 3 ? * MON *)';
const TUESDAY = 'cron(0 3 ? * TUE *)';
const [sims] = shop.solutions ?? [];
if (!sims) throw new Error('the shop has a solution');
const scheduled: Configuration = {
  ...shop,
  datasetGroup: { serviceConfig: { name: 'shop' }, workflowConfig: { schedules: { import: MONDAY } } },
  filters: [
    { serviceConfig: { name: 'fresh', filterExpression: 'INCLUDE ItemID WHERE Items.AGE IN ("1")' } },
  ],
  solutions: [
    {
      ...sims,
      workflowConfig: { maxAge: '3 days', schedules: { full: MONDAY, update: 'rate(6 hours)' } },
      batchInferenceJobs: [
        { serviceConfig: { numResults: 10 } },
        { serviceConfig: { numResults: 20 }, workflowConfig: { schedule: TUESDAY } },
      ],
      campaigns: [{ serviceConfig: { name: 'sims' } }],
    },
    { serviceConfig: { ...sims.serviceConfig, name: 'other' } },
  ],
};

test('each time of a file is one schedule, which says what it does; a rate begins one period from now', () => {
  expect(planFor(scheduled, around).schedules).toEqual([
    { expression: MONDAY, description: 'import Interactions (INCREMENTAL), train sims (FULL)' },
    {
      expression: 'rate(6 hours)',
      description: 'train sims (UPDATE)',
      startDate: '2026-05-01T18:00:00.000Z',
    },
    { expression: TUESDAY, description: 'inference job 2 of sims' },
  ]);
  expect(planFor(shop, around).schedules).toEqual([]);
});

test('an upload does everything but the batch jobs that have a time of their own', () => {
  const plan = planFor(scheduled, around);
  expect(plan.solutions.map(({ name }) => name)).toEqual(['sims', 'other']);
  expect(plan.solutions[0]?.batchInferenceJobs.map(({ jobName }) => jobName)).toEqual(['sims-inference-1']);
});

test('a schedule does what is due then and nothing else, however young the newest version is', () => {
  const plan = planFor(scheduled, around, MONDAY);
  expect(plan.datasetGroup.name).toBe('shop');
  expect([plan.datasetGroups, plan.schemas, plan.datasets, plan.filters]).toEqual([[], [], [], []]);
  expect(plan.imports.map(({ datasetArn, mode }) => [datasetArn, mode])).toEqual([
    [`${base}:dataset/shop/INTERACTIONS`, 'INCREMENTAL'],
  ]);
  expect(plan.solutions).toEqual([
    expect.objectContaining({ name: 'sims', trainingMode: 'FULL', maxAge: 0 }),
  ]);
  expect(plan.solutions[0]?.campaigns).toHaveLength(1);
  expect(plan.solutions[0]?.batchInferenceJobs.map(({ jobName }) => jobName)).toEqual(['sims-inference-1']);
  expect(plan.schedules).toHaveLength(3);
});

test('an update is trained as an update, with its campaigns', () => {
  const [solution, ...more] = planFor(scheduled, around, 'rate(6 hours)').solutions;
  expect(more).toEqual([]);
  expect(solution).toMatchObject({ name: 'sims', trainingMode: 'UPDATE', maxAge: 0, gate: around.gate });
});

test('a batch job that is due runs with the newest version: nothing is trained, judged or served', () => {
  const { imports, solutions } = planFor(scheduled, around, TUESDAY);
  expect(imports).toEqual([]);
  expect(solutions).toHaveLength(1);
  expect(solutions[0]).toMatchObject({ name: 'sims', campaigns: [], maxAge: Number.MAX_SAFE_INTEGER });
  expect(solutions[0]?.gate).toBeUndefined();
  expect(solutions[0]?.batchInferenceJobs.map(({ jobName }) => jobName)).toEqual(['sims-inference-2']);
});

test('a schedule that the file has no more finds nothing to do', () => {
  expect(planFor(scheduled, around, 'rate(1 day)')).toMatchObject({ imports: [], solutions: [] });
});

test('of a full and an incremental import at the same time the full one is made', () => {
  const both = structuredClone(scheduled) as { datasets: { interactions: { workflowConfig: object } } };
  both.datasets.interactions.workflowConfig = { schedules: { incremental: MONDAY, full: MONDAY } };
  const [planned] = planFor(both as Configuration, around, MONDAY).imports;
  expect(planned?.mode).toBe('FULL');
});

test('the test users are those of the gallery’s own dataset group, and unknown for another', () => {
  const gate = { ...around.gate, testUsers: 3 };
  const gateOf = (configuration: Configuration) =>
    planFor(configuration, { ...around, gate }).solutions.find(({ campaigns }) => campaigns.length > 0)?.gate;
  const own = galleryConfiguration('gallery', ['personal']);
  expect(gateOf(own)).toEqual(gate);
  expect(gateOf({ ...own, datasetGroup: { serviceConfig: { name: 'shop' } } })).toEqual(around.gate);
});

test('a tenth of the people with two likes are test users, one at least; without people their number is unknown', () => {
  expect([25, 30, 1, 1004].map((people) => testUsersOf(people).testUsers)).toEqual([3, 3, 1, 100]);
  expect(testUsersOf(0)).toEqual({});
});
