// What is there: one dataset group as `observe` reads it from Amazon Personalize, S3 and the counters. Plain JSON, times in
// milliseconds since 1970. Statuses are those of the service.
import type { CampaignConfig, RecommenderConfig } from '@aws-sdk/client-personalize';
import type { DatasetType, SolutionSettings } from './declaration';

export interface Resource {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  /** The service's words when it could not be made. */
  readonly failureReason?: string;
  readonly createdAt: number;
  /** Whether this deployment's controller made it. Looked up only for what is not declared: what is adopted stays. */
  readonly isOurs?: boolean;
}

export interface ActualGroup extends Resource {
  readonly domain?: string;
  readonly roleArn?: string;
  readonly kmsKeyArn?: string;
}

export interface ActualDataset extends Resource {
  readonly type: DatasetType;
  readonly schemaArn: string;
  /** The schema's document as JSON; absent where it is not declared. */
  readonly schema?: string;
}

export interface ActualImport extends Resource {
  readonly type: DatasetType;
}

export interface ActualFilter extends Resource {
  readonly filterExpression?: string;
}

export interface ActualRecommender extends Resource {
  readonly recipeArn: string;
  readonly recommenderConfig: RecommenderConfig;
  /** Of the update that came last, if there was one. */
  readonly update?: { readonly status: string; readonly failureReason?: string };
}

export interface ActualVersion extends Resource {
  /** The name of its solution. */
  readonly solution: string;
  readonly trainingMode: string;
  /** Read for versions that are to be judged or told of; empty where the service has none. */
  readonly metrics?: Readonly<Record<string, number>>;
}

export interface ActualSolution extends Resource {
  readonly recipeArn?: string;
  /** Absent for a solution that is not declared. */
  readonly settings?: SolutionSettings;
}

export interface ActualCampaign extends Resource {
  /** The solution that it belongs to. */
  readonly solution: string;
  /** Or `<solution ARN>/$LATEST`. */
  readonly solutionVersionArn: string;
  readonly minProvisionedTPS?: number;
  readonly campaignConfig?: CampaignConfig;
  /** Of the update that came last, if there was one: while it runs, the old version serves. */
  readonly update?: {
    readonly status: string;
    readonly failureReason?: string;
    readonly createdAt: number;
    readonly solutionVersionArn?: string;
  };
}

export interface ActualBatchJob extends Resource {
  readonly kind: 'inference' | 'segment';
  readonly solutionVersionArn: string;
}

/** Files of a declared import. */
export interface ActualFiles {
  readonly type: DatasetType;
  /** The folder that they lie in, or the key of the only one. */
  readonly place?: string;
  /** When the newest one came; absent: there is none. */
  readonly newestAt?: number;
  /** Eight hexadecimal digits: another one for other files, or for the same ones uploaded again. */
  readonly fingerprint?: string;
  /** Other keys near by, to tell a misspelt folder. */
  readonly found: readonly string[];
}

export interface Progress {
  readonly users: number;
  readonly qualifiedUsers: number;
  readonly interactions: number;
  /** Accepted likes that are not among them, because Amazon Personalize has not got them yet. */
  readonly undelivered?: number;
}

export interface Actual {
  /** Absent: there is no such group. */
  readonly datasetGroup?: ActualGroup;
  /** Declared schemas that exist. */
  readonly schemas: readonly { readonly name: string; readonly arn: string; readonly document: string }[];
  readonly datasets: readonly ActualDataset[];
  readonly imports: readonly ActualImport[];
  readonly eventTrackers: readonly Resource[];
  readonly filters: readonly ActualFilter[];
  readonly recommenders: readonly ActualRecommender[];
  readonly solutions: readonly ActualSolution[];
  readonly versions: readonly ActualVersion[];
  readonly campaigns: readonly ActualCampaign[];
  readonly batchJobs: readonly ActualBatchJob[];
  readonly files: readonly ActualFiles[];
  /** What Amazon Personalize will count of the gallery's likes: distinct, and delivered. Absent where nobody counts. */
  readonly progress?: Progress;
}

/** A group of which nothing is there. */
export const nothing: Actual = {
  schemas: [],
  datasets: [],
  imports: [],
  eventTrackers: [],
  filters: [],
  recommenders: [],
  solutions: [],
  versions: [],
  campaigns: [],
  batchJobs: [],
  files: [],
};
