// Requests of Amazon Personalize as handlers get them: validated, timestamps as Dates. Made by scripts/generate-protocol.mjs.

export interface AutoMLConfig {
  readonly metricName?: string;
  readonly recipeList?: ReadonlyArray<string>;
}

export interface AutoTrainingConfig {
  readonly schedulingExpression?: string;
}

export interface BatchInferenceJobConfig {
  readonly itemExplorationConfig?: Readonly<Record<string, string>>;
  readonly rankingInfluence?: Readonly<Record<string, number>>;
}

export interface BatchInferenceJobInput {
  readonly s3DataSource: S3DataConfig;
}

export interface BatchInferenceJobOutput {
  readonly s3DataDestination: S3DataConfig;
}

export interface BatchSegmentJobInput {
  readonly s3DataSource: S3DataConfig;
}

export interface BatchSegmentJobOutput {
  readonly s3DataDestination: S3DataConfig;
}

export interface CampaignConfig {
  readonly itemExplorationConfig?: Readonly<Record<string, string>>;
  readonly enableMetadataWithRecommendations?: boolean;
  readonly syncWithLatestSolutionVersion?: boolean;
  readonly rankingInfluence?: Readonly<Record<string, number>>;
}

export interface CategoricalHyperParameterRange {
  readonly name?: string;
  readonly values?: ReadonlyArray<string>;
}

export interface ContinuousHyperParameterRange {
  readonly name?: string;
  readonly minValue?: number;
  readonly maxValue?: number;
}

export interface CreateBatchInferenceJobRequest {
  readonly jobName: string;
  readonly solutionVersionArn: string;
  readonly filterArn?: string;
  readonly numResults?: number;
  readonly jobInput: BatchInferenceJobInput;
  readonly jobOutput: BatchInferenceJobOutput;
  readonly roleArn: string;
  readonly batchInferenceJobConfig?: BatchInferenceJobConfig;
  readonly tags?: ReadonlyArray<Tag>;
  readonly batchInferenceJobMode?: 'BATCH_INFERENCE' | 'THEME_GENERATION';
  readonly themeGenerationConfig?: ThemeGenerationConfig;
}

export interface CreateBatchSegmentJobRequest {
  readonly jobName: string;
  readonly solutionVersionArn: string;
  readonly filterArn?: string;
  readonly numResults?: number;
  readonly jobInput: BatchSegmentJobInput;
  readonly jobOutput: BatchSegmentJobOutput;
  readonly roleArn: string;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateCampaignRequest {
  readonly name: string;
  readonly solutionVersionArn: string;
  readonly minProvisionedTPS?: number;
  readonly campaignConfig?: CampaignConfig;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateDataDeletionJobRequest {
  readonly jobName: string;
  readonly datasetGroupArn: string;
  readonly dataSource: DataSource;
  readonly roleArn: string;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateDatasetExportJobRequest {
  readonly jobName: string;
  readonly datasetArn: string;
  readonly ingestionMode?: 'BULK' | 'PUT' | 'ALL';
  readonly roleArn: string;
  readonly jobOutput: DatasetExportJobOutput;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateDatasetGroupRequest {
  readonly name: string;
  readonly roleArn?: string;
  readonly kmsKeyArn?: string;
  readonly domain?: 'ECOMMERCE' | 'VIDEO_ON_DEMAND';
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateDatasetImportJobRequest {
  readonly jobName: string;
  readonly datasetArn: string;
  readonly dataSource: DataSource;
  readonly roleArn?: string;
  readonly tags?: ReadonlyArray<Tag>;
  readonly importMode?: 'FULL' | 'INCREMENTAL';
  readonly publishAttributionMetricsToS3?: boolean;
}

export interface CreateDatasetRequest {
  readonly name: string;
  readonly schemaArn: string;
  readonly datasetGroupArn: string;
  readonly datasetType: string;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateEventTrackerRequest {
  readonly name: string;
  readonly datasetGroupArn: string;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateFilterRequest {
  readonly name: string;
  readonly datasetGroupArn: string;
  readonly filterExpression: string;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateMetricAttributionRequest {
  readonly name: string;
  readonly datasetGroupArn: string;
  readonly metrics: ReadonlyArray<MetricAttribute>;
  readonly metricsOutputConfig: MetricAttributionOutput;
}

export interface CreateRecommenderRequest {
  readonly name: string;
  readonly datasetGroupArn: string;
  readonly recipeArn: string;
  readonly recommenderConfig?: RecommenderConfig;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateSchemaRequest {
  readonly name: string;
  readonly schema: string;
  readonly domain?: 'ECOMMERCE' | 'VIDEO_ON_DEMAND';
}

export interface CreateSolutionRequest {
  readonly name: string;
  readonly performHPO?: boolean;
  readonly performAutoML?: boolean;
  readonly performAutoTraining?: boolean;
  readonly performIncrementalUpdate?: boolean;
  readonly recipeArn?: string;
  readonly datasetGroupArn: string;
  readonly eventType?: string;
  readonly solutionConfig?: SolutionConfig;
  readonly tags?: ReadonlyArray<Tag>;
}

export interface CreateSolutionVersionRequest {
  readonly name?: string;
  readonly solutionArn: string;
  readonly trainingMode?: 'FULL' | 'UPDATE' | 'AUTOTRAIN';
  readonly tags?: ReadonlyArray<Tag>;
}

export interface DataSource {
  readonly dataLocation?: string;
}

export interface DatasetExportJobOutput {
  readonly s3DataDestination: S3DataConfig;
}

export interface DeleteCampaignRequest {
  readonly campaignArn: string;
}

export interface DeleteDatasetGroupRequest {
  readonly datasetGroupArn: string;
}

export interface DeleteDatasetRequest {
  readonly datasetArn: string;
}

export interface DeleteEventTrackerRequest {
  readonly eventTrackerArn: string;
}

export interface DeleteFilterRequest {
  readonly filterArn: string;
}

export interface DeleteMetricAttributionRequest {
  readonly metricAttributionArn: string;
}

export interface DeleteRecommenderRequest {
  readonly recommenderArn: string;
}

export interface DeleteSchemaRequest {
  readonly schemaArn: string;
}

export interface DeleteSolutionRequest {
  readonly solutionArn: string;
}

export interface DescribeAlgorithmRequest {
  readonly algorithmArn: string;
}

export interface DescribeBatchInferenceJobRequest {
  readonly batchInferenceJobArn: string;
}

export interface DescribeBatchSegmentJobRequest {
  readonly batchSegmentJobArn: string;
}

export interface DescribeCampaignRequest {
  readonly campaignArn: string;
}

export interface DescribeDataDeletionJobRequest {
  readonly dataDeletionJobArn: string;
}

export interface DescribeDatasetExportJobRequest {
  readonly datasetExportJobArn: string;
}

export interface DescribeDatasetGroupRequest {
  readonly datasetGroupArn: string;
}

export interface DescribeDatasetImportJobRequest {
  readonly datasetImportJobArn: string;
}

export interface DescribeDatasetRequest {
  readonly datasetArn: string;
}

export interface DescribeEventTrackerRequest {
  readonly eventTrackerArn: string;
}

export interface DescribeFeatureTransformationRequest {
  readonly featureTransformationArn: string;
}

export interface DescribeFilterRequest {
  readonly filterArn: string;
}

export interface DescribeMetricAttributionRequest {
  readonly metricAttributionArn: string;
}

export interface DescribeRecipeRequest {
  readonly recipeArn: string;
}

export interface DescribeRecommenderRequest {
  readonly recommenderArn: string;
}

export interface DescribeSchemaRequest {
  readonly schemaArn: string;
}

export interface DescribeSolutionRequest {
  readonly solutionArn: string;
}

export interface DescribeSolutionVersionRequest {
  readonly solutionVersionArn: string;
}

export interface EventParameters {
  readonly eventType?: string;
  readonly eventValueThreshold?: number;
  readonly weight?: number;
}

export interface EventsConfig {
  readonly eventParametersList?: ReadonlyArray<EventParameters>;
}

export interface FieldsForThemeGeneration {
  readonly itemName: string;
}

export interface GetSolutionMetricsRequest {
  readonly solutionVersionArn: string;
}

export interface HPOConfig {
  readonly hpoObjective?: HPOObjective;
  readonly hpoResourceConfig?: HPOResourceConfig;
  readonly algorithmHyperParameterRanges?: HyperParameterRanges;
}

export interface HPOObjective {
  readonly type?: string;
  readonly metricName?: string;
  readonly metricRegex?: string;
}

export interface HPOResourceConfig {
  readonly maxNumberOfTrainingJobs?: string;
  readonly maxParallelTrainingJobs?: string;
}

export interface HyperParameterRanges {
  readonly integerHyperParameterRanges?: ReadonlyArray<IntegerHyperParameterRange>;
  readonly continuousHyperParameterRanges?: ReadonlyArray<ContinuousHyperParameterRange>;
  readonly categoricalHyperParameterRanges?: ReadonlyArray<CategoricalHyperParameterRange>;
}

export interface IntegerHyperParameterRange {
  readonly name?: string;
  readonly minValue?: number;
  readonly maxValue?: number;
}

export interface ListBatchInferenceJobsRequest {
  readonly solutionVersionArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListBatchSegmentJobsRequest {
  readonly solutionVersionArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListCampaignsRequest {
  readonly solutionArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListDataDeletionJobsRequest {
  readonly datasetGroupArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListDatasetExportJobsRequest {
  readonly datasetArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListDatasetGroupsRequest {
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListDatasetImportJobsRequest {
  readonly datasetArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListDatasetsRequest {
  readonly datasetGroupArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListEventTrackersRequest {
  readonly datasetGroupArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListFiltersRequest {
  readonly datasetGroupArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListMetricAttributionMetricsRequest {
  readonly metricAttributionArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListMetricAttributionsRequest {
  readonly datasetGroupArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListRecipesRequest {
  readonly recipeProvider?: 'SERVICE';
  readonly nextToken?: string;
  readonly maxResults?: number;
  readonly domain?: 'ECOMMERCE' | 'VIDEO_ON_DEMAND';
}

export interface ListRecommendersRequest {
  readonly datasetGroupArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListSchemasRequest {
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListSolutionVersionsRequest {
  readonly solutionArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListSolutionsRequest {
  readonly datasetGroupArn?: string;
  readonly nextToken?: string;
  readonly maxResults?: number;
}

export interface ListTagsForResourceRequest {
  readonly resourceArn: string;
}

export interface MetricAttribute {
  readonly eventType: string;
  readonly metricName: string;
  readonly expression: string;
}

export interface MetricAttributionOutput {
  readonly s3DataDestination?: S3DataConfig;
  readonly roleArn: string;
}

export interface OptimizationObjective {
  readonly itemAttribute?: string;
  readonly objectiveSensitivity?: 'LOW' | 'MEDIUM' | 'HIGH' | 'OFF';
}

export interface RecommenderConfig {
  readonly itemExplorationConfig?: Readonly<Record<string, string>>;
  readonly minRecommendationRequestsPerSecond?: number;
  readonly trainingDataConfig?: TrainingDataConfig;
  readonly enableMetadataWithRecommendations?: boolean;
}

export interface S3DataConfig {
  readonly path: string;
  readonly kmsKeyArn?: string;
}

export interface SolutionConfig {
  readonly eventValueThreshold?: string;
  readonly hpoConfig?: HPOConfig;
  readonly algorithmHyperParameters?: Readonly<Record<string, string>>;
  readonly featureTransformationParameters?: Readonly<Record<string, string>>;
  readonly autoMLConfig?: AutoMLConfig;
  readonly eventsConfig?: EventsConfig;
  readonly optimizationObjective?: OptimizationObjective;
  readonly trainingDataConfig?: TrainingDataConfig;
  readonly autoTrainingConfig?: AutoTrainingConfig;
}

export interface SolutionUpdateConfig {
  readonly autoTrainingConfig?: AutoTrainingConfig;
  readonly eventsConfig?: EventsConfig;
}

export interface StartRecommenderRequest {
  readonly recommenderArn: string;
}

export interface StopRecommenderRequest {
  readonly recommenderArn: string;
}

export interface StopSolutionVersionCreationRequest {
  readonly solutionVersionArn: string;
}

export interface Tag {
  readonly tagKey: string;
  readonly tagValue: string;
}

export interface TagResourceRequest {
  readonly resourceArn: string;
  readonly tags: ReadonlyArray<Tag>;
}

export interface ThemeGenerationConfig {
  readonly fieldsForThemeGeneration: FieldsForThemeGeneration;
}

export interface TrainingDataConfig {
  readonly excludedDatasetColumns?: Readonly<Record<string, ReadonlyArray<string>>>;
  readonly includedDatasetColumns?: Readonly<Record<string, ReadonlyArray<string>>>;
}

export interface UntagResourceRequest {
  readonly resourceArn: string;
  readonly tagKeys: ReadonlyArray<string>;
}

export interface UpdateCampaignRequest {
  readonly campaignArn: string;
  readonly solutionVersionArn?: string;
  readonly minProvisionedTPS?: number;
  readonly campaignConfig?: CampaignConfig;
}

export interface UpdateDatasetRequest {
  readonly datasetArn: string;
  readonly schemaArn: string;
}

export interface UpdateMetricAttributionRequest {
  readonly addMetrics?: ReadonlyArray<MetricAttribute>;
  readonly removeMetrics?: ReadonlyArray<string>;
  readonly metricsOutputConfig?: MetricAttributionOutput;
  readonly metricAttributionArn?: string;
}

export interface UpdateRecommenderRequest {
  readonly recommenderArn: string;
  readonly recommenderConfig: RecommenderConfig;
}

export interface UpdateSolutionRequest {
  readonly solutionArn: string;
  readonly performAutoTraining?: boolean;
  readonly performIncrementalUpdate?: boolean;
  readonly solutionUpdateConfig?: SolutionUpdateConfig;
}

export interface Action {
  readonly actionId: string;
  readonly properties?: string;
}

export interface ActionInteraction {
  readonly actionId: string;
  readonly userId?: string;
  readonly sessionId: string;
  readonly timestamp: Date;
  readonly eventType: string;
  readonly eventId?: string;
  readonly recommendationId?: string;
  readonly impression?: ReadonlyArray<string>;
  readonly properties?: string;
}

export interface Event {
  readonly eventId?: string;
  readonly eventType: string;
  readonly eventValue?: number;
  readonly itemId?: string;
  readonly properties?: string;
  readonly sentAt: Date;
  readonly recommendationId?: string;
  readonly impression?: ReadonlyArray<string>;
  readonly metricAttribution?: MetricAttribution;
}

export interface Item {
  readonly itemId: string;
  readonly properties?: string;
}

export interface MetricAttribution {
  readonly eventAttributionSource: string;
}

export interface PutActionInteractionsRequest {
  readonly trackingId: string;
  readonly actionInteractions: ReadonlyArray<ActionInteraction>;
}

export interface PutActionsRequest {
  readonly datasetArn: string;
  readonly actions: ReadonlyArray<Action>;
}

export interface PutEventsRequest {
  readonly trackingId: string;
  readonly userId?: string;
  readonly sessionId: string;
  readonly eventList: ReadonlyArray<Event>;
}

export interface PutItemsRequest {
  readonly datasetArn: string;
  readonly items: ReadonlyArray<Item>;
}

export interface PutUsersRequest {
  readonly datasetArn: string;
  readonly users: ReadonlyArray<User>;
}

export interface User {
  readonly userId: string;
  readonly properties?: string;
}

export interface GetActionRecommendationsRequest {
  readonly campaignArn?: string;
  readonly userId?: string;
  readonly numResults?: number;
  readonly filterArn?: string;
  readonly filterValues?: Readonly<Record<string, string>>;
}

export interface GetPersonalizedRankingRequest {
  readonly campaignArn: string;
  readonly inputList: ReadonlyArray<string>;
  readonly userId: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly filterArn?: string;
  readonly filterValues?: Readonly<Record<string, string>>;
  readonly metadataColumns?: Readonly<Record<string, ReadonlyArray<string>>>;
}

export interface GetRecommendationsRequest {
  readonly campaignArn?: string;
  readonly itemId?: string;
  readonly userId?: string;
  readonly numResults?: number;
  readonly context?: Readonly<Record<string, string>>;
  readonly filterArn?: string;
  readonly filterValues?: Readonly<Record<string, string>>;
  readonly recommenderArn?: string;
  readonly promotions?: ReadonlyArray<Promotion>;
  readonly metadataColumns?: Readonly<Record<string, ReadonlyArray<string>>>;
}

export interface Promotion {
  readonly name?: string;
  readonly percentPromotedItems?: number;
  readonly filterArn?: string;
  readonly filterValues?: Readonly<Record<string, string>>;
}
