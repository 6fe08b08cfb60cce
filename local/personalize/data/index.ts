// The datasets of a dataset group: schemas, storage, puts, imports, exports, and what training and runtime read.
import type { ObjectStore, StorageIdentity } from '../service';
import type {
  CsvFile,
  DatasetGroupData,
  DatasetSchema,
  DatasetType,
  Domain,
  OpenOptions,
  TrainingCounts,
} from './types';

export * from './types';
export type { EntityColumns, IdDictionary, InteractionIndex, NumberColumn, StringColumn } from './views';

/** `Interactions`, `action_interactions` … in any case. @throws InvalidData */
export declare function parseDatasetType(text: string): DatasetType;

/** Parses and checks an Avro schema; its record name says which dataset type it is for. @throws InvalidData */
export declare function parseSchema(json: string, domain?: Domain): DatasetSchema;

/** What forbids `replacement` as the new schema of a dataset (UpdateDataset); empty when it is allowed. */
export declare function schemaReplacementProblems(
  current: DatasetSchema,
  replacement: DatasetSchema,
): string[];

/** Opens the folder of one dataset group, making it when missing; repairs what a crash left behind. */
export declare function openDatasetGroup(dir: string, options?: OpenOptions): Promise<DatasetGroupData>;

/**
 * The CSV files at a location: one object, or the first level of a folder (`recursive`: all levels, `.csv` only, as data
 * deletion jobs do). @throws DataJobFailed with the documented texts
 */
export declare function csvFilesAt(
  store: ObjectStore,
  identity: StorageIdentity,
  location: string,
  options: { readonly datasetType: DatasetType; readonly recursive?: boolean },
): Promise<CsvFile[]>;

/** The user ids of a data deletion job's files (one USER_ID column). @throws DataJobFailed */
export declare function readUserIds(files: readonly CsvFile[]): Promise<Set<string>>;

/** The documented failure text when a training may not start; undefined when it may. */
export declare function trainingMinimumProblem(
  counts: TrainingCounts,
  eventType?: string,
): string | undefined;
