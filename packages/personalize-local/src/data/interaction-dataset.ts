// One dataset of interactions (with items or with actions): what was imported in bulk, and what was sent as events.

import { join } from 'node:path';
import type { DatasetSchema } from '@emotion-gallery/personalize-rules/schemas';
import type { DatasetFolder } from './dataset-folder';
import { PutLog, type StoredRow } from './put-log';
import { readSegment, writeSegment } from './segment';
import { columnsOf, type DictionaryOf, Table } from './table';
import { BulkUserIndex, ChainIndex } from './user-index';
import { IntVector } from './vectors';

export const SESSION = '$session';
export const EVENT = '$event';
const RECEIVED = '$received';

export class InteractionDataset {
  private bulkTable: Table;
  private putTable: Table;
  private bulkIndex: BulkUserIndex | undefined;
  /** Made when first asked for, then kept up to date by puts. */
  private knownTargets: Set<number> | undefined;
  private byUser = new ChainIndex();
  private anonymousBySession = new ChainIndex();
  /** The first user that was named in a session, by session code. */
  private sessionUser = new IntVector();
  private sessionsOfUser = new Map<number, number[]>();
  private eventIds = new Set<string>();
  private latestPut: number | undefined;
  /** Of the put rows (epoch seconds). */
  private newestPut = 0;
  /** Of the bulk rows; computed when first asked for. */
  private newestBulk: number | undefined;
  private readonly log: PutLog;
  /** Put rows that are in tables already; the others are in the log. */
  private sealedRows = 0;
  private sealing: Promise<void> | undefined;

  private constructor(
    private readonly folder: DatasetFolder,
    private readonly dictionaryOf: DictionaryOf,
    private readonly sealAfter: number,
    /** `ITEM_ID` or `ACTION_ID`. */
    readonly targetColumn: string,
  ) {
    this.log = new PutLog((arrivedAt, row) => this.apply(arrivedAt, row));
    this.bulkTable = Table.empty(columnsOf(folder.schema), dictionaryOf);
    this.putTable = this.emptyPutTable();
  }

  static async open(
    folder: DatasetFolder,
    dictionaryOf: DictionaryOf,
    sealAfter: number,
  ): Promise<InteractionDataset> {
    const target = folder.schema.type === 'ACTION_INTERACTIONS' ? 'ACTION_ID' : 'ITEM_ID';
    const dataset = new InteractionDataset(folder, dictionaryOf, sealAfter, target);
    await dataset.loadBulk();
    await dataset.loadPut();
    return dataset;
  }

  get schema(): DatasetSchema {
    return this.folder.schema;
  }

  get bulk(): Table {
    return this.bulkTable;
  }

  get put(): Table {
    return this.putTable;
  }

  get importedAt(): number | undefined {
    return this.folder.importedAt;
  }

  get latestPutAt(): number | undefined {
    return this.latestPut;
  }

  /** The newest TIMESTAMP (epoch seconds); 0 without interactions. */
  get newestTimestamp(): number {
    this.newestBulk ??= this.bulkTable
      .numbers('TIMESTAMP')
      .view()
      .reduce((a, b) => Math.max(a, b), 0);
    return Math.max(this.newestBulk, this.newestPut);
  }

  private emptyPutTable(): Table {
    const specs = [
      ...columnsOf(this.folder.schema),
      { name: SESSION, kind: 'dictionary' as const },
      { name: EVENT, kind: 'text' as const },
      { name: RECEIVED, kind: 'number' as const },
    ];
    return Table.empty(specs, this.dictionaryOf);
  }

  private async loadBulk(): Promise<void> {
    const path = this.folder.bulkPath;
    this.bulkTable = path
      ? await readSegment(path, this.dictionaryOf)
      : Table.empty(columnsOf(this.folder.schema), this.dictionaryOf);
    this.bulkIndex = undefined;
    this.newestBulk = undefined;
    this.knownTargets = undefined;
  }

  private async loadPut(): Promise<void> {
    const sealed: Table[] = [];
    for (const path of this.folder.sealedPaths) sealed.push(await readSegment(path, this.dictionaryOf));
    this.putTable = this.emptyPutTable();
    this.byUser = new ChainIndex();
    this.anonymousBySession = new ChainIndex();
    this.sessionUser = new IntVector();
    this.sessionsOfUser = new Map();
    this.eventIds = new Set();
    this.newestPut = 0;
    this.knownTargets = undefined;
    for (const table of sealed) {
      const start = this.putTable.rows;
      this.putTable.appendTable(table);
      for (let row = start; row < this.putTable.rows; row++) this.indexRow(row);
    }
    this.sealedRows = this.putTable.rows;
    await this.log.open(this.folder.logPath);
  }

  /** Keeps the first event of an id. */
  private apply(arrivedAt: number, row: StoredRow): boolean {
    const eventId = row[EVENT];
    if (typeof eventId === 'string' && this.eventIds.has(eventId)) return false;
    const number = this.putTable.rows;
    this.putTable.write(number, { ...row, [RECEIVED]: arrivedAt });
    this.indexRow(number);
    return true;
  }

  private indexRow(row: number): void {
    const table = this.putTable;
    const eventId = table.value(row, EVENT);
    if (typeof eventId === 'string') this.eventIds.add(eventId);
    this.latestPut = Math.max(this.latestPut ?? 0, table.numbers(RECEIVED).at(row));
    this.newestPut = Math.max(this.newestPut, table.numbers('TIMESTAMP').at(row));
    this.knownTargets?.add(table.codes(this.targetColumn).at(row));
    const user = table.codes('USER_ID').at(row);
    const session = table.codes(SESSION).at(row);
    if (user >= 0) {
      this.byUser.add(user, row);
      if (session >= 0 && this.sessionUser.at(session) < 0) this.linkSession(session, user);
    } else if (session >= 0) {
      this.anonymousBySession.add(session, row);
    }
  }

  private linkSession(session: number, user: number): void {
    this.sessionUser.set(session, user);
    const sessions = this.sessionsOfUser.get(user);
    if (sessions) sessions.push(session);
    else this.sessionsOfUser.set(user, [session]);
  }

  /** Resolves when the rows are on the disk. Returns how many were new. */
  async putRows(arrivedAt: number, rows: readonly StoredRow[]): Promise<number> {
    const stored = await this.log.put(arrivedAt, rows);
    if (this.putTable.rows - this.sealedRows >= this.sealAfter && this.sealing === undefined) {
      this.sealing = this.seal().finally(() => {
        this.sealing = undefined;
      });
      await this.sealing;
    }
    return stored;
  }

  /** Moves the rows of the log into a table. */
  private seal(): Promise<void> {
    return this.log.exclusively(async () => {
      const [name, logName] = [this.folder.freshName('sealed'), await this.folder.freshLog()];
      await writeSegment(join(this.folder.dir, name), this.putTable, (row) => row >= this.sealedRows);
      await this.folder.commit({ sealed: [...this.folder.sealed, name], log: logName });
      await this.log.open(this.folder.logPath);
      this.sealedRows = this.putTable.rows;
    });
  }

  /** Makes `table` (with dictionaries of its own) the bulk data. */
  async replaceBulk(table: Table, keep: (row: number) => boolean, importedAt: number): Promise<void> {
    const name = this.folder.freshName('bulk');
    await writeSegment(join(this.folder.dir, name), table, keep);
    await this.folder.commit({ bulk: name, importedAt });
    await this.loadBulk();
  }

  /** The bulk data with dictionaries of its own, to be extended by an incremental import. */
  async bulkCopy(dictionaryOf: DictionaryOf): Promise<Table | undefined> {
    return this.folder.bulkPath ? readSegment(this.folder.bulkPath, dictionaryOf) : undefined;
  }

  /** Removes all rows of these users, those of their anonymous sessions too. */
  async deleteUsers(userIds: ReadonlySet<string>): Promise<void> {
    await this.log.exclusively(async () => {
      const users = this.dictionaryOf('USER_ID');
      const stays = (user: number) => user < 0 || !userIds.has(users.id(user));
      const name = this.folder.freshName('sealed');
      await writeSegment(join(this.folder.dir, name), this.putTable, (row) => stays(this.putUser(row)));
      const bulk = this.folder.bulkPath && this.folder.freshName('bulk');
      if (bulk) {
        const codes = this.bulkTable.codes('USER_ID');
        await writeSegment(join(this.folder.dir, bulk), this.bulkTable, (row) => stays(codes.at(row)));
      }
      const log = await this.folder.freshLog();
      await this.folder.commit({ sealed: [name], log, ...(bulk && { bulk }) });
      await this.loadBulk();
      await this.loadPut();
    });
  }

  /** The user of a put row: the one that it names, else the one that its session turned out to be; -1 for nobody. */
  putUser(row: number): number {
    const user = this.putTable.codes('USER_ID').at(row);
    if (user >= 0) return user;
    const session = this.putTable.codes(SESSION).at(row);
    return session < 0 ? -1 : this.sessionUser.at(session);
  }

  /** Epoch ms of arrival. */
  putReceivedAt(row: number): number {
    return this.putTable.numbers(RECEIVED).at(row);
  }

  bulkRowsOf(user: number): Int32Array {
    this.bulkIndex ??= new BulkUserIndex(
      this.bulkTable.codes('USER_ID').view(),
      this.dictionaryOf('USER_ID').size,
    );
    return this.bulkIndex.rowsOf(user);
  }

  putRowsOf(user: number): Iterable<number> {
    return this.byUser.rowsOf(user);
  }

  hasUser(user: number): boolean {
    return this.byUser.has(user) || this.bulkRowsOf(user).length > 0;
  }

  /** Whether any interaction names the item (or action). */
  hasTarget(target: number): boolean {
    if (this.knownTargets === undefined) {
      this.knownTargets = new Set(this.bulkTable.codes(this.targetColumn).view());
      for (const code of this.putTable.codes(this.targetColumn).view()) this.knownTargets.add(code);
    }
    return this.knownTargets.has(target);
  }

  /** Anonymous rows of the user's sessions. */
  *mergedRowsOf(user: number): Generator<number> {
    for (const session of this.sessionsOfUser.get(user) ?? []) {
      yield* this.anonymousBySession.rowsOf(session);
    }
  }

  anonymousRowsOf(session: number): Iterable<number> {
    return this.anonymousBySession.rowsOf(session);
  }

  async close(): Promise<void> {
    await this.log.close();
  }
}
