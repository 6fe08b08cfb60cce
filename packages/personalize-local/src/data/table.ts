// Rows of a dataset as columns: strings by dictionary code, numbers as doubles, long texts as bytes.
import type { DatasetSchema, SchemaField } from '@emotion-gallery/personalize-rules/schemas';
import { Dictionary } from './dictionary';
import { FloatVector, IntVector, TextVector } from './vectors';

export type CellValue = string | number | undefined;

export type ColumnKind = 'dictionary' | 'number' | 'text';

export interface ColumnSpec {
  readonly name: string;
  readonly kind: ColumnKind;
}

export interface DictionaryCells {
  readonly kind: 'dictionary';
  readonly name: string;
  readonly codes: IntVector;
  readonly dictionary: Dictionary;
}

export interface NumberCells {
  readonly kind: 'number';
  readonly name: string;
  readonly values: FloatVector;
}

export interface TextCells {
  readonly kind: 'text';
  readonly name: string;
  readonly texts: TextVector;
}

export type Cells = DictionaryCells | NumberCells | TextCells;

/** Where the dictionaries of a dataset live: the ids are shared by the whole group, the rest by the dataset's tables. */
export type DictionaryOf = (column: string) => Dictionary;

/** Nearly every row has its own text here, so a dictionary would only cost. */
const OWN_TEXTS: ReadonlySet<string> = new Set([
  'IMPRESSION',
  'RECOMMENDATION_ID',
  'EVENT_ATTRIBUTION_SOURCE',
]);

const columnKind = (field: SchemaField): ColumnKind => {
  if (field.type !== 'string') return 'number';
  return field.textual || OWN_TEXTS.has(field.name) ? 'text' : 'dictionary';
};

/** A boolean is stored as 0 or 1. */
export const columnsOf = (schema: DatasetSchema): ColumnSpec[] =>
  schema.fields.map((field) => ({ name: field.name, kind: columnKind(field) }));

/** Dictionaries made on demand, one a column. */
export function ownDictionaries(): DictionaryOf {
  const dictionaries = new Map<string, Dictionary>();
  return (column) => {
    const known = dictionaries.get(column) ?? new Dictionary();
    dictionaries.set(column, known);
    return known;
  };
}

export function makeCells(spec: ColumnSpec, dictionaryOf: DictionaryOf): Cells {
  const { name, kind } = spec;
  if (kind === 'number') return { kind, name, values: new FloatVector() };
  if (kind === 'text') return { kind, name, texts: new TextVector() };
  return { kind, name, codes: new IntVector(), dictionary: dictionaryOf(name) };
}

export function setCell(cells: Cells, row: number, value: CellValue): void {
  if (cells.kind === 'number') cells.values.set(row, typeof value === 'number' ? value : Number.NaN);
  else if (cells.kind === 'text') cells.texts.set(row, value === undefined ? undefined : String(value));
  else cells.codes.set(row, value === undefined ? -1 : cells.dictionary.add(String(value)));
}

export function cellValue(cells: Cells, row: number): CellValue {
  if (cells.kind === 'text') return cells.texts.at(row);
  if (cells.kind === 'number') {
    const value = cells.values.at(row);
    return Number.isNaN(value) ? undefined : value;
  }
  const code = cells.codes.at(row);
  return code < 0 ? undefined : cells.dictionary.id(code);
}

export class Table {
  readonly columns: readonly Cells[];
  private readonly byName: ReadonlyMap<string, Cells>;
  private count: number;

  constructor(columns: readonly Cells[], rows = 0) {
    this.columns = columns;
    this.byName = new Map(columns.map((column) => [column.name, column]));
    this.count = rows;
  }

  static empty(specs: readonly ColumnSpec[], dictionaryOf: DictionaryOf): Table {
    return new Table(specs.map((spec) => makeCells(spec, dictionaryOf)));
  }

  get rows(): number {
    return this.count;
  }

  column(name: string): Cells | undefined {
    return this.byName.get(name);
  }

  /** The codes of a string column. @throws RangeError when there is no such column */
  codes(name: string): IntVector {
    const cells = this.byName.get(name);
    if (cells?.kind !== 'dictionary') throw new RangeError(`${name} is not a dictionary column`);
    return cells.codes;
  }

  /** The cells of a number column. @throws RangeError when there is no such column */
  numbers(name: string): FloatVector {
    const cells = this.byName.get(name);
    if (cells?.kind !== 'number') throw new RangeError(`${name} is not a number column`);
    return cells.values;
  }

  /** Appends a row of values in the order of `columns`. Returns its number. */
  append(values: readonly CellValue[]): number {
    const row = this.count++;
    for (let i = 0; i < this.columns.length; i++) setCell(this.columns[i] as Cells, row, values[i]);
    return row;
  }

  /** Starts a row whose cells the caller sets column by column; `padTo` fills those that were not. Returns its number. */
  reserveRow(): number {
    return this.count++;
  }

  /** Makes every column as long as the table; missing cells are null. */
  padTo(rows: number): void {
    for (const cells of this.columns) {
      const vector =
        cells.kind === 'number' ? cells.values : cells.kind === 'text' ? cells.texts : cells.codes;
      if (vector.length < rows) setCell(cells, rows - 1, undefined);
    }
  }

  /** Writes the named cells of an existing row or of the next one; cells that are not named become null. */
  write(row: number, values: Readonly<Record<string, CellValue>>): void {
    for (const cells of this.columns) setCell(cells, row, values[cells.name]);
    if (row === this.count) this.count++;
  }

  /** Appends the rows of a table with the same columns and dictionaries; columns that it lacks are null. */
  appendTable(other: Table): void {
    for (const cells of this.columns) {
      const source = other.column(cells.name);
      if (cells.kind === 'number' && source?.kind === 'number') cells.values.append(source.values.view());
      if (cells.kind === 'text' && source?.kind === 'text') cells.texts.append(source.texts);
      if (cells.kind === 'dictionary' && source?.kind === 'dictionary') {
        cells.codes.append(source.codes.view());
      }
    }
    this.padTo(this.count + other.rows);
    this.count += other.rows;
  }

  value(row: number, name: string): CellValue {
    const cells = this.byName.get(name);
    return cells === undefined ? undefined : cellValue(cells, row);
  }

  record(row: number): Record<string, CellValue> {
    return Object.fromEntries(this.columns.map((cells) => [cells.name, cellValue(cells, row)]));
  }

  /** The same rows with these columns: missing ones are null, others are left out. */
  withColumns(specs: readonly ColumnSpec[], dictionaryOf: DictionaryOf): Table {
    const columns = specs.map((spec) => {
      const known = this.byName.get(spec.name);
      if (known) return known;
      const cells = makeCells(spec, dictionaryOf);
      if (this.count > 0) setCell(cells, this.count - 1, undefined);
      return cells;
    });
    // Cells before the last are filled with null by the vectors, texts excepted: their bounds are -1 as well.
    return new Table(columns, this.count);
  }
}
