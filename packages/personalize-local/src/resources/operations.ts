// All operations of the three services, and all life cycles.
import { actionOperations } from '../runtime/action-recommendations';
import { recommendationOperations } from '../runtime/get-recommendations';
import { rankingOperations } from '../runtime/personalized-ranking';
import { putOperations } from '../runtime/puts';
import { batchInferenceJobLifeCycle, batchInferenceJobOperations } from './batch-inference-jobs';
import { batchSegmentJobLifeCycle, batchSegmentJobOperations } from './batch-segment-jobs';
import { campaignLifeCycle, campaignOperations } from './campaigns';
import { catalogueOperations } from './catalogue';
import type { Operations } from './context';
import { dataDeletionJobLifeCycle, dataDeletionJobOperations } from './data-deletion-jobs';
import { datasetExportJobLifeCycle, datasetExportJobOperations } from './dataset-export-jobs';
import { datasetGroupLifeCycle, datasetGroupOperations } from './dataset-groups';
import { datasetImportJobLifeCycle, datasetImportJobOperations } from './dataset-import-jobs';
import { datasetLifeCycle, datasetOperations } from './datasets';
import { eventTrackerLifeCycle, eventTrackerOperations } from './event-trackers';
import { filterLifeCycle, filterOperations } from './filters';
import type { AnyLifeCycle } from './life-cycles';
import { metricAttributionLifeCycle, metricAttributionOperations } from './metric-attributions';
import { recommenderLifeCycle, recommenderOperations } from './recommenders';
import { schemaOperations } from './schemas';
import { solutionVersionLifeCycle, solutionVersionOperations } from './solution-versions';
import { solutionLifeCycle, solutionOperations } from './solutions';
import { tagOperations } from './tags';

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
