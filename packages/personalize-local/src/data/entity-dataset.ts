// One metadata dataset (Items, Users or Actions): rows by id, from bulk imports and from single puts. Of an id's two rows
// the one that arrived last counts.

import { join } from 'node:path';
import { DATASET_RULES, type DatasetSchema } from '@emotion-gallery/personalize-rules/schemas';
import type { DatasetFolder } from './dataset-folder';
import { KeyedTable } from './keyed-table';
import { PutLog, type StoredRow } from './put-log';
import { readSegment, writeSegment } from './segment';
import { type CellValue, type ColumnSpec, columnsOf, type DictionaryOf, Table } from './table';
import type { EntityColumns, IdDictionary, NumberColumn, StringColumn } from './views';

/** Epoch ms when the row arrived. */
export const RECEIVED = '$received';
/** Epoch ms when the id was first seen in this dataset. */
export const FIRST_SEEN = '$first';

/** The columns of an entity table: those of the schema, and the two times. */
export const entityColumnSpecs = (schema: DatasetSchema): ColumnSpec[] => [
  ...columnsOf(schema),
  { name: RECEIVED, kind: 'number' },
  { name: FIRST_SEEN, kind: 'number' },
];

export class EntityDataset implements EntityColumns {
  readonly idColumn: string;
  private bulkRows: KeyedTable;
  private putRowsById: KeyedTable;
  private latestPut: number | undefined;
  /** Columns by id code, made when first asked for; dropped when a row changes. */
  private readonly gathered = new Map<string, Int32Array | Float64Array>();
  private readonly log: PutLog;
  private loggedRows = 0;
  private sealing: Promise<void> | undefined;

  private constructor(
    private readonly folder: DatasetFolder,
    private readonly dictionaryOf: DictionaryOf,
    private readonly sealAfter: number,
  ) {
    this.idColumn = DATASET_RULES[folder.schema.type].idColumn as string;
    this.log = new PutLog((arrivedAt, row) => this.apply(arrivedAt, row));
    this.bulkRows = this.keyed();
    this.putRowsById = this.keyed();
  }

  static async open(
    folder: DatasetFolder,
    dictionaryOf: DictionaryOf,
    sealAfter: number,
  ): Promise<EntityDataset> {
    const dataset = new EntityDataset(folder, dictionaryOf, sealAfter);
    await dataset.loadBulk();
    await dataset.loadPut();
    return dataset;
  }

  get schema(): DatasetSchema {
    return this.folder.schema;
  }

  get importedAt(): number | undefined {
    return this.folder.importedAt;
  }

  get latestPutAt(): number | undefined {
    return this.latestPut;
  }

  get ids(): IdDictionary {
    return this.dictionaryOf(this.idColumn);
  }

  get length(): number {
    return this.ids.size;
  }

  get bulkCount(): number {
    return this.bulkRows.table.rows;
  }

  get putCount(): number {
    return this.putRowsById.table.rows;
  }

  private keyed(table = Table.empty(entityColumnSpecs(this.schema), this.dictionaryOf)): KeyedTable {
    return new KeyedTable(table, this.idColumn);
  }

  private async loadBulk(): Promise<void> {
    const path = this.folder.bulkPath;
    this.gathered.clear();
    this.bulkRows = path ? await this.readKeyed(path) : this.keyed();
  }

  private async readKeyed(path: string): Promise<KeyedTable> {
    const stored = await readSegment(path, this.dictionaryOf);
    return this.keyed(stored.withColumns(entityColumnSpecs(this.schema), this.dictionaryOf));
  }

  private async loadPut(): Promise<void> {
    this.gathered.clear();
    const [sealed] = this.folder.sealedPaths;
    this.putRowsById = sealed ? await this.readKeyed(sealed) : this.keyed();
    this.loggedRows = 0;
    for (const time of this.putRowsById.table.numbers(RECEIVED).view()) this.noteArrival(time);
    await this.log.open(this.folder.logPath);
  }

  private apply(arrivedAt: number, row: StoredRow): boolean {
    const code = this.dictionaryOf(this.idColumn).add(String(row[this.idColumn]));
    const first = Math.min(this.firstSeenAt(code) ?? arrivedAt, arrivedAt);
    this.gathered.clear();
    this.putRowsById.upsert(code, { ...row, [RECEIVED]: arrivedAt, [FIRST_SEEN]: first });
    this.noteArrival(arrivedAt);
    this.loggedRows++;
    return true;
  }

  private noteArrival(time: number): void {
    this.latestPut = Math.max(this.latestPut ?? 0, time);
  }

  /** Resolves when the rows are on the disk. */
  async putRows(arrivedAt: number, rows: readonly StoredRow[]): Promise<number> {
    const stored = await this.log.put(arrivedAt, rows);
    if (this.loggedRows >= this.sealAfter && this.sealing === undefined) {
      this.sealing = this.log
        .exclusively(() => this.seal(() => true))
        .finally(() => {
          this.sealing = undefined;
        });
      await this.sealing;
    }
    return stored;
  }

  /** Writes the put rows that stay into a table and starts a new log. */
  private async seal(stays: (row: number) => boolean, bulk?: string): Promise<void> {
    const [name, log] = [this.folder.freshName('sealed'), await this.folder.freshLog()];
    await writeSegment(join(this.folder.dir, name), this.putRowsById.table, stays);
    await this.folder.commit({ sealed: [name], log, ...(bulk && { bulk }) });
    if (bulk) await this.loadBulk();
    await this.loadPut();
  }

  /** UpdateDataset: the same columns and new ones, which are null in all rows. */
  async replaceSchema(schema: DatasetSchema): Promise<void> {
    await this.log.exclusively(async () => {
      await this.folder.commit({ schema });
      const specs = entityColumnSpecs(schema);
      this.gathered.clear();
      this.bulkRows = this.keyed(this.bulkRows.table.withColumns(specs, this.dictionaryOf));
      this.putRowsById = this.keyed(this.putRowsById.table.withColumns(specs, this.dictionaryOf));
    });
  }

  /** Makes `table` (with dictionaries of its own, at most one row an id) the bulk data. */
  async replaceBulk(table: Table, keep: (row: number) => boolean, importedAt: number): Promise<void> {
    const name = this.folder.freshName('bulk');
    await writeSegment(join(this.folder.dir, name), table, keep);
    await this.folder.commit({ bulk: name, importedAt });
    await this.loadBulk();
  }

  async bulkCopy(dictionaryOf: DictionaryOf): Promise<Table | undefined> {
    if (!this.folder.bulkPath) return undefined;
    const table = await readSegment(this.folder.bulkPath, dictionaryOf);
    return table.withColumns(entityColumnSpecs(this.schema), dictionaryOf);
  }

  async deleteIds(ids: ReadonlySet<string>): Promise<void> {
    await this.log.exclusively(async () => {
      const stays = (table: Table) => {
        const codes = table.codes(this.idColumn);
        return (row: number) => !ids.has(this.ids.id(codes.at(row)));
      };
      const bulk = this.folder.bulkPath && this.folder.freshName('bulk');
      if (bulk) {
        const { table } = this.bulkRows;
        await writeSegment(join(this.folder.dir, bulk), table, stays(table));
      }
      await this.seal(stays(this.putRowsById.table), bulk);
    });
  }

  /** The row that counts for an id: the one that arrived last, a put before an import of the same moment. */
  private effective(code: number): { table: Table; row: number } | undefined {
    const [bulk, put] = [this.bulkRows.row(code), this.putRowsById.row(code)];
    if (put < 0) return bulk < 0 ? undefined : { table: this.bulkRows.table, row: bulk };
    const fromPut = { table: this.putRowsById.table, row: put };
    if (bulk < 0) return fromPut;
    const imported = this.bulkRows.table.numbers(RECEIVED).at(bulk);
    return fromPut.table.numbers(RECEIVED).at(put) >= imported
      ? fromPut
      : { table: this.bulkRows.table, row: bulk };
  }

  present(code: number): boolean {
    return this.bulkRows.row(code) >= 0 || this.putRowsById.row(code) >= 0;
  }

  firstSeenAt(code: number): number | undefined {
    const times = [this.bulkRows, this.putRowsById].flatMap((rows) => {
      const row = rows.row(code);
      return row < 0 ? [] : [rows.table.numbers(FIRST_SEEN).at(row)];
    });
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  value(code: number, column: string): CellValue {
    const found = this.effective(code);
    return found?.table.value(found.row, column);
  }

  /** Ids that have a row: first the bulk ones, then those that were only put. */
  *codes(origin: 'BULK' | 'PUT' | 'ALL' = 'ALL'): Generator<number> {
    if (origin !== 'PUT') yield* this.bulkRows.codes();
    if (origin === 'BULK') return;
    for (const code of this.putRowsById.codes()) {
      if (origin === 'PUT' || this.bulkRows.row(code) < 0) yield code;
    }
  }

  /** A cell of the row of one origin, or of the row that counts. */
  cell(code: number, column: string, origin: 'BULK' | 'PUT' | 'ALL'): CellValue {
    if (origin === 'ALL') return this.value(code, column);
    const rows = origin === 'BULK' ? this.bulkRows : this.putRowsById;
    return rows.row(code) < 0 ? undefined : rows.table.value(rows.row(code), column);
  }

  strings(column: string): StringColumn | undefined {
    const [bulk, put] = [this.bulkRows.table.column(column), this.putRowsById.table.column(column)];
    if (bulk?.kind !== 'dictionary' || put?.kind !== 'dictionary') return undefined;
    const { dictionary } = bulk;
    const codes = this.cached(column, () =>
      this.gather(new Int32Array(this.length).fill(-1), bulk.codes, put.codes),
    ) as Int32Array;
    return {
      codes,
      text: (code) => {
        const cell = codes[code] ?? -1;
        return cell < 0 ? undefined : dictionary.id(cell);
      },
      marks: (values) => dictionary.marks(values),
    };
  }

  numbers(column: string): NumberColumn | undefined {
    const [bulk, put] = [this.bulkRows.table.column(column), this.putRowsById.table.column(column)];
    if (bulk?.kind !== 'number' || put?.kind !== 'number') return undefined;
    const values = this.cached(column, () =>
      this.gather(new Float64Array(this.length).fill(Number.NaN), bulk.values, put.values),
    ) as Float64Array;
    return { values };
  }

  /** Filters ask for the same columns again and again; they change only with the rows. */
  private cached(column: string, make: () => Int32Array | Float64Array): Int32Array | Float64Array {
    const known = this.gathered.get(column);
    if (known) return known;
    const made = make();
    this.gathered.set(column, made);
    return made;
  }

  /** The cell that counts for each id, in the order of the id codes. */
  private gather<T extends Int32Array | Float64Array>(
    cells: T,
    bulk: { at(row: number): number },
    put: { at(row: number): number },
  ): T {
    const bulkIds = this.bulkRows.codes();
    for (let row = 0; row < bulkIds.length; row++) cells[bulkIds[row] as number] = bulk.at(row);
    const bulkReceived = this.bulkRows.table.numbers(RECEIVED);
    const putReceived = this.putRowsById.table.numbers(RECEIVED);
    const putIds = this.putRowsById.codes();
    for (let row = 0; row < putIds.length; row++) {
      const id = putIds[row] as number;
      const bulkRow = this.bulkRows.row(id);
      if (bulkRow < 0 || putReceived.at(row) >= bulkReceived.at(bulkRow)) cells[id] = put.at(row);
    }
    return cells;
  }

  async close(): Promise<void> {
    await this.log.close();
  }
}
