// What a run of the training pipeline has to do, as the state machine reads it: every name and ARN spelled out, parameters of
// Amazon Personalize in the PascalCase that Step Functions' SDK integrations take.

/** Parameters of one API call, for example of CreateSolution. */
export type CallParameters = Readonly<Record<string, unknown>>;

export interface CallTag {
  readonly TagKey: string;
  readonly TagValue: string;
}

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
  readonly tags: readonly CallTag[];
}

/** When a new version may serve. A ratio of 1 means "at least as good as". The formula is in `lib/training/steps/verdict.ts`. */
export interface QualityGate {
  /** A key of GetSolutionMetrics. */
  readonly metric: string;
  /** Against the baseline solution's newest version; absent: no comparison. */
  readonly baselineSolutionArn?: string;
  readonly minimumRatioToBaseline: number;
  /** Against the version that the campaign serves now. */
  readonly minimumRatioToServed: number;
  /** A version is refused when it is below the bar by more than this many standard errors. */
  readonly standardErrors: number;
  /** About how many people the metrics are a mean over; absent where nobody counts the people: compared as they are. */
  readonly testUsers?: number;
}

export interface PlannedJob {
  readonly jobName: string;
  readonly create: CallParameters;
}

export interface PlannedSolution extends PlannedResource {
  readonly trainingMode: 'FULL' | 'UPDATE';
  readonly versionTags: readonly CallTag[];
  /** A version that is younger (milliseconds) is not trained again; 0: always train. */
  readonly maxAge: number;
  readonly gate?: QualityGate;
  readonly campaigns: readonly PlannedResource[];
  readonly batchInferenceJobs: readonly PlannedJob[];
  readonly batchSegmentJobs: readonly PlannedJob[];
}

/** A time at which the pipeline runs again with the same file; the run does what the file gives this time to. */
export interface PlannedSchedule {
  /** Of EventBridge Scheduler: `rate(…)` or `cron(…)`, in UTC. */
  readonly expression: string;
  /** What the run does, for people who look at the schedule. */
  readonly description: string;
  /** ISO 8601. A rate without one would begin at once, right after the run that made it. */
  readonly startDate?: string;
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
  /** Of the whole file, whatever this run does of it. */
  readonly schedules: readonly PlannedSchedule[];
}
