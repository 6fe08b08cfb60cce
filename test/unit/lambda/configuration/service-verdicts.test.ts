// A file is judged as Amazon Personalize judges what it asks for: what the service takes is good, what it refuses is not.
import { readConfiguration } from '../../../../lambda/shared/configuration/read';

interface Parts {
  readonly schema?: object;
  readonly fields?: readonly object[];
  readonly more?: readonly object[];
  readonly solution?: object;
  readonly filter?: string;
  readonly campaign?: object;
  readonly group?: object;
}

const recipe = (name: string) => `arn:aws:personalize:::recipe/aws-${name}`;
const field = (name: string, type: unknown, more: object = {}) => ({ name, type, ...more });

function problemsOf({ schema, fields, more = [], solution, filter, campaign, group }: Parts) {
  const avro = (name: string, columns: readonly object[], changes: object = {}) => ({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields: columns,
    version: '1.0',
    ...changes,
  });
  const dataset = (name: string, document: object) => ({
    serviceConfig: { name },
    schema: { serviceConfig: { name, schema: document } },
  });
  const interactions = [
    field('USER_ID', 'string'),
    field('ITEM_ID', 'string'),
    field('TIMESTAMP', 'long'),
    field('EVENT_TYPE', 'string'),
    ...more,
  ];
  const items = fields ?? [field('ITEM_ID', 'string'), field('GENRE', 'string', { categorical: true })];
  const file = {
    datasetGroup: { serviceConfig: { name: 'shop', ...group } },
    datasets: {
      interactions: dataset('interactions', avro('Interactions', interactions, schema)),
      items: dataset('items', avro('Items', items)),
    },
    filters: filter ? [{ serviceConfig: { name: 'f', filterExpression: filter } }] : [],
    solutions: [
      {
        serviceConfig: { name: 's', recipeArn: recipe('user-personalization'), ...solution },
        campaigns: [{ serviceConfig: { name: 'c', ...campaign } }],
      },
    ],
  };
  const result = readConfiguration(JSON.stringify(file));
  return result.ok ? [] : result.problems.map(({ path }) => path);
}

const SCHEMA = 'datasets.interactions.schema.serviceConfig.schema';
const SOLUTION = 'solutions[0].serviceConfig';

test.each<[string, Parts]>([
  ['a schema whose name is in lower case', { schema: { name: 'interactions' } }],
  ['a field with a default', { more: [field('DEVICE', ['null', 'string'], { default: null })] }],
  [
    'a schema with a description',
    { schema: { doc: 'What people did' }, more: [field('D', 'int', { doc: 'x' })] },
  ],
  ['five metadata columns', { more: [1, 2, 3, 4, 5].map((n) => field(`M${n}`, 'int')) }],
  [
    'hyperparameters in their range',
    { solution: { solutionConfig: { algorithmHyperParameters: { bptt: '20' } } } },
  ],
  [
    'a threshold for an event type',
    { solution: { eventType: 'click', solutionConfig: { eventValueThreshold: '1' } } },
  ],
  ['a filter in double quotes', { filter: 'INCLUDE ItemID WHERE Items.GENRE IN ("comedy")' }],
])('%s is good', (_name, parts) => {
  expect(problemsOf(parts)).toEqual([]);
});

test.each<[string, Parts, string]>([
  ['a union of two types', { more: [field('M', ['string', 'int'])] }, `${SCHEMA}.fields[4].type`],
  [
    'a categorical number',
    { more: [field('M', 'int', { categorical: true })] },
    `${SCHEMA}.fields[4].categorical`,
  ],
  [
    'six metadata columns',
    { more: [1, 2, 3, 4, 5, 6].map((n) => field(`M${n}`, 'int')) },
    `${SCHEMA}.fields`,
  ],
  [
    'an unknown hyperparameter',
    { solution: { solutionConfig: { algorithmHyperParameters: { depth: '3' } } } },
    `${SOLUTION}.solutionConfig.algorithmHyperParameters.depth`,
  ],
  [
    'a hyperparameter out of its range',
    { solution: { solutionConfig: { algorithmHyperParameters: { bptt: '64' } } } },
    `${SOLUTION}.solutionConfig.algorithmHyperParameters.bptt`,
  ],
  [
    'a filter in single quotes',
    { filter: "INCLUDE ItemID WHERE Items.GENRE IN ('comedy')" },
    'filters[0].serviceConfig.filterExpression',
  ],
  [
    'a filter by a column that is not there',
    { filter: 'INCLUDE ItemID WHERE Items.PRICE < 3' },
    'filters[0].serviceConfig.filterExpression',
  ],
  [
    'a recipe of a domain in a custom group',
    { solution: { recipeArn: recipe('ecomm-recommended-for-you') } },
    `${SOLUTION}.recipeArn`,
  ],
  ['a recipe that does not exist', { solution: { recipeArn: recipe('magic') } }, `${SOLUTION}.recipeArn`],
  [
    'a threshold without an event type',
    { solution: { solutionConfig: { eventValueThreshold: '1' } } },
    `${SOLUTION}.solutionConfig.eventValueThreshold`,
  ],
  [
    'event weights for a recipe that has none',
    {
      solution: {
        solutionConfig: { eventsConfig: { eventParametersList: [{ eventType: 'a', weight: 1 }] } },
      },
    },
    `${SOLUTION}.solutionConfig.eventsConfig`,
  ],
  [
    'a tuned hyperparameter that cannot be tuned',
    {
      solution: {
        recipeArn: recipe('sims'),
        performHPO: true,
        solutionConfig: {
          hpoConfig: {
            algorithmHyperParameterRanges: {
              integerHyperParameterRanges: [{ name: 'bptt', minValue: 2, maxValue: 8 }],
            },
          },
        },
      },
    },
    `${SOLUTION}.solutionConfig.hpoConfig.algorithmHyperParameterRanges.integerHyperParameterRanges[0].name`,
  ],
  [
    'a training column that is not there',
    {
      solution: { solutionConfig: { trainingDataConfig: { excludedDatasetColumns: { ITEMS: ['COLOUR'] } } } },
    },
    `${SOLUTION}.solutionConfig.trainingDataConfig.excludedDatasetColumns.ITEMS[0]`,
  ],
  [
    'a ranking influence on a recipe without one',
    { campaign: { campaignConfig: { rankingInfluence: { POPULARITY: 0.5 } } } },
    'solutions[0].campaigns[0].serviceConfig.campaignConfig.rankingInfluence',
  ],
  [
    'more exploration than there is',
    { campaign: { campaignConfig: { itemExplorationConfig: { explorationWeight: '2' } } } },
    'solutions[0].campaigns[0].serviceConfig.campaignConfig.itemExplorationConfig.explorationWeight',
  ],
  ['a campaign for segments', { solution: { recipeArn: recipe('item-affinity') } }, 'solutions[0].campaigns'],
])('%s is refused at its place', (_name, parts, path) => {
  expect(problemsOf(parts)).toContain(path);
});

test('a byte-order mark is not part of the text', () => {
  expect(readConfiguration('\uFEFF{}')).toMatchObject({ ok: true });
  const wrong = readConfiguration('\uFEFF{ "colour": 1 }');
  expect(wrong).toMatchObject({ ok: false, problems: [{ path: 'colour', line: 1, column: 13 }] });
});

test("a filter of the gallery's own group is judged by the gallery's schemas", () => {
  const file = (column: string) =>
    JSON.stringify({
      filters: [
        {
          serviceConfig: { name: 'f', filterExpression: `INCLUDE ItemID WHERE Items.${column} IN ("happy")` },
        },
      ],
    });
  expect(readConfiguration(file('EMOTION'))).toMatchObject({ ok: true });
  expect(readConfiguration(file('MOOD'))).toMatchObject({ ok: false });
});
