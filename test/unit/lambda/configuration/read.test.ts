// Configuration files: what is accepted, and that every fault is reported with its place, all at once.
import { readConfiguration } from '../../../../lambda/shared/configuration/read';

const interactions = {
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
};

const users = {
  ...interactions,
  name: 'Users',
  fields: [
    { name: 'USER_ID', type: 'string' },
    { name: 'GENDER', type: 'string', categorical: true },
    { name: 'AGE', type: 'int' },
  ],
};

/** The parameter file that AWS's sample pipeline ships. */
const sample = {
  datasetGroup: { name: 'DatasetGroup' },
  datasets: {
    Interactions: { name: 'InteractionsDataset', schema: interactions },
    Users: { name: 'UsersDataset', schema: users },
  },
  solution: { name: 'Solution', performAutoML: true },
  campaign: { name: 'Campaign', minProvisionedTPS: 1 },
};

const ownGroup = {
  datasetGroup: { serviceConfig: { name: 'shop' } },
  datasets: {
    interactions: {
      serviceConfig: { name: 'shop-interactions' },
      schema: { serviceConfig: { name: 'shop-interactions', schema: interactions } },
      workflowConfig: { schedules: { full: 'cron(0 3 ? * MON *)' } },
    },
  },
  filters: [
    {
      serviceConfig: {
        name: 'fresh',
        filterExpression: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("*")',
      },
    },
  ],
  solutions: [
    {
      serviceConfig: {
        name: 'personal',
        recipeArn: 'arn:aws:personalize:::recipe/aws-user-personalization-v2',
      },
      workflowConfig: { maxAge: '3 days', schedules: { full: 'rate(7 days)' } },
      campaigns: [{ serviceConfig: { name: 'personal', minProvisionedTPS: 1 } }],
      batchInferenceJobs: [
        { serviceConfig: { filterName: 'fresh' }, workflowConfig: { schedule: 'rate(1 day)' } },
      ],
    },
  ],
};

type Json = Record<string, unknown>;

function changed(base: object, path: readonly (string | number)[], value: unknown): string {
  const copy = structuredClone(base) as Json;
  let at: Json = copy;
  for (const part of path.slice(0, -1)) at = at[part] as Json;
  at[path.at(-1) as string] = value;
  return JSON.stringify(copy, null, 2);
}

function problemsOf(text: string) {
  const result = readConfiguration(text);
  return result.ok ? [] : result.problems;
}

test('the sample parameter file of AWS is accepted as it is', () => {
  const result = readConfiguration(JSON.stringify(sample));
  expect(result).toMatchObject({
    ok: true,
    configuration: {
      datasetGroup: { serviceConfig: { name: 'DatasetGroup' } },
      datasets: { users: { serviceConfig: { name: 'UsersDataset' } } },
      solutions: [
        {
          serviceConfig: { name: 'Solution', performAutoML: true },
          campaigns: [{ serviceConfig: { name: 'Campaign', minProvisionedTPS: 1 } }],
        },
      ],
    },
  });
});

test('a file with its own dataset group, schedules and a batch job is accepted', () => {
  expect(problemsOf(JSON.stringify(ownGroup))).toEqual([]);
});

test('an empty object asks for nothing and is accepted', () => {
  expect(problemsOf('{}')).toEqual([]);
});

const faults: readonly [string, object, (string | number)[], unknown, string][] = [
  ['a name with a blank', sample, ['solution', 'name'], 'my solution', 'solution.name'],
  ['a name of 64 characters', sample, ['campaign', 'name'], 'x'.repeat(64), 'campaign.name'],
  ['a TPS of zero', sample, ['campaign', 'minProvisionedTPS'], 0, 'campaign.minProvisionedTPS'],
  [
    'AutoML together with a recipe',
    sample,
    ['solution', 'recipeArn'],
    'arn:aws:personalize:::recipe/aws-sims',
    'solution.recipeArn',
  ],
  ['no recipe and no AutoML', sample, ['solution', 'performAutoML'], false, 'solution.recipeArn'],
  [
    'a schema of another type',
    sample,
    ['datasets', 'Users', 'schema', 'name'],
    'Items',
    'datasets.Users.schema.name',
  ],
  [
    'an Avro type that does not exist',
    sample,
    ['datasets', 'Interactions', 'schema', 'fields', 2, 'type'],
    'timestamp',
    'datasets.Interactions.schema.fields[2].type',
  ],
  [
    'a schema without TIMESTAMP',
    ownGroup,
    ['datasets', 'interactions', 'schema', 'serviceConfig', 'schema', 'fields'],
    interactions.fields.slice(0, 2),
    'datasets.interactions.schema.serviceConfig.schema.fields',
  ],
  [
    'a setting that does not exist',
    ownGroup,
    ['solutions', 0, 'serviceConfig', 'recipe'],
    'x',
    'solutions[0].serviceConfig.recipe',
  ],
  [
    'a schedule with five fields',
    ownGroup,
    ['solutions', 0, 'workflowConfig', 'schedules', 'full'],
    'cron(0 3 * * ?)',
    'solutions[0].workflowConfig.schedules.full',
  ],
  [
    'an hour of 24',
    ownGroup,
    ['datasets', 'interactions', 'workflowConfig', 'schedules', 'full'],
    'cron(0 24 ? * MON *)',
    'datasets.interactions.workflowConfig.schedules.full',
  ],
  [
    'a maximum age in words',
    ownGroup,
    ['solutions', 0, 'workflowConfig', 'maxAge'],
    'soon',
    'solutions[0].workflowConfig.maxAge',
  ],
  [
    'a job whose filter is not in the file',
    ownGroup,
    ['filters'],
    [],
    'solutions[0].batchInferenceJobs[0].serviceConfig.filterName',
  ],
  [
    'recommenders without a domain',
    ownGroup,
    ['recommenders'],
    [
      {
        serviceConfig: { name: 'r', recipeArn: 'arn:aws:personalize:::recipe/aws-ecomm-recommended-for-you' },
      },
    ],
    'recommenders',
  ],
  [
    'update training of a recipe that cannot',
    ownGroup,
    ['solutions', 0, 'workflowConfig', 'trainingMode'],
    'UPDATE',
    'solutions[0].workflowConfig.trainingMode',
  ],
  [
    'a time for updates of a recipe that cannot',
    ownGroup,
    ['solutions', 0, 'workflowConfig', 'schedules', 'update'],
    'rate(1 day)',
    'solutions[0].workflowConfig.schedules.update',
  ],
  ['a dataset group without interactions', ownGroup, ['datasets'], {}, 'datasets'],
  [
    'a time of day for the import of a group',
    ownGroup,
    ['datasetGroup', 'workflowConfig'],
    { schedules: { import: 'daily' } },
    'datasetGroup.workflowConfig.schedules.import',
  ],
  [
    'a range that falls',
    ownGroup,
    ['solutions', 0, 'serviceConfig'],
    {
      name: 'personal',
      recipeArn: 'arn:aws:personalize:::recipe/aws-user-personalization',
      solutionConfig: {
        hpoConfig: {
          algorithmHyperParameterRanges: {
            integerHyperParameterRanges: [{ name: 'bptt', minValue: 20, maxValue: 10 }],
          },
        },
      },
    },
    'solutions[0].serviceConfig.solutionConfig.hpoConfig.algorithmHyperParameterRanges.integerHyperParameterRanges[0]',
  ],
  [
    'a schema of more than twenty thousand characters',
    ownGroup,
    ['datasets', 'interactions', 'schema', 'serviceConfig', 'schema', 'fields'],
    [
      ...interactions.fields,
      ...Array.from({ length: 400 }, (_, n) => ({ name: `FIELD_NUMBER_${n}_OF_MANY`, type: 'string' })),
    ],
    'datasets.interactions.schema.serviceConfig.schema',
  ],
  [
    'more than fifty different schedules',
    ownGroup,
    ['solutions', 0, 'batchInferenceJobs'],
    Array.from({ length: 60 }, (_, minute) => ({
      serviceConfig: {},
      workflowConfig: { schedule: `cron(${minute} 3 * * ? *)` },
    })),
    'solutions',
  ],
];

const television = {
  ...ownGroup,
  datasetGroup: { serviceConfig: { name: 'television', domain: 'VIDEO_ON_DEMAND' } },
  datasets: {
    interactions: {
      serviceConfig: { name: 'watches' },
      schema: {
        serviceConfig: {
          name: 'watches',
          schema: {
            ...interactions,
            fields: interactions.fields,
          },
        },
      },
    },
    items: {
      serviceConfig: { name: 'films' },
      schema: {
        serviceConfig: {
          name: 'films',
          schema: {
            ...interactions,
            name: 'Items',
            fields: [
              { name: 'ITEM_ID', type: 'string' },
              { name: 'GENRES', type: ['null', 'string'], categorical: true },
              { name: 'CREATION_TIMESTAMP', type: 'long' },
            ],
          },
        },
      },
    },
  },
  recommenders: [
    { serviceConfig: { name: 'picks', recipeArn: 'arn:aws:personalize:::recipe/aws-vod-top-picks' } },
  ],
};

test('a dataset group with a domain and its recommenders is accepted', () => {
  expect(problemsOf(JSON.stringify(television))).toEqual([]);
});

const fieldsOf = (section: string) => ['datasets', section, 'schema', 'serviceConfig', 'schema', 'fields'];

test.each<[string, (string | number)[], unknown, string]>([
  [
    'a recommender of the other domain',
    ['recommenders', 0, 'serviceConfig', 'recipeArn'],
    'arn:aws:personalize:::recipe/aws-ecomm-recommended-for-you',
    'recommenders[0].serviceConfig.recipeArn',
  ],
  [
    'events without a type',
    fieldsOf('interactions'),
    interactions.fields.slice(0, 3),
    'datasets.interactions.schema.serviceConfig.schema.fields',
  ],
  [
    'genres that are no categories',
    [...fieldsOf('items'), 1, 'categorical'],
    false,
    'datasets.items.schema.serviceConfig.schema.fields[1].categorical',
  ],
  [
    'a time that is text',
    [...fieldsOf('items'), 2, 'type'],
    'string',
    'datasets.items.schema.serviceConfig.schema.fields[2].type',
  ],
])('in a domain, %s is refused with its place', (_name, path, value, expected) => {
  expect(problemsOf(changed(television, path, value))[0]?.path).toBe(expected);
});

test.each(faults)('%s is refused with its place', (_name, base, path, value, expected) => {
  expect(problemsOf(changed(base, path, value)).map((problem) => problem.path)).toContain(expected);
});

test('all faults are reported together, with line and column', () => {
  const text =
    '{\n  "filters": [],\n  "solutions": [{ "serviceConfig": { "name": "a b", "performAutoML": "yes" } }],\n  "colour": 1\n}';
  expect(problemsOf(text)).toEqual([
    expect.objectContaining({ path: 'solutions[0].serviceConfig.name', line: 3, column: 46 }),
    expect.objectContaining({ path: 'solutions[0].serviceConfig.performAutoML', line: 3, column: 70 }),
    { path: 'colour', line: 4, column: 13, message: 'there is no such setting' },
  ]);
});

test('two solutions of one name are refused at the second', () => {
  const [solution] = ownGroup.solutions;
  const text = changed(ownGroup, ['solutions'], [solution, { serviceConfig: solution?.serviceConfig }]);
  expect(problemsOf(text)).toEqual([expect.objectContaining({ path: 'solutions[1].serviceConfig.name' })]);
});

test('text that is not JSON is refused where it breaks', () => {
  expect(problemsOf('{\n  "filters": [\n}')).toEqual([expect.objectContaining({ line: 3, column: 1 })]);
  expect(problemsOf('')).toHaveLength(1);
});
