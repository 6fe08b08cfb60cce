// The datasets of one dataset group: opens them, routes puts, imports and reads to them, and keeps what they share, the
// dictionaries of user, item and action ids.

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder } from '@emotion-gallery/local-kit/store';
import type { CsvFile, ImportResult } from '@emotion-gallery/personalize-rules/csv';
import type { TrainingCounts } from '@emotion-gallery/personalize-rules/limits';
import {
  DATASET_RULES,
  type DatasetSchema,
  type DatasetType,
  InvalidData,
} from '@emotion-gallery/personalize-rules/schemas';
import type { DataSnapshot, NewItem, UserHistory } from '../model/recipe';
import { importDataset } from './bulk-import';
import { exportEntities, exportInteractions } from './csv-export';
import { DatasetFolder } from './dataset-folder';
import { Dictionary } from './dictionary';
import { EntityDataset } from './entity-dataset';
import { InteractionDataset, SESSION } from './interaction-dataset';
import { countTraining, eventTypesOf, trainingRows } from './interaction-rows';
import { historyOf, indexOf } from './interaction-views';
import { Lock } from './locks';
import { addedItems, entityMetadata } from './metadata';
import { actionInteractionRow, entityRow, eventRows } from './put-validation';
import { takeSnapshot } from './snapshot';
import { type DictionaryOf, ownDictionaries } from './table';
import type {
  ArrivalSummary,
  DatasetGroupData,
  DatasetSize,
  ImportedInteraction,
  ImportMode,
  IngestionMode,
  OpenOptions,
  PutActionInteraction,
  PutEntity,
  PutEventsRequest,
  PutResult,
  TrainingSelection,
  UserHistoryOptions,
} from './types';
import type { EntityColumns, InteractionIndex } from './views';

/** Reading a log takes some 10 µs a row, reading a table 1 µs. */
const SEAL_AFTER = 100_000;
const NO_COUNTS: TrainingCounts = { interactions: 0, users: 0, usersWithTwo: 0 };
/** Client libraries that have no session send this word; Amazon Personalize acknowledges such events and drops them. */
const NO_SESSION = 'null';

type InteractionType = 'INTERACTIONS' | 'ACTION_INTERACTIONS';
type EntityType = 'ITEMS' | 'USERS' | 'ACTIONS';

const isInteractionType = (type: DatasetType): type is InteractionType => type.endsWith('INTERACTIONS');

/** Opens the folder of one dataset group, making it when missing; repairs what a crash left behind. */
export async function openDatasetGroup(dir: string, options: OpenOptions = {}): Promise<DatasetGroupData> {
  await mkdir(dir, { recursive: true });
  const group = new StoredDatasetGroup(dir, {
    now: options.now ?? Date.now,
    onRepair: options.onRepair ?? (() => undefined),
    sealAfter: options.sealAfter ?? SEAL_AFTER,
  });
  await group.load();
  return group;
}

class StoredDatasetGroup implements DatasetGroupData {
  private readonly interactions = new Map<InteractionType, InteractionDataset>();
  private readonly entities = new Map<EntityType, EntityDataset>();
  private readonly dictionaries = new Map<DatasetType, DictionaryOf>();
  private readonly ids = {
    USER_ID: new Dictionary(),
    ITEM_ID: new Dictionary(),
    ACTION_ID: new Dictionary(),
  };
  private readonly locks = new Map<DatasetType, Lock>();
  private changes = 0;

  constructor(
    private readonly dir: string,
    private readonly options: Required<OpenOptions>,
  ) {}

  async load(): Promise<void> {
    const names = new Set(await readdir(this.dir));
    for (const type of Object.keys(DATASET_RULES) as DatasetType[]) {
      if (!names.has(type)) continue;
      const folder = await DatasetFolder.open(join(this.dir, type), this.options.onRepair);
      if (folder) await this.attach(type, folder);
      else await rm(join(this.dir, type), { recursive: true, force: true });
    }
  }

  get schemas(): ReadonlyMap<DatasetType, DatasetSchema> {
    const all = [...this.interactions.values(), ...this.entities.values()];
    return new Map(all.map(({ schema }) => [schema.type, schema]));
  }

  get version(): number {
    return this.changes;
  }

  private lock(type: DatasetType): Lock {
    const lock = this.locks.get(type) ?? new Lock();
    this.locks.set(type, lock);
    return lock;
  }

  private async attach(type: DatasetType, folder: DatasetFolder): Promise<void> {
    const own = ownDictionaries();
    const dictionaryOf: DictionaryOf = (column) =>
      Object.hasOwn(this.ids, column) ? this.ids[column as keyof typeof this.ids] : own(column);
    this.dictionaries.set(type, dictionaryOf);
    const { sealAfter } = this.options;
    if (isInteractionType(type)) {
      this.interactions.set(type, await InteractionDataset.open(folder, dictionaryOf, sealAfter));
    } else {
      this.entities.set(type, await EntityDataset.open(folder, dictionaryOf, sealAfter));
    }
  }

  ensureDataset(type: DatasetType, schema: DatasetSchema): Promise<void> {
    return this.lock(type).run(async () => {
      const known = this.schemas.get(type);
      if (known === undefined) {
        await this.attach(type, await DatasetFolder.create(join(this.dir, type), schema));
      } else if (JSON.stringify(known) !== JSON.stringify(schema)) {
        if (isInteractionType(type)) {
          throw new InvalidData(`The schema of the ${type} dataset cannot be replaced.`);
        }
        await this.entities.get(type)?.replaceSchema(schema);
      }
      this.changes++;
    });
  }

  deleteDataset(type: DatasetType): Promise<void> {
    return this.lock(type).run(async () => {
      const dataset = this.dataset(type);
      if (isInteractionType(type)) this.interactions.delete(type);
      else this.entities.delete(type);
      this.changes++;
      await dataset?.close();
      await rm(join(this.dir, type), { recursive: true, force: true });
      await syncFolder(this.dir);
    });
  }

  private dataset(type: DatasetType): InteractionDataset | EntityDataset | undefined {
    return isInteractionType(type) ? this.interactions.get(type) : this.entities.get(type);
  }

  private required<T>(dataset: T | undefined, type: DatasetType): T {
    if (dataset === undefined) throw new InvalidData(`The dataset group has no ${type} dataset.`);
    return dataset;
  }

  private async stored(
    dataset: InteractionDataset | EntityDataset,
    rows: Parameters<EntityDataset['putRows']>[1],
  ): Promise<PutResult> {
    const stored = await dataset.putRows(this.options.now(), rows);
    this.changes++;
    return { stored, duplicates: rows.length - stored };
  }

  async putEvents(request: PutEventsRequest): Promise<PutResult> {
    const dataset = this.required(this.interactions.get('INTERACTIONS'), 'INTERACTIONS');
    const rows = eventRows(dataset.schema, request);
    if (request.sessionId === NO_SESSION) return { stored: 0, duplicates: 0 };
    return this.stored(dataset, rows);
  }

  async putActionInteractions(entries: readonly PutActionInteraction[]): Promise<PutResult> {
    const dataset = this.required(this.interactions.get('ACTION_INTERACTIONS'), 'ACTION_INTERACTIONS');
    const rows = entries.map((entry, i) =>
      actionInteractionRow(dataset.schema, entry, `actionInteractions[${i}]`),
    );
    return this.stored(dataset, rows);
  }

  async putEntities(type: EntityType, entries: readonly PutEntity[]): Promise<PutResult> {
    const dataset = this.required(this.entities.get(type), type);
    const rows = entries.map((entry, i) => entityRow(dataset.schema, entry, `${type.toLowerCase()}[${i}]`));
    return this.stored(dataset, rows);
  }

  hasBulkImport(type: DatasetType): boolean {
    return this.dataset(type)?.importedAt !== undefined;
  }

  importCsv(
    type: DatasetType,
    mode: ImportMode,
    files: readonly CsvFile[],
    visit?: (interaction: ImportedInteraction) => void,
  ): Promise<ImportResult> {
    return this.lock(type).run(async () => {
      const dataset = this.required(this.dataset(type), type);
      const result = await importDataset(dataset, { mode, files, now: this.options.now, visit });
      this.changes++;
      return result;
    });
  }

  exportCsv(type: DatasetType, mode: IngestionMode): Iterable<string> {
    const dataset = this.required(this.dataset(type), type);
    return dataset instanceof InteractionDataset
      ? exportInteractions(dataset, mode)
      : exportEntities(dataset, mode);
  }

  async deleteUsers(userIds: Iterable<string>): Promise<number> {
    const wanted = new Set(userIds);
    const known = [...wanted].filter((id) => this.hasUser(id)).length;
    for (const [type, dataset] of this.interactions) {
      await this.lock(type).run(() => dataset.deleteUsers(wanted));
    }
    const users = this.entities.get('USERS');
    if (users) await this.lock('USERS').run(() => users.deleteIds(wanted));
    this.changes++;
    return known;
  }

  trainingCounts(selection: TrainingSelection): TrainingCounts {
    return this.counts('INTERACTIONS', selection);
  }

  actionTrainingCounts(selection: TrainingSelection): TrainingCounts {
    return this.counts('ACTION_INTERACTIONS', selection);
  }

  private counts(type: InteractionType, selection: TrainingSelection): TrainingCounts {
    const dataset = this.interactions.get(type);
    return dataset ? countTraining(trainingRows(dataset, selection)) : NO_COUNTS;
  }

  eventTypes(): readonly string[] {
    const dataset = this.interactions.get('INTERACTIONS');
    return dataset ? eventTypesOf(dataset) : [];
  }

  snapshot(selection: TrainingSelection): DataSnapshot {
    return takeSnapshot(
      {
        interactions: this.interactions.get('INTERACTIONS'),
        actionInteractions: this.interactions.get('ACTION_INTERACTIONS'),
        items: this.entities.get('ITEMS'),
        users: this.entities.get('USERS'),
        actions: this.entities.get('ACTIONS'),
        userIds: this.ids.USER_ID,
        itemIds: this.ids.ITEM_ID,
        actionIds: this.ids.ACTION_ID,
      },
      selection,
    );
  }

  sizes(): Readonly<Partial<Record<DatasetType, DatasetSize>>> {
    const sizes: Partial<Record<DatasetType, DatasetSize>> = {};
    for (const [type, { bulk, put }] of this.interactions) {
      sizes[type] = { records: bulk.rows + put.rows, bulk: bulk.rows, put: put.rows };
    }
    for (const [type, dataset] of this.entities) {
      const records = [...dataset.codes()].length;
      sizes[type] = { records, bulk: dataset.bulkCount, put: dataset.putCount };
    }
    return sizes;
  }

  arrivals(): ArrivalSummary {
    const latest: Partial<Record<DatasetType, number>> = {};
    for (const [type, dataset] of [...this.interactions, ...this.entities]) {
      const times = [dataset.importedAt, dataset.latestPutAt].filter((time) => time !== undefined);
      if (times.length > 0) latest[type] = Math.max(...times);
    }
    return { latest };
  }

  userHistory(userId: string, options: UserHistoryOptions = {}): UserHistory {
    const dataset = this.interactions.get('INTERACTIONS');
    const events = dataset
      ? historyOf(dataset, this.ids.USER_ID, this.sessions('INTERACTIONS'), userId, options)
      : [];
    const metadata = this.metadata('USERS', userId);
    return { userId, events, ...(metadata && { metadata }) };
  }

  private sessions(type: InteractionType): Dictionary {
    return (this.dictionaries.get(type) as DictionaryOf)(SESSION);
  }

  hasUser(userId: string): boolean {
    const code = this.ids.USER_ID.code(userId);
    if (code === undefined) return false;
    if (this.entities.get('USERS')?.present(code)) return true;
    return [...this.interactions.values()].some((dataset) => dataset.hasUser(code));
  }

  hasItem(itemId: string): boolean {
    const code = this.ids.ITEM_ID.code(itemId);
    if (code === undefined) return false;
    if (this.entities.get('ITEMS')?.present(code)) return true;
    return this.interactions.get('INTERACTIONS')?.hasTarget(code) ?? false;
  }

  metadata(type: EntityType, id: string): Readonly<Record<string, string | number>> | undefined {
    const dataset = this.entities.get(type);
    return dataset && entityMetadata(dataset, id);
  }

  latestInteraction(): number {
    return this.interactions.get('INTERACTIONS')?.newestTimestamp ?? 0;
  }

  itemsAddedSince(sinceMs: number): NewItem[] {
    return addedItems(
      this.entities.get('ITEMS'),
      this.interactions.get('INTERACTIONS'),
      this.ids.ITEM_ID,
      sinceMs,
    );
  }

  entityColumns(type: EntityType): EntityColumns | undefined {
    return this.entities.get(type);
  }

  interactionIndex(type: InteractionType): InteractionIndex | undefined {
    const dataset = this.interactions.get(type);
    const targets = type === 'INTERACTIONS' ? this.ids.ITEM_ID : this.ids.ACTION_ID;
    const ids = () => ({ users: this.ids.USER_ID, targets, sessions: this.sessions(type) });
    return dataset && indexOf(dataset, ids(), this.options.now);
  }

  async close(): Promise<void> {
    for (const dataset of [...this.interactions.values(), ...this.entities.values()]) await dataset.close();
  }
}
