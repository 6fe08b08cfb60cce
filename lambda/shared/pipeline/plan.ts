// What a run of the training pipeline has to do, as the state machine reads it: every name and ARN spelled out, parameters of
// Amazon Personalize in the PascalCase that Step Functions' SDK integrations take.

/** Parameters of one API call, for example of CreateSolution. */
export type CallParameters = Readonly<Record<string, unknown>>;

export interface PlannedResource {
  readonly name: string;
  /** Amazon Personalize derives ARNs from names, so that a resource can be looked for before it is made. */
  readonly arn: string;
  readonly create: CallParameters;
}

export interface PlannedImport {
  readonly datasetArn: string;
  readonly bucket: string;
  /** Ends with a slash; the files lie directly under it. */
  readonly prefix: string;
  readonly mode: 'FULL' | 'INCREMENTAL';
  /** Job names are used up: the run adds its own id. */
  readonly jobName: string;
}

/** When a new version may serve. A ratio of 1 means "at least as good as". */
export interface QualityGate {
  /** A key of GetSolutionMetrics. */
  readonly metric: string;
  /** Against the baseline solution's newest version; absent: no comparison. */
  readonly baselineSolutionArn?: string;
  readonly minimumRatioToBaseline: number;
  /** Against the version that the campaign serves now. */
  readonly minimumRatioToServed: number;
}

export interface PlannedJob {
  readonly jobName: string;
  readonly create: CallParameters;
}

export interface PlannedSolution extends PlannedResource {
  readonly trainingMode: 'FULL' | 'UPDATE';
  /** A version that is younger (milliseconds) is not trained again; 0: always train. */
  readonly maxAge: number;
  readonly gate?: QualityGate;
  readonly campaigns: readonly PlannedResource[];
  readonly batchInferenceJobs: readonly PlannedJob[];
  readonly batchSegmentJobs: readonly PlannedJob[];
}

export interface Plan {
  readonly datasetGroup: { readonly name: string; readonly arn: string };
  /** Empty for the gallery's own group, which the stacks make. */
  readonly datasetGroups: readonly PlannedResource[];
  readonly schemas: readonly PlannedResource[];
  readonly datasets: readonly PlannedResource[];
  readonly eventTrackers: readonly PlannedResource[];
  readonly imports: readonly PlannedImport[];
  readonly filters: readonly PlannedResource[];
  readonly recommenders: readonly PlannedResource[];
  readonly solutions: readonly PlannedSolution[];
}
