// Bulk and put interactions as one table, with the users of anonymous events filled in; and the rows that a training uses.
import type { TrainingCounts } from '@emotion-gallery/personalize-rules/limits';
import { repeatedRows } from './duplicates';
import type { InteractionDataset } from './interaction-dataset';
import { type Cells, Table } from './table';
import type { IngestionMode, TrainingSelection } from './types';
import { FloatVector, IntVector, TextVector } from './vectors';

/** Without the events of visitors who never said who they are. */
export function combinedInteractions(dataset: InteractionDataset, mode: IngestionMode = 'ALL'): Table {
  const putRows: number[] = [];
  if (mode !== 'BULK') {
    for (let row = 0; row < dataset.put.rows; row++) if (dataset.putUser(row) >= 0) putRows.push(row);
  }
  const bulkRows = mode === 'PUT' ? 0 : dataset.bulk.rows;
  const columns = dataset.schema.fields.map(({ name }) =>
    joined(dataset.bulk.column(name) as Cells, dataset.put.column(name) as Cells, bulkRows, putRows),
  );
  const table = new Table(columns, bulkRows + putRows.length);
  const users = table.codes('USER_ID');
  putRows.forEach((row, index) => {
    users.set(bulkRows + index, dataset.putUser(row));
  });
  return table;
}

function joined(bulk: Cells, put: Cells, bulkRows: number, putRows: readonly number[]): Cells {
  const rows = bulkRows + putRows.length;
  const { name } = bulk;
  if (bulk.kind === 'dictionary' && put.kind === 'dictionary') {
    const codes = new Int32Array(rows);
    codes.set(bulk.codes.view().subarray(0, bulkRows));
    putRows.forEach((row, index) => {
      codes[bulkRows + index] = put.codes.at(row);
    });
    return { kind: 'dictionary', name, codes: new IntVector(codes), dictionary: bulk.dictionary };
  }
  if (bulk.kind === 'number' && put.kind === 'number') {
    const values = new Float64Array(rows);
    values.set(bulk.values.view().subarray(0, bulkRows));
    putRows.forEach((row, index) => {
      values[bulkRows + index] = put.values.at(row);
    });
    return { kind: 'number', name, values: new FloatVector(values) };
  }
  if (bulk.kind === 'text' && put.kind === 'text') {
    if (putRows.length === 0 && bulkRows > 0) return bulk;
    const texts = new TextVector();
    for (let row = 0; row < bulkRows; row++) texts.push(bulk.texts.at(row));
    for (const row of putRows) texts.push(put.texts.at(row));
    return { kind: 'text', name, texts };
  }
  throw new RangeError(`Column ${name} is not of the same kind in both tables`);
}

/** Distinct event types that occur; none where the schema has no EVENT_TYPE. */
export function eventTypesOf({ bulk, put }: InteractionDataset): string[] {
  const found = new Set<string>();
  for (const table of [bulk, put]) {
    const types = table.column('EVENT_TYPE');
    if (types?.kind !== 'dictionary') continue;
    for (const code of new Set(types.codes.view())) if (code >= 0) found.add(types.dictionary.id(code));
  }
  return [...found];
}

export interface TrainingRows {
  readonly table: Table;
  /** Rows that the training uses: without repeats, after event filtering. */
  readonly rows: Int32Array;
}

export function trainingRows(dataset: InteractionDataset, selection: TrainingSelection): TrainingRows {
  const table = combinedInteractions(dataset);
  const repeated = repeatedRows(table);
  const passes = eventFilter(table, selection);
  const rows = new Int32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row++) {
    if (repeated[row] === 0 && passes(row)) rows[count++] = row;
  }
  return { table, rows: rows.subarray(0, count) };
}

/** An event without a value does not reach a threshold. Source: API reference, SolutionConfig and EventParameters. */
function eventFilter(table: Table, selection: TrainingSelection): (row: number) => boolean {
  const events = selection.events?.length
    ? selection.events
    : selection.eventType === undefined
      ? undefined
      : [{ eventType: selection.eventType, eventValueThreshold: selection.eventValueThreshold }];
  const types = table.column('EVENT_TYPE');
  if (events === undefined || types?.kind !== 'dictionary') return () => true;
  const thresholds = new Map<number, number | undefined>();
  for (const { eventType, eventValueThreshold } of events) {
    const code = types.dictionary.code(eventType);
    if (code !== undefined) thresholds.set(code, eventValueThreshold);
  }
  const values = table.column('EVENT_VALUE');
  return (row) => {
    const code = types.codes.at(row);
    if (!thresholds.has(code)) return false;
    const threshold = thresholds.get(code);
    return threshold === undefined || (values?.kind === 'number' && values.values.at(row) >= threshold);
  };
}

export function countTraining({ table, rows }: TrainingRows): TrainingCounts {
  const users = table.codes('USER_ID');
  const events = new Map<number, number>();
  for (const row of rows) events.set(users.at(row), (events.get(users.at(row)) ?? 0) + 1);
  let usersWithTwo = 0;
  for (const count of events.values()) if (count >= 2) usersWithTwo++;
  return { interactions: rows.length, users: events.size, usersWithTwo };
}
