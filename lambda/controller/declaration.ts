// A declaration: what one dataset group of Amazon Personalize shall have. The gallery's own comes from the settings, others from
// files. Plain JSON: the members of Amazon Personalize's requests are called as its API calls them.
import type {
  BatchInferenceJobConfig,
  CampaignConfig,
  CreateSolutionRequest,
  Domain,
  RecommenderConfig,
  Tag,
  ThemeGenerationConfig,
} from '@aws-sdk/client-personalize';

export const datasetTypes = ['Interactions', 'Items', 'Users', 'Actions', 'Action_Interactions'] as const;
export type DatasetType = (typeof datasetTypes)[number];

/** What every declared thing has. */
export interface Declared {
  /** Unique in the account and region for its kind: ARNs are derived from it. */
  readonly name: string;
  /** Who declares it: `settings`, or the key of a file in the gallery bucket. The one that is told when it fails. */
  readonly source: string;
  readonly tags?: readonly Tag[];
}

export interface Source {
  /** `settings`, or the key of a file. */
  readonly name: string;
  /** ISO 8601: when it was said, for a file the time of its upload. What trains with every upload is newer than that. */
  readonly declaredAt: string;
}

export interface DeclaredGroup {
  readonly name: string;
  /** True for the gallery's group, which its stacks make: it is never made and never deleted by the controller. */
  readonly isMadeElsewhere?: boolean;
  readonly domain?: Domain;
  readonly roleArn?: string;
  readonly kmsKeyArn?: string;
  readonly tags?: readonly Tag[];
}

export interface DeclaredDataset extends Declared {
  readonly type: DatasetType;
  /** `document` is the Avro schema as JSON. */
  readonly schema: { readonly name: string; readonly document: string };
}

/** Files that are imported when one of them is newer than the dataset's last import. */
export interface DeclaredImport extends Declared {
  readonly type: DatasetType;
  readonly bucket: string;
  /** A folder, ending with a slash, whose files are imported; or the key of one file. */
  readonly prefix: string;
  /** The key of one file that does where nothing lies under the prefix. */
  readonly file?: string;
  /** The first import of a dataset is FULL whatever is said here. */
  readonly mode: 'FULL' | 'INCREMENTAL';
  /** Without any, new files are imported as soon as they are seen. */
  readonly schedules: { readonly full?: string; readonly incremental?: string };
  /** The role that reads the files. */
  readonly roleArn: string;
}

export interface DeclaredFilter extends Declared {
  readonly filterExpression: string;
}

export interface DeclaredRecommender extends Declared {
  readonly recipeArn: string;
  readonly recommenderConfig?: RecommenderConfig;
}

/** When a new version may serve. A ratio of 1 means "at least as good as"; the formula is in `verdict.ts`. */
export interface QualityGate {
  /** A key of GetSolutionMetrics. */
  readonly metric: string;
  /** The name of the solution whose newest version is the baseline; absent: no comparison. */
  readonly baseline?: string;
  readonly minimumRatioToBaseline: number;
  /** Against the version that the campaign serves now. */
  readonly minimumRatioToServed: number;
  /** A version is refused when it is below the bar by more than this many standard errors. */
  readonly standardErrors: number;
}

export interface Training {
  readonly mode: 'FULL' | 'UPDATE';
  /**
   * Whether what is said now asks for a version newer than it. False: a solution without any version is trained, and later the
   * schedules alone train it.
   */
  readonly withEachUpload: boolean;
  /** Milliseconds; a version younger than this when an upload asks for one will do. */
  readonly maxAge?: number;
  /** `rate(…)`, counted from the version before, or `cron(…)` in UTC, as EventBridge Scheduler has them. */
  readonly schedules: { readonly full?: string; readonly update?: string };
}

export interface DeclaredCampaign extends Declared {
  readonly minProvisionedTPS?: number;
  readonly campaignConfig?: CampaignConfig;
}

export interface DeclaredBatchJob {
  readonly kind: 'inference' | 'segment';
  /** What the names of its jobs begin with. */
  readonly name: string;
  readonly source: string;
  readonly tags?: readonly Tag[];
  /** Without one it runs with every version. */
  readonly schedule?: string;
  readonly input: string;
  readonly output: string;
  readonly roleArn: string;
  readonly numResults?: number;
  /** Of a filter of the group. */
  readonly filterName?: string;
  readonly batchInferenceJobMode?: 'BATCH_INFERENCE' | 'THEME_GENERATION';
  readonly batchInferenceJobConfig?: BatchInferenceJobConfig;
  readonly themeGenerationConfig?: ThemeGenerationConfig;
}

/** The parameters of CreateSolution that a declaration gives. */
export type SolutionSettings = Omit<CreateSolutionRequest, 'name' | 'datasetGroupArn' | 'tags'>;

export interface DeclaredSolution extends Declared {
  readonly settings: SolutionSettings;
  /** Of its versions. @default those of the solution */
  readonly versionTags?: readonly Tag[];
  readonly training: Training;
  readonly gate?: QualityGate;
  readonly campaigns: readonly DeclaredCampaign[];
  readonly batchJobs: readonly DeclaredBatchJob[];
}

export interface Declaration {
  readonly datasetGroup: DeclaredGroup;
  /** The name of the gallery's own dataset group: what is made is tagged with it. */
  readonly deployment: string;
  /** More than one where several files, or a file and the settings, speak of one group. */
  readonly sources: readonly Source[];
  /** Whether a source cannot be read just now: then nothing is taken down, because it may still be declared. */
  readonly isIncomplete?: boolean;
  /** Whether what only a replacement can change is replaced. Without it the difference is refused, and told. */
  readonly allowReplace: boolean;
  readonly datasets: readonly DeclaredDataset[];
  readonly imports: readonly DeclaredImport[];
  readonly eventTracker?: Declared;
  readonly filters: readonly DeclaredFilter[];
  readonly recommenders: readonly DeclaredRecommender[];
  readonly solutions: readonly DeclaredSolution[];
  /**
   * Names that are the deployment's although nothing may be tagged with it: campaigns of these names go when they are not declared,
   * solutions stay with what they have learned, and are not trained.
   */
  readonly ownNames: readonly string[];
  /** What Amazon Personalize needs before it can train; absent where nobody counts. */
  readonly minimum?: { readonly users: number; readonly interactions: number };
}

/** Marks what a declaration made: the value is the name of the deployment's own dataset group. */
export const deploymentTag = 'emotion-gallery:deployment';

/** Nothing is declared for the group any more: what was made for it goes. */
export function emptyDeclaration(datasetGroup: DeclaredGroup, deployment: string): Declaration {
  return {
    datasetGroup,
    deployment,
    sources: [],
    allowReplace: false,
    datasets: [],
    imports: [],
    filters: [],
    recommenders: [],
    solutions: [],
    ownNames: [],
  };
}

/** What several sources say of one group, as one. The first one's group, tracker and minimum count. */
export function merge(first: Declaration, ...more: readonly Declaration[]): Declaration {
  const all = [first, ...more];
  return {
    datasetGroup: first.datasetGroup,
    deployment: first.deployment,
    sources: all.flatMap(({ sources }) => sources),
    allowReplace: all.some(({ allowReplace }) => allowReplace),
    datasets: all.flatMap(({ datasets }) => datasets),
    imports: all.flatMap(({ imports }) => imports),
    eventTracker: all.find(({ eventTracker }) => eventTracker)?.eventTracker,
    filters: all.flatMap(({ filters }) => filters),
    recommenders: all.flatMap(({ recommenders }) => recommenders),
    solutions: all.flatMap(({ solutions }) => solutions),
    ownNames: all.flatMap(({ ownNames }) => ownNames),
    minimum: all.find(({ minimum }) => minimum)?.minimum,
  };
}
