// What is kept of each resource. A record has the members of its Describe answer, with times in epoch milliseconds, and a
// few of its own; the encoder sends only what the operation's output declares.

import type { DatasetType, Domain } from '@emotion-gallery/personalize-rules/schemas';
import type {
  BatchInferenceJobConfig,
  CampaignConfig,
  DataSource,
  DatasetExportJobOutput,
  MetricAttribute,
  MetricAttributionOutput,
  RecommenderConfig,
  S3DataConfig,
  SolutionConfig,
  SolutionUpdateConfig,
  ThemeGenerationConfig,
} from '../protocol/requests';

export interface Tag {
  readonly tagKey: string;
  readonly tagValue: string;
}

interface Base<K extends string> {
  readonly kind: K;
  readonly arn: string;
  /** Order of creation over all resources. */
  readonly sequence: number;
  readonly creationDateTime: number;
  readonly lastUpdatedDateTime: number;
  readonly tags: readonly Tag[];
}

interface Named {
  readonly name: string;
}

interface WithStatus {
  readonly status: string;
  readonly failureReason?: string;
}

/** A change of a resource that goes on serving meanwhile. */
export interface Update extends WithStatus {
  readonly creationDateTime: number;
  readonly lastUpdatedDateTime: number;
}

export interface SchemaRecord extends Base<'schema'>, Named {
  readonly schemaArn: string;
  readonly schema: string;
  readonly domain?: Domain;
}

export interface DatasetGroupRecord extends Base<'dataset-group'>, Named, WithStatus {
  readonly datasetGroupArn: string;
  readonly domain?: Domain;
  readonly roleArn?: string;
  readonly kmsKeyArn?: string;
  /** Folder of its data, never used again after deletion. */
  readonly folder: string;
}

export interface DatasetRecord extends Base<'dataset'>, Named, WithStatus {
  readonly datasetArn: string;
  readonly datasetGroupArn: string;
  readonly datasetType: DatasetType;
  readonly schemaArn: string;
  /** Action interactions only: the dataset is its own event tracker. */
  readonly trackingId?: string;
  readonly latestDatasetUpdate?: Update & { readonly schemaArn: string };
}

export interface DatasetImportJobRecord extends Base<'dataset-import-job'>, WithStatus {
  readonly datasetImportJobArn: string;
  readonly jobName: string;
  readonly datasetArn: string;
  readonly dataSource: DataSource;
  readonly roleArn: string;
  readonly importMode: 'FULL' | 'INCREMENTAL';
  readonly publishAttributionMetricsToS3?: boolean;
}

export interface DatasetExportJobRecord extends Base<'dataset-export-job'>, WithStatus {
  readonly datasetExportJobArn: string;
  readonly jobName: string;
  readonly datasetArn: string;
  readonly ingestionMode: 'BULK' | 'PUT' | 'ALL';
  readonly roleArn: string;
  readonly jobOutput: DatasetExportJobOutput;
}

export interface DataDeletionJobRecord extends Base<'data-deletion-job'>, WithStatus {
  readonly dataDeletionJobArn: string;
  readonly jobName: string;
  readonly datasetGroupArn: string;
  readonly dataSource: DataSource;
  readonly roleArn: string;
  readonly numDeleted?: number;
}

export interface EventTrackerRecord extends Base<'event-tracker'>, Named, WithStatus {
  readonly eventTrackerArn: string;
  readonly accountId: string;
  readonly trackingId: string;
  readonly datasetGroupArn: string;
}

export interface FilterRecord extends Base<'filter'>, Named, WithStatus {
  readonly filterArn: string;
  readonly datasetGroupArn: string;
  readonly filterExpression: string;
}

export interface SolutionRecord extends Base<'solution'>, Named, WithStatus {
  readonly solutionArn: string;
  readonly datasetGroupArn: string;
  readonly performHPO: boolean;
  readonly performAutoML: boolean;
  readonly performAutoTraining: boolean;
  readonly performIncrementalUpdate: boolean;
  /** Absent with AutoML. */
  readonly recipeArn?: string;
  /** AutoML's choice in the latest training. */
  readonly autoMLResult?: { readonly bestRecipeArn: string };
  readonly eventType?: string;
  readonly solutionConfig?: SolutionConfig;
  /** How many times the automatic training has looked for new data. */
  readonly autoTrainingRound: number;
  /** From when the next automatic training is counted (epoch ms): the last one, or when it was switched on. */
  readonly autoTrainingSince?: number;
  readonly latestSolutionUpdate?: Update & {
    readonly performAutoTraining?: boolean;
    readonly performIncrementalUpdate?: boolean;
    readonly solutionUpdateConfig?: SolutionUpdateConfig;
  };
}

export interface SolutionVersionRecord extends Base<'solution-version'>, WithStatus {
  readonly name?: string;
  readonly solutionVersionArn: string;
  readonly solutionArn: string;
  readonly datasetGroupArn: string;
  /** Absent until AutoML has chosen one. */
  readonly recipeArn?: string;
  readonly performHPO: boolean;
  readonly performAutoML: boolean;
  readonly performIncrementalUpdate: boolean;
  readonly eventType?: string;
  readonly solutionConfig?: SolutionConfig;
  readonly trainingMode: 'FULL' | 'UPDATE' | 'AUTOTRAIN';
  readonly trainingType: 'AUTOMATIC' | 'MANUAL';
  readonly trainingHours?: number;
  readonly tunedHPOParams?: { readonly algorithmHyperParameters: Readonly<Record<string, string>> };
  /** When the data for the training was read (epoch ms). */
  readonly trainedAt?: number;
  readonly metrics?: Readonly<Record<string, number>>;
  /** How the training went about it, where that is worth knowing; the API has no place for it, the status page has. */
  readonly note?: string;
  /** When the two-hourly update last took in new items (epoch ms). */
  readonly autoUpdatedAt?: number;
}

export interface CampaignRecord extends Base<'campaign'>, Named, WithStatus {
  readonly campaignArn: string;
  /** As given: a version's ARN or `<solution ARN>/$LATEST`. */
  readonly solutionVersionArn: string;
  /** The version whose model answers. */
  readonly servedVersionArn: string;
  readonly minProvisionedTPS: number;
  readonly campaignConfig?: CampaignConfig;
  readonly latestCampaignUpdate?: Update & {
    readonly solutionVersionArn: string;
    readonly minProvisionedTPS: number;
    readonly campaignConfig?: CampaignConfig;
    readonly nextVersionArn: string;
  };
}

export interface RecommenderRecord extends Base<'recommender'>, Named, WithStatus {
  readonly recommenderArn: string;
  readonly datasetGroupArn: string;
  readonly recipeArn: string;
  readonly recommenderConfig: RecommenderConfig;
  readonly modelMetrics?: Readonly<Record<string, number>>;
  readonly trainedAt?: number;
  /** Folder of the model that answers. */
  readonly modelFolder?: string;
  readonly latestRecommenderUpdate?: Update & { readonly recommenderConfig: RecommenderConfig };
}

interface BatchJob {
  readonly jobName: string;
  readonly solutionVersionArn: string;
  readonly filterArn?: string;
  readonly numResults: number;
  readonly jobInput: { readonly s3DataSource: S3DataConfig };
  readonly jobOutput: { readonly s3DataDestination: S3DataConfig };
  readonly roleArn: string;
}

export interface BatchInferenceJobRecord extends Base<'batch-inference-job'>, WithStatus, BatchJob {
  readonly batchInferenceJobArn: string;
  readonly batchInferenceJobMode: 'BATCH_INFERENCE' | 'THEME_GENERATION';
  readonly batchInferenceJobConfig?: BatchInferenceJobConfig;
  readonly themeGenerationConfig?: ThemeGenerationConfig;
}

export interface BatchSegmentJobRecord extends Base<'batch-segment-job'>, WithStatus, BatchJob {
  readonly batchSegmentJobArn: string;
}

export interface MetricAttributionRecord extends Base<'metric-attribution'>, Named, WithStatus {
  readonly metricAttributionArn: string;
  readonly datasetGroupArn: string;
  readonly metrics: readonly MetricAttribute[];
  readonly metricsOutputConfig: MetricAttributionOutput;
}

export type AnyRecord =
  | SchemaRecord
  | DatasetGroupRecord
  | DatasetRecord
  | DatasetImportJobRecord
  | DatasetExportJobRecord
  | DataDeletionJobRecord
  | EventTrackerRecord
  | FilterRecord
  | SolutionRecord
  | SolutionVersionRecord
  | CampaignRecord
  | RecommenderRecord
  | BatchInferenceJobRecord
  | BatchSegmentJobRecord
  | MetricAttributionRecord;

export type Kind = AnyRecord['kind'];
export type RecordOf<K extends Kind> = Extract<AnyRecord, { kind: K }>;
