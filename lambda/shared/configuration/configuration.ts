// The configuration file of the training pipeline (JSON under personalize/config/). One file describes one dataset group and all
// that is made in it. Sections follow AWS's "Maintaining Personalized Experiences with Machine Learning": `serviceConfig` goes to
// Amazon Personalize as it is, `workflowConfig` says when and how the pipeline does it.
import { z } from 'zod';
import { avroDocument, type DatasetType, datasetTypes } from './avro-document';
import { schedule } from './schedule';
import {
  batchInferenceConfig,
  batchSegmentConfig,
  campaignConfig,
  datasetGroupConfig,
  eventTrackerConfig,
  filterConfig,
  recommenderConfig,
  resourceName,
  solutionConfig,
  tags,
} from './service-config';

/** A version that is younger than this is not trained again: `3 days`, `12 hours`. */
const maxAge = z
  .string()
  .regex(/^[1-9]\d* (minute|hour|day|week)s?$/, 'a whole number and minutes, hours, days or weeks');

const importSchedules = z.strictObject({ full: schedule.optional(), incremental: schedule.optional() });

const dataset = (type: DatasetType) =>
  z.strictObject({
    serviceConfig: z.strictObject({ name: resourceName, tags: tags.optional() }),
    /** The dataset's columns. */
    schema: z.strictObject({
      serviceConfig: z.strictObject({ name: resourceName, schema: avroDocument(type) }),
    }),
    workflowConfig: z
      .strictObject({
        importMode: z.enum(['FULL', 'INCREMENTAL']).optional(),
        schedules: importSchedules.optional(),
        /** Of the import jobs. */
        tags: tags.optional(),
      })
      .optional(),
  });

const batchJob = <Config extends z.ZodType>(serviceConfig: Config) =>
  z.strictObject({ serviceConfig, workflowConfig: z.strictObject({ schedule }).optional() });

const solution = z.strictObject({
  serviceConfig: solutionConfig,
  workflowConfig: z
    .strictObject({
      trainingMode: z.enum(['FULL', 'UPDATE']).optional(),
      maxAge: maxAge.optional(),
      /** Of the solution versions. */
      tags: tags.optional(),
      schedules: z.strictObject({ full: schedule.optional(), update: schedule.optional() }).optional(),
    })
    .optional(),
  campaigns: z.array(z.strictObject({ serviceConfig: campaignConfig })).optional(),
  batchInferenceJobs: z.array(batchJob(batchInferenceConfig)).optional(),
  batchSegmentJobs: z.array(batchJob(batchSegmentConfig)).optional(),
});

export const configuration = z.strictObject({
  /** For editors; says nothing to the pipeline. */
  $schema: z.string().optional(),
  tags: tags.optional(),
  /** Whether what only a replacement can change is replaced; without it the file is refused, with the difference. */
  allowReplace: z.boolean().optional(),
  /** Left out: the gallery's own dataset group. */
  datasetGroup: z
    .strictObject({
      serviceConfig: datasetGroupConfig,
      /** Imports of all datasets, each in its own mode. */
      workflowConfig: z
        .strictObject({ schedules: z.strictObject({ import: schedule.optional() }).optional() })
        .optional(),
    })
    .optional(),
  datasets: z
    .strictObject({
      interactions: dataset('Interactions').optional(),
      items: dataset('Items').optional(),
      users: dataset('Users').optional(),
      actions: dataset('Actions').optional(),
      actionInteractions: dataset('Action_Interactions').optional(),
    })
    .optional(),
  eventTracker: z.strictObject({ serviceConfig: eventTrackerConfig }).optional(),
  filters: z
    .array(z.strictObject({ serviceConfig: filterConfig }))
    .max(30)
    .optional(),
  recommenders: z
    .array(z.strictObject({ serviceConfig: recommenderConfig }))
    .max(5)
    .optional(),
  solutions: z.array(solution).max(20).optional(),
});

export type Configuration = z.output<typeof configuration>;
export type DatasetSection = keyof NonNullable<Configuration['datasets']>;

const sections: Readonly<Record<DatasetType, DatasetSection>> = {
  Interactions: 'interactions',
  Items: 'items',
  Users: 'users',
  Actions: 'actions',
  Action_Interactions: 'actionInteractions',
};

/** The section of a dataset type: `Items` is described under `items`. */
export const sectionOf = (type: DatasetType): DatasetSection => sections[type];

export { type DatasetType, datasetTypes };
