// A configuration file that has every field that there is, and AWS's sample file with every field of its own.
const recipe = (name: string) => `arn:aws:personalize:::recipe/aws-${name}`;
const tags = [{ tagKey: 'team', tagValue: 'shop' }];
const field = (name: string, type: string | string[], more: object = {}) => ({ name, type, ...more });

const schema = (name: string, ...fields: object[]) => ({
  type: 'record',
  name,
  namespace: 'com.amazonaws.personalize.schema',
  fields,
  version: '1.0',
});

const interactions = schema(
  'Interactions',
  field('USER_ID', 'string'),
  field('ITEM_ID', 'string'),
  field('TIMESTAMP', 'long'),
  field('EVENT_TYPE', 'string', { categorical: false }),
);
const items = schema(
  'Items',
  field('ITEM_ID', 'string'),
  field('PRICE', 'float'),
  field('CATEGORY_L1', ['null', 'string'], { categorical: true }),
  field('DESCRIPTION', 'string', { textual: true }),
  field('TITLE', 'string', { itemName: true }),
);
const actions = schema('Actions', field('ACTION_ID', 'string'), field('VALUE', ['null', 'long']));
const actionInteractions = schema(
  'Action_Interactions',
  field('USER_ID', 'string'),
  field('ACTION_ID', 'string'),
  field('EVENT_TYPE', 'string'),
  field('TIMESTAMP', 'long'),
);
const users = schema('Users', field('USER_ID', 'string'), field('AGE', ['null', 'int']));

const dataset = (name: string, avro: object) => ({
  serviceConfig: { name, tags },
  schema: { serviceConfig: { name, schema: avro } },
  workflowConfig: {
    importMode: 'INCREMENTAL',
    schedules: { full: 'cron(0 3 ? * MON *)', incremental: 'rate(1 day)' },
    tags,
  },
});

const solution = {
  name: 'personal',
  performHPO: true,
  performAutoML: false,
  performAutoTraining: true,
  recipeArn: recipe('user-personalization'),
  eventType: 'View',
  solutionConfig: {
    hpoConfig: {
      hpoResourceConfig: { maxNumberOfTrainingJobs: '4', maxParallelTrainingJobs: '2' },
      algorithmHyperParameterRanges: {
        integerHyperParameterRanges: [{ name: 'bptt', minValue: 2, maxValue: 22 }],
        categoricalHyperParameterRanges: [{ name: 'recency_mask', values: ['True', 'False'] }],
      },
    },
    algorithmHyperParameters: { hidden_dimension: '55' },
    featureTransformationParameters: { min_user_history_length_percentile: '0.01' },
    eventValueThreshold: '0.5',
    autoMLConfig: { metricName: 'precision_at_25', recipeList: [recipe('user-personalization')] },
    optimizationObjective: { itemAttribute: 'PRICE', objectiveSensitivity: 'LOW' },
    trainingDataConfig: {
      excludedDatasetColumns: { ITEMS: ['DESCRIPTION'] },
      includedDatasetColumns: { USERS: ['AGE'] },
    },
    autoTrainingConfig: { schedulingExpression: 'rate(7 days)' },
  },
  tags,
};

/** What some recipes take only. */
const others = [
  {
    serviceConfig: {
      name: 'weighed',
      recipeArn: recipe('user-personalization-v2'),
      solutionConfig: {
        eventsConfig: { eventParametersList: [{ eventType: 'View', eventValueThreshold: 0.2, weight: 0.5 }] },
      },
    },
  },
  {
    serviceConfig: {
      name: 'related',
      recipeArn: recipe('sims'),
      solutionConfig: {
        hpoConfig: {
          algorithmHyperParameterRanges: {
            continuousHyperParameterRanges: [
              { name: 'popularity_discount_factor', minValue: 0.1, maxValue: 0.9 },
            ],
          },
        },
      },
    },
  },
  {
    serviceConfig: {
      name: 'texts',
      recipeArn: recipe('semantic-similarity'),
      performIncrementalUpdate: true,
    },
    campaigns: [
      {
        serviceConfig: {
          name: 'texts',
          campaignConfig: { rankingInfluence: { POPULARITY: 0.2, FRESHNESS: 0.1 } },
        },
      },
    ],
  },
];

const campaign = {
  name: 'personal',
  minProvisionedTPS: 1,
  campaignConfig: {
    itemExplorationConfig: { explorationWeight: '0.3' },
    enableMetadataWithRecommendations: true,
    syncWithLatestSolutionVersion: false,
  },
  tags,
};

const group = {
  name: 'shop',
  domain: 'ECOMMERCE',
  roleArn: 'arn:aws:iam::123456789012:role/personalize',
  kmsKeyArn: 'arn:aws:kms:us-east-1:123456789012:key/k',
  tags,
};

export const everything = {
  $schema: 'configuration.schema.json',
  tags,
  allowReplace: true,
  datasetGroup: { serviceConfig: group, workflowConfig: { schedules: { import: 'rate(12 hours)' } } },
  datasets: {
    interactions: dataset('interactions', interactions),
    items: dataset('items', items),
    users: dataset('users', users),
    actions: dataset('actions', actions),
    actionInteractions: dataset('action-interactions', actionInteractions),
  },
  eventTracker: { serviceConfig: { name: 'tracker', tags } },
  filters: [
    {
      serviceConfig: { name: 'cheap', filterExpression: 'INCLUDE ItemID WHERE Items.PRICE < 10', tags },
    },
  ],
  recommenders: [
    {
      serviceConfig: {
        name: 'picks',
        recipeArn: recipe('ecomm-recommended-for-you'),
        recommenderConfig: {
          itemExplorationConfig: { explorationWeight: '0.3' },
          minRecommendationRequestsPerSecond: 1,
          trainingDataConfig: { excludedDatasetColumns: { ITEMS: ['DESCRIPTION'] } },
          enableMetadataWithRecommendations: true,
        },
        tags,
      },
    },
  ],
  solutions: [
    {
      serviceConfig: solution,
      workflowConfig: {
        trainingMode: 'UPDATE',
        maxAge: '3 days',
        tags,
        schedules: { full: 'cron(0 4 ? * MON *)', update: 'rate(6 hours)' },
      },
      campaigns: [{ serviceConfig: campaign }],
      batchInferenceJobs: [
        {
          serviceConfig: {
            batchInferenceJobMode: 'THEME_GENERATION',
            numResults: 20,
            filterName: 'cheap',
            batchInferenceJobConfig: { itemExplorationConfig: { explorationWeight: '0.3' } },
            themeGenerationConfig: { fieldsForThemeGeneration: { itemName: 'TITLE' } },
            tags,
          },
          workflowConfig: { schedule: 'rate(1 day)' },
        },
      ],
    },
    ...others,
    {
      serviceConfig: { name: 'segments', recipeArn: recipe('item-affinity') },
      batchSegmentJobs: [
        {
          serviceConfig: { numResults: 20, filterName: 'cheap', tags },
          workflowConfig: { schedule: 'rate(1 day)' },
        },
      ],
    },
  ],
};

export const sampleWithEverything = {
  datasetGroup: group,
  datasets: {
    Interactions: { name: 'interactions', schema: interactions },
    Items: { name: 'items', schema: items },
    Users: { name: 'users', schema: users },
  },
  solution,
  campaign,
};
