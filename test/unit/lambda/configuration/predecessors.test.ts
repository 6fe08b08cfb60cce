// Files of the systems that this one replaces: each of their forms is read as what our own format says.
import { readConfiguration } from '../../../../lambda/shared/configuration/read';

const recipe = (name: string) => `arn:aws:personalize:::recipe/aws-${name}`;
const tag = (key: string) => [{ tagKey: key, tagValue: 'v' }];

const avro = (name: string, fields: readonly object[], more: object = {}) => ({
  type: 'record',
  name,
  namespace: 'com.amazonaws.personalize.schema',
  fields,
  ...more,
});
const text = (name: string, more: object = {}) => ({ name, type: 'string', ...more });
const time = { name: 'TIMESTAMP', type: 'long' };
const clicks = [text('ITEM_ID'), text('USER_ID'), text('EVENT_TYPE'), time];
const people = [text('USER_ID'), text('GENDER', { categorical: true })];

function read(file: object) {
  const result = readConfiguration(JSON.stringify(file, null, 2));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result;
}

/** As "Maintaining Personalized Experiences" writes datasets: wrapped, in lower case, without a version. */
const wrapped = (name: string, fields: readonly object[]) => ({
  dataset: { serviceConfig: { name: `${name}-data`, tags: tag(name) } },
  schema: { serviceConfig: { name: `${name}-schema`, schema: avro(name, fields) } },
});

const maintained = {
  tags: tag('all'),
  datasetGroup: {
    serviceConfig: { name: 'films' },
    workflowConfig: { schedules: { import: 'cron(0 */6 * * ? *)' } },
  },
  datasets: {
    serviceConfig: { importMode: 'INCREMENTAL', tags: tag('imports') },
    users: wrapped('users', people),
    interactions: wrapped('interactions', clicks),
  },
  solutions: [
    {
      serviceConfig: {
        name: 'likes',
        recipeArn: recipe('user-personalization'),
        solutionVersion: { name: 'v1', trainingMode: 'UPDATE', tags: tag('versions') },
      },
      workflowConfig: { schedules: { full: 'cron(0 2 ? * 1 *)' } },
    },
  ],
};

test('wrapped datasets in lower case without a version are what our datasets are', () => {
  const { configuration } = read(maintained);
  expect(configuration.datasets?.users).toEqual({
    serviceConfig: { name: 'users-data', tags: tag('users') },
    schema: {
      serviceConfig: { name: 'users-schema', schema: avro('users', people, { version: '1.0' }) },
    },
    workflowConfig: { importMode: 'INCREMENTAL', tags: tag('imports') },
  });
});

test('solutionVersion says how versions are trained and tagged, and that its name is not used is told', () => {
  const { configuration, notes } = read(maintained);
  expect(configuration.solutions?.[0]).toEqual({
    serviceConfig: { name: 'likes', recipeArn: recipe('user-personalization') },
    workflowConfig: {
      schedules: { full: 'cron(0 2 ? * 1 *)' },
      trainingMode: 'UPDATE',
      tags: tag('versions'),
    },
  });
  expect(notes.map(({ path }) => path)).toEqual(['solutions[0].serviceConfig.solutionVersion.name']);
  expect(notes[0]?.line).toBeGreaterThan(50);
});

test('what no Amazon Personalize takes of such a file is put right, and told', () => {
  const { configuration, notes } = read({
    ...maintained,
    datasets: { ...maintained.datasets, interactions: wrapped('interactions', clicks.slice(0, 3)) },
    filters: [
      {
        serviceConfig: {
          name: 'f',
          filterExpression: "INCLUDE ItemID WHERE Interactions.EVENT_TYPE in ('a', 'b')",
        },
      },
    ],
    recommenders: [{ serviceConfig: { name: 'r', recipeArn: recipe('ecomm-popular-items-by-views') } }],
    solutions: [{ serviceConfig: { name: 'affinity' }, batchSegmentJobs: [{ serviceConfig: {} }] }],
  });
  expect(configuration).toMatchObject({
    datasets: {
      interactions: { schema: { serviceConfig: { schema: { fields: clicks.slice(0, 3).concat(time) } } } },
    },
    filters: [
      { serviceConfig: { filterExpression: 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE in ("a", "b")' } },
    ],
    solutions: [{ serviceConfig: { recipeArn: recipe('item-affinity') } }],
  });
  expect(configuration.recommenders).toBeUndefined();
  expect(notes.map(({ path }) => path).sort()).toEqual([
    'datasets.interactions.schema.serviceConfig.schema.fields',
    'filters[0].serviceConfig.filterExpression',
    'recommenders',
    'solutions[0].serviceConfig',
  ]);
});

/** As the Step Functions sample writes it: maps by any name, bare parameters. */
const sampled = {
  datasetGroup: { name: 'Films' },
  datasets: {
    Interactions: { name: 'InteractionsDataset', schema: avro('Interactions', clicks, { version: '1.0' }) },
  },
  solutions: {
    personal: { name: 'personalSolution', recipeArn: recipe('user-personalization') },
    sims: { name: 'simsSolution', recipeArn: recipe('sims') },
  },
  eventTracker: { name: 'Tracker' },
  campaigns: {
    simsCampaign: { name: 'simsCampaign', minProvisionedTPS: 1 },
    personalCampaign: { name: 'personalCampaign', minProvisionedTPS: 2 },
  },
  filters: [{ name: 'f', filterExpression: 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("a")' }],
};

test('solutions and campaigns that are maps are lists, each campaign with its solution', () => {
  const { configuration, notes } = read(sampled);
  expect(notes).toEqual([]);
  expect(configuration).toMatchObject({
    datasetGroup: { serviceConfig: { name: 'Films' } },
    eventTracker: { serviceConfig: { name: 'Tracker' } },
    datasets: { interactions: { schema: { serviceConfig: { name: 'InteractionsDataset-schema' } } } },
    filters: [{ serviceConfig: { name: 'f' } }],
    solutions: [
      {
        serviceConfig: { name: 'personalSolution' },
        campaigns: [{ serviceConfig: { name: 'personalCampaign', minProvisionedTPS: 2 } }],
      },
      {
        serviceConfig: { name: 'simsSolution' },
        campaigns: [{ serviceConfig: { name: 'simsCampaign', minProvisionedTPS: 1 } }],
      },
    ],
  });
});

test('one solution and one campaign belong together', () => {
  const { solutions, campaigns, ...rest } = sampled;
  const { configuration } = read({ ...rest, solution: solutions.sims, campaign: campaigns.simsCampaign });
  expect(configuration.solutions).toEqual([
    {
      serviceConfig: { name: 'simsSolution', recipeArn: recipe('sims') },
      campaigns: [{ serviceConfig: { name: 'simsCampaign', minProvisionedTPS: 1 } }],
    },
  ]);
});

test('a campaign that belongs to no solution is refused at its place', () => {
  const campaigns = { ...sampled.campaigns, otherCampaign: { name: 'other' } };
  const result = readConfiguration(JSON.stringify({ ...sampled, campaigns }));
  expect(result).toMatchObject({ ok: false, problems: [{ path: 'campaigns' }] });
});

test('a fault is told at its place in the file, wherever our format has it', () => {
  const solutions = { ...sampled.solutions, sims: { name: 'a b', recipeArn: recipe('sims') } };
  const lines = JSON.stringify({ ...sampled, solutions }, null, 2);
  const result = readConfiguration(lines);
  expect(result).toMatchObject({
    ok: false,
    problems: [
      {
        path: 'solutions.sims.name',
        line: lines.slice(0, lines.indexOf('"a b"')).split('\n').length,
      },
    ],
  });
});
