// What the instructions of the systems that this one replaces have people upload: files in their forms, where they are put. Their own files
// are longer; they have no other forms.
import { avro, field, interactions, recipe, users } from './configurations';
import { filmsCsv, interactionsCsv, usersCsv, watchesCsv } from './movies';

/** By key in the bucket, in the order in which they are uploaded. */
export type Upload = Readonly<Record<string, string>>;

/** The parameter file that the first sample pipeline ("personalize-step-functions") has in its instructions, word by word. */
const sampleParameters = {
  datasetGroup: { name: 'DatasetGroup' },
  datasets: {
    Interactions: { name: 'InteractionsDataset', schema: interactions },
    Users: { name: 'UsersDataset', schema: users },
  },
  solution: { name: 'Solution', performAutoML: true },
  campaign: { name: 'Campaign', minProvisionedTPS: 1 },
};

/** `Interactions/`, `Users/`, and then the file in the root of the bucket. */
export const sample: Upload = {
  'Interactions/interactions.csv': interactionsCsv,
  'Users/users.csv': usersCsv,
  'params.json': JSON.stringify(sampleParameters, null, 4),
};

const watches = avro(
  'Interactions',
  field('USER_ID', 'string'),
  field('ITEM_ID', 'string'),
  field('EVENT_TYPE', 'string'),
  field('TIMESTAMP', 'long'),
);
const films = avro(
  'Items',
  field('ITEM_ID', 'string'),
  field('GENRES', 'string', { categorical: true }),
  field('CREATION_TIMESTAMP', 'long'),
);

/** The example of the same pipeline's later version: `aws s3 sync ./example/data s3://BUCKET`, `aws s3 cp ./example/params.json s3://BUCKET`. */
export const example: Upload = {
  'Interactions/interactions.csv': watchesCsv(),
  'Items/item-meta.csv': filmsCsv,
  'params.json': JSON.stringify({
    datasetGroup: { name: 'FilmsDemo' },
    datasets: {
      Interactions: { name: 'InteractionsDataset', schema: watches },
      Items: { name: 'ItemsDataset', schema: films },
    },
    solutions: {
      popularity: { name: 'popularitySolution', recipeArn: recipe('popularity-count') },
      sims: { name: 'simsSolution', recipeArn: recipe('sims') },
    },
    eventTracker: { name: 'FilmsDemoEventTracker' },
    campaigns: {
      popularityCampaign: { name: 'popularityCampaign', minProvisionedTPS: 1 },
      simsCampaign: { name: 'simsCampaign', minProvisionedTPS: 1 },
    },
    filters: [
      { name: 'films-new', filterExpression: 'INCLUDE ItemID WHERE Items.CREATION_TIMESTAMP >= 1000000000' },
    ],
  }),
};

const tag = (value: string) => [{ tagKey: 'of', tagValue: value }];
/** In lower case, and without a version. */
const lowerCase = ({ version: _, name, ...rest }: ReturnType<typeof avro>) => ({
  ...rest,
  name: name.toLowerCase(),
});
const wrapped = (name: string, schema: ReturnType<typeof avro>) => ({
  dataset: { serviceConfig: { name: `${name}-data`, tags: tag(name) } },
  schema: { serviceConfig: { name: `${name}-schema`, schema: lowerCase(schema) } },
});

/** As "Maintaining Personalized Experiences" has it: a folder under `train/`, and one under `batch/`. */
export const maintained: Upload = {
  'train/maintained/interactions.csv': watchesCsv(),
  'train/maintained/users/part-1.csv': usersCsv,
  'batch/maintained/maintained-likes/job_config.json': '{"userId":"1"}\n{"userId":"2"}\n',
  'train/maintained/config.json': JSON.stringify({
    tags: tag('all'),
    datasetGroup: {
      serviceConfig: { name: 'maintained', tags: tag('group') },
      workflowConfig: { schedules: { import: 'cron(0 */6 * * ? *)' } },
    },
    datasets: {
      serviceConfig: { importMode: 'FULL', tags: tag('imports') },
      users: wrapped('users', users),
      interactions: wrapped('interactions', watches),
    },
    eventTracker: { serviceConfig: { name: 'maintained-tracker', tags: tag('tracker') } },
    filters: [
      {
        serviceConfig: {
          name: 'maintained-watched',
          filterExpression: "INCLUDE ItemID WHERE Interactions.EVENT_TYPE in ('Watch', 'Click')",
        },
      },
    ],
    solutions: [
      {
        serviceConfig: {
          name: 'maintained-likes',
          recipeArn: recipe('user-personalization'),
          solutionVersion: { name: 'v1', trainingMode: 'FULL', tags: tag('version') },
        },
        workflowConfig: { schedules: { full: 'cron(0 2 ? * 1 *)' } },
        campaigns: [{ serviceConfig: { name: 'maintained-likes-campaign', minProvisionedTPS: 1 } }],
        batchInferenceJobs: [{ serviceConfig: {} }],
      },
      {
        serviceConfig: { name: 'maintained-affinity' },
        batchSegmentJobs: [{ serviceConfig: {}, workflowConfig: { schedule: 'cron(0 3 * * ? *)' } }],
      },
    ],
  }),
};
