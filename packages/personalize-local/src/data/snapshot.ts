// What a training gets to see: dense numbers for users and items, the interactions that pass the solution's event filter,
// and the metadata columns that it may use.
import {
  DATASET_RULES,
  type DatasetType,
  type SchemaField,
} from '@emotion-gallery/personalize-rules/schemas';
import type { Column, DataSnapshot, EntityTable, InteractionTable } from '../model/recipe';
import type { EntityDataset } from './entity-dataset';
import type { InteractionDataset } from './interaction-dataset';
import { type TrainingRows, trainingRows } from './interaction-rows';
import type { Cells } from './table';
import type { TrainingSelection } from './types';
import type { IdDictionary } from './views';

export interface SnapshotSources {
  readonly interactions?: InteractionDataset;
  readonly actionInteractions?: InteractionDataset;
  readonly items?: EntityDataset;
  readonly users?: EntityDataset;
  readonly actions?: EntityDataset;
  readonly userIds: IdDictionary;
  readonly itemIds: IdDictionary;
  readonly actionIds: IdDictionary;
}

/** Codes that occur, numbered without gaps. */
interface Numbering {
  readonly codes: readonly number[];
  /** Number by code, -1 for a code that does not occur. */
  readonly numberOf: Int32Array;
}

export function takeSnapshot(sources: SnapshotSources, selection: TrainingSelection): DataSnapshot {
  const { interactions, actionInteractions } = sources;
  const training = interactions && trainingRows(interactions, selection);
  const actionTraining = actionInteractions && trainingRows(actionInteractions, selection);
  const users = numbering(sources.userIds.size, sources.users, [
    training?.table.codes('USER_ID').view(),
    actionTraining?.table.codes('USER_ID').view(),
  ]);
  const items = numbering(sources.itemIds.size, sources.items, [training?.table.codes('ITEM_ID').view()]);
  const usesColumn = columnTest(selection);
  return {
    users: entityTable(sources.userIds, users, sources.users, usesColumn),
    items: entityTable(sources.itemIds, items, sources.items, usesColumn),
    interactions: interactionTable(interactions, training, users, items, usesColumn),
    itemCreatedAt: creationTimes(items, sources.items, training),
    ...actionParts(sources, actionTraining, users, usesColumn),
  };
}

function actionParts(
  sources: SnapshotSources,
  training: TrainingRows | undefined,
  users: Numbering,
  usesColumn: ColumnTest,
): Pick<DataSnapshot, 'actions' | 'actionInteractions'> {
  if (!sources.actions && !sources.actionInteractions) return {};
  const actions = numbering(sources.actionIds.size, sources.actions, [
    training?.table.codes('ACTION_ID').view(),
  ]);
  return {
    actions: entityTable(sources.actionIds, actions, sources.actions, usesColumn),
    actionInteractions: interactionTable(sources.actionInteractions, training, users, actions, usesColumn),
  };
}

function numbering(
  size: number,
  dataset: EntityDataset | undefined,
  occurrences: ReadonlyArray<Int32Array | undefined>,
): Numbering {
  const occurs = new Uint8Array(size);
  for (const codes of occurrences) for (const code of codes ?? []) occurs[code] = 1;
  for (const code of dataset?.codes() ?? []) occurs[code] = 1;
  const numberOf = new Int32Array(size).fill(-1);
  const codes: number[] = [];
  for (let code = 0; code < size; code++) {
    if (occurs[code] === 0) continue;
    numberOf[code] = codes.length;
    codes.push(code);
  }
  return { codes, numberOf };
}

type ColumnTest = (type: DatasetType, column: string) => boolean;

function columnTest(selection: TrainingSelection): ColumnTest {
  return (type, column) => {
    const included = selection.includedColumns?.[type];
    if (included && !included.includes(column)) return false;
    return !selection.excludedColumns?.[type]?.includes(column);
  };
}

/** Plain strings and booleans are not trained on, the dataset's own columns (ids, times, event columns) not as metadata. */
function trainableFields(
  type: DatasetType,
  fields: readonly SchemaField[],
  usesColumn: ColumnTest,
): SchemaField[] {
  const { required, reserved } = DATASET_RULES[type];
  const special =
    type === 'ACTIONS'
      ? ['ACTION_ID', 'CREATION_TIMESTAMP']
      : [...required, ...reserved].map((rule) => rule.name);
  return fields.filter(
    (field) =>
      !special.includes(field.name) &&
      field.type !== 'boolean' &&
      (field.type !== 'string' || field.categorical || field.textual) &&
      usesColumn(type, field.name),
  );
}

function entityTable(
  ids: IdDictionary,
  numbers: Numbering,
  dataset: EntityDataset | undefined,
  usesColumn: ColumnTest,
): EntityTable {
  const { codes } = numbers;
  const fields = dataset ? trainableFields(dataset.schema.type, dataset.schema.fields, usesColumn) : [];
  return {
    ids: codes.map((code) => ids.id(code)),
    columns: fields.map((field) => entityColumn(dataset as EntityDataset, field.name, codes)),
  };
}

function entityColumn(dataset: EntityDataset, name: string, codes: readonly number[]): Column {
  const numbers = dataset.numbers(name);
  if (numbers)
    return {
      kind: 'numeric',
      name,
      values: Float64Array.from(codes, (code) => numbers.values[code] as number),
    };
  const strings = dataset.strings(name);
  if (strings)
    return categorical(
      name,
      codes.length,
      // Ids that only interactions name can lie beyond the dataset's last row.
      (index) => strings.codes[codes[index] as number] ?? -1,
      (index) => strings.text(codes[index] as number) as string,
    );
  const values = codes.map((code) => dataset.value(code, name) as string | undefined);
  return { kind: 'textual', name, values };
}

/** Renumbers the dictionary codes so that only values that occur are listed. */
function categorical(
  name: string,
  length: number,
  codeAt: (index: number) => number,
  textAt: (index: number) => string,
): Column {
  const renumbered = new Map<number, number>();
  const values: string[] = [];
  const codes = new Int32Array(length).fill(-1);
  for (let index = 0; index < length; index++) {
    const code = codeAt(index);
    if (code < 0) continue;
    let number = renumbered.get(code);
    if (number === undefined) {
      number = values.length;
      renumbered.set(code, number);
      values.push(textAt(index));
    }
    codes[index] = number;
  }
  return { kind: 'categorical', name, values, codes };
}

function interactionTable(
  dataset: InteractionDataset | undefined,
  training: TrainingRows | undefined,
  users: Numbering,
  targets: Numbering,
  usesColumn: ColumnTest,
): InteractionTable {
  if (!dataset || !training) {
    const none = new Int32Array(0);
    const nothing = new Float64Array(0);
    return {
      user: none,
      item: none,
      timestamp: nothing,
      eventType: none,
      eventTypes: [],
      value: nothing,
      columns: [],
    };
  }
  const { table, rows } = training;
  const userCodes = table.codes('USER_ID');
  const targetCodes = table.codes(dataset.targetColumn);
  const timestamps = table.numbers('TIMESTAMP');
  const types = rowColumn(table.column('EVENT_TYPE'), rows);
  const values = rowColumn(table.column('EVENT_VALUE'), rows);
  const fields = trainableFields(dataset.schema.type, dataset.schema.fields, usesColumn);
  return {
    user: Int32Array.from(rows, (row) => users.numberOf[userCodes.at(row)] as number),
    item: Int32Array.from(rows, (row) => targets.numberOf[targetCodes.at(row)] as number),
    timestamp: Float64Array.from(rows, (row) => timestamps.at(row)),
    eventType: types?.kind === 'categorical' ? types.codes : new Int32Array(rows.length).fill(-1),
    eventTypes: types?.kind === 'categorical' ? types.values : [],
    value: values?.kind === 'numeric' ? values.values : new Float64Array(rows.length).fill(Number.NaN),
    columns: fields.flatMap((field) => rowColumn(table.column(field.name), rows) ?? []),
  };
}

function rowColumn(cells: Cells | undefined, rows: Int32Array): Column | undefined {
  if (cells?.kind === 'number') {
    return {
      kind: 'numeric',
      name: cells.name,
      values: Float64Array.from(rows, (row) => cells.values.at(row)),
    };
  }
  if (cells?.kind !== 'dictionary') return undefined;
  const { name, codes, dictionary } = cells;
  const codeAt = (index: number) => codes.at(rows[index] as number);
  return categorical(name, rows.length, codeAt, (index) => dictionary.id(codeAt(index)));
}

/**
 * CREATION_TIMESTAMP in seconds; where it is missing the item's oldest interaction, and without interactions the newest
 * one of the training: such an item counts as new. Source: developer guide, "Items dataset".
 */
function creationTimes(
  items: Numbering,
  dataset: EntityDataset | undefined,
  training: TrainingRows | undefined,
): Float64Array {
  const oldest = new Float64Array(items.codes.length).fill(Number.POSITIVE_INFINITY);
  let newest = 0;
  if (training) {
    const codes = training.table.codes('ITEM_ID');
    const timestamps = training.table.numbers('TIMESTAMP');
    for (let row = 0; row < training.table.rows; row++) {
      const item = items.numberOf[codes.at(row)] as number;
      oldest[item] = Math.min(oldest[item] as number, timestamps.at(row));
    }
    for (const row of training.rows) newest = Math.max(newest, timestamps.at(row));
  }
  const declared = dataset?.numbers('CREATION_TIMESTAMP');
  return oldest.map((time, item) => {
    const created = declared?.values[items.codes[item] as number] ?? Number.NaN;
    if (!Number.isNaN(created)) return created;
    return Number.isFinite(time) ? time : newest;
  });
}
