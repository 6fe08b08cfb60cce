// What the data part of Amazon Personalize on localhost offers to the rest of the service: the datasets of one dataset
// group, what may be put into them, and what training, recommendations and filters read from them.
import type { CsvFile, ImportResult } from '@emotion-gallery/personalize-rules/csv';
import type { TrainingCounts } from '@emotion-gallery/personalize-rules/limits';
import type { DatasetSchema, DatasetType } from '@emotion-gallery/personalize-rules/schemas';
import type { DataSnapshot, NewItem, UserHistory } from '../model/recipe';
import type { EntityColumns, InteractionIndex } from './views';

/** One event of PutEvents, decoded. */
export interface PutEvent {
  readonly eventId?: string;
  readonly eventType: string;
  readonly eventValue?: number;
  readonly itemId?: string;
  /** A JSON object as a string. */
  readonly properties?: string;
  readonly sentAt: Date;
  readonly recommendationId?: string;
  readonly impression?: readonly string[];
  readonly metricAttribution?: { readonly eventAttributionSource?: string };
}

export interface PutEventsRequest {
  readonly userId?: string;
  readonly sessionId: string;
  readonly eventList: readonly PutEvent[];
}

/** One entry of PutActionInteractions, decoded. */
export interface PutActionInteraction {
  readonly actionId: string;
  readonly userId?: string;
  readonly sessionId: string;
  readonly timestamp: Date;
  readonly eventType: string;
  readonly eventId?: string;
  readonly recommendationId?: string;
  readonly impression?: readonly string[];
  readonly properties?: string;
}

/** One entry of PutItems (itemId), PutUsers (userId) or PutActions (actionId), decoded. */
export interface PutEntity {
  readonly id: string;
  /** A JSON object as a string. */
  readonly properties?: string;
}

/** An interaction of an import job. */
export interface ImportedInteraction {
  readonly itemId: string;
  readonly eventType: string;
  /** Epoch seconds. */
  readonly timestamp: number;
  readonly eventValue?: number;
  readonly recommendationId?: string;
  readonly eventAttributionSource?: string;
}

/** What became of a put that was acknowledged. */
export interface PutResult {
  /** Records newly stored; a repeated event id is acknowledged and not stored again. */
  readonly stored: number;
  readonly duplicates: number;
}

export type ImportMode = 'FULL' | 'INCREMENTAL';

/** BULK: imported by jobs. PUT: sent one by one. ALL: both. */
export type IngestionMode = 'BULK' | 'PUT' | 'ALL';

/** Which interactions and columns a training reads. */
export interface TrainingSelection {
  /** Solution `eventType`; `solutionConfig.eventValueThreshold` is only used together with it. */
  readonly eventType?: string;
  readonly eventValueThreshold?: number;
  /** `solutionConfig.eventsConfig.eventParametersList`: any of these. Instead of `eventType`. */
  readonly events?: ReadonlyArray<{ readonly eventType: string; readonly eventValueThreshold?: number }>;
  /** Left out of the snapshot. Keys as dataset types, columns as in the schema. */
  readonly excludedColumns?: Readonly<Partial<Record<DatasetType, readonly string[]>>>;
  /** If a dataset is named here, only these of its columns are in the snapshot. */
  readonly includedColumns?: Readonly<Partial<Record<DatasetType, readonly string[]>>>;
}

export interface UserHistoryOptions {
  /**
   * When the model that serves was trained (epoch ms). Anonymous events of the user's sessions count once they were merged
   * by a training; events of a session that is asked for by its id count only until then.
   */
  readonly trainedAt?: number;
  /** The most recent so many; default 1000. */
  readonly limit?: number;
  /** Only these event types; default: all. */
  readonly eventTypes?: readonly string[];
}

export interface DatasetSize {
  /** Records that a training would find: upserted rows count once, repeated interactions too. */
  readonly records: number;
  readonly bulk: number;
  readonly put: number;
}

export interface ArrivalSummary {
  /** Epoch ms of the last import or put, by dataset; absent when nothing has arrived yet. */
  readonly latest: Readonly<Partial<Record<DatasetType, number>>>;
}

/** The datasets of one dataset group, kept in a folder and in memory. Every promise resolves when the data is durable. */
export interface DatasetGroupData {
  /**
   * Makes the dataset if it is missing; otherwise replaces its schema (UpdateDataset: only added nullable columns).
   * Calling it again with the same schema changes nothing.
   */
  ensureDataset(type: DatasetType, schema: DatasetSchema): Promise<void>;
  /** Removes the dataset with all its data; does nothing when there is none. */
  deleteDataset(type: DatasetType): Promise<void>;
  readonly schemas: ReadonlyMap<DatasetType, DatasetSchema>;
  /** Bumped by each change of data; results that depend on the data may be cached by it. */
  readonly version: number;

  /** @throws InvalidData */
  putEvents(request: PutEventsRequest): Promise<PutResult>;
  /** @throws InvalidData */
  putActionInteractions(entries: readonly PutActionInteraction[]): Promise<PutResult>;
  /** @throws InvalidData */
  putEntities(type: 'ITEMS' | 'USERS' | 'ACTIONS', entries: readonly PutEntity[]): Promise<PutResult>;

  /** True once a FULL import has succeeded: only then may an INCREMENTAL one run. */
  hasBulkImport(type: DatasetType): boolean;
  /**
   * Reads all files, checks every row, and only then changes the dataset. `visit` is called for each new interaction that
   * has an event type. @throws DataJobFailed
   */
  importCsv(
    type: DatasetType,
    mode: ImportMode,
    files: readonly CsvFile[],
    visit?: (interaction: ImportedInteraction) => void,
  ): Promise<ImportResult>;
  /** CSV text with a header, in chunks. */
  exportCsv(type: DatasetType, mode: IngestionMode): Iterable<string>;
  /** Forgets these users in all datasets of the group. Returns how many of them were known. */
  deleteUsers(userIds: Iterable<string>): Promise<number>;

  trainingCounts(selection: TrainingSelection): TrainingCounts;
  /** Like `trainingCounts`, for the action interactions. */
  actionTrainingCounts(selection: TrainingSelection): TrainingCounts;
  /** Distinct event types of the interactions, filtered or not. */
  eventTypes(): readonly string[];
  snapshot(selection: TrainingSelection): DataSnapshot;

  sizes(): Readonly<Partial<Record<DatasetType, DatasetSize>>>;
  arrivals(): ArrivalSummary;
  /** History of a user, or of an anonymous visitor by the session id. Never undefined: an unknown id has no events. */
  userHistory(userId: string, options?: UserHistoryOptions): UserHistory;
  hasUser(userId: string): boolean;
  hasItem(itemId: string): boolean;
  /** All columns but the id, nulls left out; undefined for an id without a row in the dataset. */
  metadata(
    type: 'ITEMS' | 'USERS' | 'ACTIONS',
    id: string,
  ): Readonly<Record<string, string | number>> | undefined;
  /** The newest TIMESTAMP of the interactions (epoch seconds), from which ages are counted; 0 without interactions. */
  latestInteraction(): number;
  /** Items that were put, imported or first seen in an event after `sinceMs` (epoch ms). */
  itemsAddedSince(sinceMs: number): NewItem[];

  /** For filters: a metadata dataset by column. Undefined when the group has no such dataset. */
  entityColumns(type: 'ITEMS' | 'USERS' | 'ACTIONS'): EntityColumns | undefined;
  /** For filters: who interacted with what. Undefined when the group has no such dataset. */
  interactionIndex(type: 'INTERACTIONS' | 'ACTION_INTERACTIONS'): InteractionIndex | undefined;

  /** Waits for pending writes and closes the files. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Wall clock in epoch ms; default Date.now. */
  readonly now?: () => number;
  /** Told when a torn record at the end of a log was cut off, or left-over files were removed. */
  readonly onRepair?: (message: string) => void;
  /** Put rows after which a log is written into a table, so that opening stays fast; default 100,000. */
  readonly sealAfter?: number;
}
