// All operations of the three services, and all life cycles.

import { batchInferenceJobLifeCycle, batchInferenceJobOperations } from './batch/batch-inference-jobs';
import { batchSegmentJobLifeCycle, batchSegmentJobOperations } from './batch/batch-segment-jobs';
import { campaignLifeCycle, campaignOperations } from './resources/campaigns';
import { catalogueOperations } from './resources/catalogue';
import type { Operations } from './resources/context';
import { dataDeletionJobLifeCycle, dataDeletionJobOperations } from './resources/data-deletion-jobs';
import { datasetExportJobLifeCycle, datasetExportJobOperations } from './resources/dataset-export-jobs';
import { datasetGroupLifeCycle, datasetGroupOperations } from './resources/dataset-groups';
import { datasetImportJobLifeCycle, datasetImportJobOperations } from './resources/dataset-import-jobs';
import { datasetLifeCycle, datasetOperations } from './resources/datasets';
import { eventTrackerLifeCycle, eventTrackerOperations } from './resources/event-trackers';
import { filterLifeCycle, filterOperations } from './resources/filters';
import type { AnyLifeCycle } from './resources/life-cycles';
import { metricAttributionLifeCycle, metricAttributionOperations } from './resources/metric-attributions';
import { recommenderLifeCycle, recommenderOperations } from './resources/recommenders';
import { schemaOperations } from './resources/schemas';
import { solutionVersionLifeCycle, solutionVersionOperations } from './resources/solution-versions';
import { solutionLifeCycle, solutionOperations } from './resources/solutions';
import { tagOperations } from './resources/tags';
import { actionOperations } from './runtime/action-recommendations';
import { recommendationOperations } from './runtime/get-recommendations';
import { rankingOperations } from './runtime/personalized-ranking';
import { putOperations } from './runtime/puts';

export const handlers: Operations = {
  ...schemaOperations,
  ...datasetGroupOperations,
  ...datasetOperations,
  ...datasetImportJobOperations,
  ...eventTrackerOperations,
  ...filterOperations,
  ...solutionOperations,
  ...solutionVersionOperations,
  ...campaignOperations,
  ...recommenderOperations,
  ...batchInferenceJobOperations,
  ...batchSegmentJobOperations,
  ...dataDeletionJobOperations,
  ...datasetExportJobOperations,
  ...metricAttributionOperations,
  ...catalogueOperations,
  ...tagOperations,
  ...putOperations,
  ...recommendationOperations,
  ...rankingOperations,
  ...actionOperations,
};

export const lifeCycles: readonly AnyLifeCycle[] = [
  datasetGroupLifeCycle,
  datasetLifeCycle,
  datasetImportJobLifeCycle,
  eventTrackerLifeCycle,
  filterLifeCycle,
  solutionLifeCycle,
  solutionVersionLifeCycle,
  campaignLifeCycle,
  recommenderLifeCycle,
  batchInferenceJobLifeCycle,
  batchSegmentJobLifeCycle,
  dataDeletionJobLifeCycle,
  datasetExportJobLifeCycle,
  metricAttributionLifeCycle,
];
