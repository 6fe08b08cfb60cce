// Configuration files as people upload them.
export const field = (name: string, type: string, more: object = {}) => ({ name, type, ...more });

export const avro = (name: string, ...fields: object[]) => ({
  type: 'record',
  name,
  namespace: 'com.amazonaws.personalize.schema',
  fields,
  version: '1.0',
});

/** The least that interactions can have. */
export const interactions = avro(
  'Interactions',
  field('USER_ID', 'string'),
  field('ITEM_ID', 'string'),
  field('TIMESTAMP', 'long'),
);
export const users = avro(
  'Users',
  field('USER_ID', 'string'),
  field('GENDER', 'string', { categorical: true }),
  field('AGE', 'int'),
);
const items = avro('Items', field('ITEM_ID', 'string'), field('GENRE', 'string', { categorical: true }));

export const recipe = (name: string) => `arn:aws:personalize:::recipe/aws-${name}`;
const dataset = (name: string, schema: object) => ({
  serviceConfig: { name },
  schema: { serviceConfig: { name: `${name}-schema`, schema } },
});

export interface Times {
  readonly import?: string;
  readonly full?: string;
  readonly update?: string;
  readonly batch?: string;
}

/** The cinema with times of its own; with `maxAge` its first version is kept until one of them is due. */
export const cinemaOnSchedule = (times: Times, { maxAge }: { maxAge?: string } = { maxAge: '1 day' }) => ({
  datasetGroup: {
    serviceConfig: { name: 'cinema' },
    workflowConfig: { schedules: { import: times.import } },
  },
  datasets: {
    interactions: dataset('cinema-ratings', interactions),
    items: dataset('cinema-films', items),
    users: dataset('cinema-people', users),
  },
  solutions: [
    {
      // The only recipe of those that are still offered that can be updated.
      serviceConfig: { name: 'cinema-personal', recipeArn: recipe('user-personalization') },
      workflowConfig: { maxAge, schedules: { full: times.full, update: times.update } },
      campaigns: [{ serviceConfig: { name: 'cinema-personal', minProvisionedTPS: 1 } }],
      batchInferenceJobs: times.batch
        ? [{ serviceConfig: { numResults: 5 }, workflowConfig: { schedule: times.batch } }]
        : [],
    },
  ],
});

/** A group of its own with one of each kind that a file can have; `maxAge` as in `workflowConfig`. */
const cinemaWith = (workflowConfig: object, minProvisionedTPS = 1) => ({
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
      campaigns: [{ serviceConfig: { name: 'cinema-personal', minProvisionedTPS } }],
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
/** The same, kept, with a campaign for more requests. */
export const cinemaWithCapacity = (minProvisionedTPS: number) =>
  cinemaWith({ maxAge: '1 day' }, minProvisionedTPS);
/** Only what people like most, in a campaign that follows the newest version by itself. */
export const cinemaFollowing = {
  datasetGroup: cinema.datasetGroup,
  datasets: cinema.datasets,
  solutions: [
    {
      serviceConfig: { name: 'cinema-popular', recipeArn: recipe('popularity-count') },
      campaigns: [
        {
          serviceConfig: { name: 'cinema-popular', campaignConfig: { syncWithLatestSolutionVersion: true } },
        },
      ],
    },
  ],
};

/** A dataset group with a domain: recommenders, and nothing to train besides. */
export const television = {
  datasetGroup: { serviceConfig: { name: 'television', domain: 'VIDEO_ON_DEMAND' } },
  datasets: {
    interactions: dataset(
      'television-watches',
      avro(
        'Interactions',
        field('USER_ID', 'string'),
        field('ITEM_ID', 'string'),
        field('TIMESTAMP', 'long'),
        field('EVENT_TYPE', 'string'),
      ),
    ),
    items: dataset(
      'television-films',
      avro(
        'Items',
        field('ITEM_ID', 'string'),
        field('GENRES', 'string', { categorical: true }),
        field('CREATION_TIMESTAMP', 'long'),
      ),
    ),
  },
  recommenders: [
    {
      serviceConfig: {
        name: 'television-picks',
        recipeArn: recipe('vod-top-picks'),
        recommenderConfig: { minRecommendationRequestsPerSecond: 1 },
      },
    },
    { serviceConfig: { name: 'television-popular', recipeArn: recipe('vod-most-popular') } },
  ],
};
