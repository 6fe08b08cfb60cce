// Configuration files as people upload them.
const field = (name: string, type: string, more: object = {}) => ({ name, type, ...more });

const avro = (name: string, ...fields: object[]) => ({
  type: 'record',
  name,
  namespace: 'com.amazonaws.personalize.schema',
  fields,
  version: '1.0',
});

const interactions = avro(
  'Interactions',
  field('USER_ID', 'string'),
  field('ITEM_ID', 'string'),
  field('TIMESTAMP', 'long'),
);
const users = avro(
  'Users',
  field('USER_ID', 'string'),
  field('GENDER', 'string', { categorical: true }),
  field('AGE', 'int'),
);
const items = avro('Items', field('ITEM_ID', 'string'), field('GENRE', 'string', { categorical: true }));

/** The parameter file of AWS's sample pipeline ("personalize-step-functions"), word by word. */
export const sampleParameters = {
  datasetGroup: { name: 'DatasetGroup' },
  datasets: {
    Interactions: { name: 'InteractionsDataset', schema: interactions },
    Users: { name: 'UsersDataset', schema: users },
  },
  solution: { name: 'Solution', performAutoML: true },
  campaign: { name: 'Campaign', minProvisionedTPS: 1 },
};

const recipe = (name: string) => `arn:aws:personalize:::recipe/aws-${name}`;
const dataset = (name: string, schema: object) => ({
  serviceConfig: { name },
  schema: { serviceConfig: { name: `${name}-schema`, schema } },
});

/** A group of its own with one of each kind that a file can have; `maxAge` as in `workflowConfig`. */
const cinemaWith = (workflowConfig: object) => ({
  tags: [{ tagKey: 'team', tagValue: 'cinema' }],
  datasetGroup: { serviceConfig: { name: 'cinema' } },
  datasets: {
    interactions: dataset('cinema-ratings', interactions),
    items: dataset('cinema-films', items),
    users: dataset('cinema-people', users),
  },
  eventTracker: { serviceConfig: { name: 'cinema-tracker' } },
  filters: [
    {
      serviceConfig: {
        name: 'cinema-genre',
        filterExpression: 'INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)',
      },
    },
  ],
  solutions: [
    {
      serviceConfig: { name: 'cinema-personal', recipeArn: recipe('user-personalization-v2') },
      workflowConfig,
      campaigns: [{ serviceConfig: { name: 'cinema-personal', minProvisionedTPS: 1 } }],
      batchInferenceJobs: [{ serviceConfig: { numResults: 5 } }],
    },
    {
      serviceConfig: { name: 'cinema-segments', recipeArn: recipe('item-affinity') },
      workflowConfig,
      batchSegmentJobs: [{ serviceConfig: { numResults: 10 } }],
    },
  ],
});

/** Trained once, then kept. */
export const cinema = cinemaWith({ maxAge: '1 day' });
export const cinemaTrainedAgain = cinemaWith({});
