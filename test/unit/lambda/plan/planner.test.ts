// Plans: the gallery's own, and those of configuration files.
import { galleryConfiguration } from '../../../../lambda/plan/gallery';
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
  gate: { metric: 'precision_at_5', minimumRatioToBaseline: 0.9, minimumRatioToServed: 0.95 },
};

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
    },
  ]);
});

test("hyperparameters keep their own spelling, a section's tag wins over the file's", () => {
  const [solution] = planFor(shop, around).solutions;
  expect(solution?.maxAge).toBe(3 * 24 * 3_600_000);
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
