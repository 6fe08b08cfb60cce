// FULL and INCREMENTAL import into a dataset. The rows go into a table with dictionaries of its own; only when all of it
// is read and on the disk does the dataset change, in one step. What was put one by one stays in either mode.
// Source: Amazon Personalize developer guide, "Importing data in bulk".
import { type CsvFile, type ImportResult, readCsvFiles } from '@emotion-gallery/personalize-rules/csv';
import { tableSink } from './csv-columns';
import { repeatedRows } from './duplicates';
import { type EntityDataset, entityColumnSpecs, FIRST_SEEN, RECEIVED } from './entity-dataset';
import type { InteractionDataset } from './interaction-dataset';
import { columnsOf, ownDictionaries, Table } from './table';
import type { ImportedInteraction, ImportMode } from './types';
import { IntVector } from './vectors';

export interface Import {
  readonly mode: ImportMode;
  readonly files: readonly CsvFile[];
  readonly now: () => number;
  readonly visit?: (interaction: ImportedInteraction) => void;
}

export function importDataset(
  dataset: InteractionDataset | EntityDataset,
  job: Import,
): Promise<ImportResult> {
  return 'idColumn' in dataset ? importEntities(dataset, job) : importInteractions(dataset, job);
}

async function importInteractions(
  dataset: InteractionDataset,
  { mode, files, now, visit }: Import,
): Promise<ImportResult> {
  const dictionaries = ownDictionaries();
  const existing = mode === 'INCREMENTAL' ? await dataset.bulkCopy(dictionaries) : undefined;
  const table = existing ?? Table.empty(columnsOf(dataset.schema), dictionaries);
  const existingRows = table.rows;
  const result = await readCsvFiles(dataset.schema, files, tableSink(table));
  table.padTo(table.rows);
  const repeated = repeatedRows(table);
  await dataset.replaceBulk(table, (row) => repeated[row] === 0, now());
  if (visit && dataset.schema.type === 'INTERACTIONS') {
    for (let row = existingRows; row < table.rows; row++) {
      const interaction = repeated[row] === 0 ? interactionAt(table, row) : undefined;
      if (interaction) visit(interaction);
    }
  }
  return result;
}

function interactionAt(table: Table, row: number): ImportedInteraction | undefined {
  const text = (column: string) => table.value(row, column) as string | undefined;
  const eventType = text('EVENT_TYPE');
  if (eventType === undefined) return undefined;
  return {
    itemId: text('ITEM_ID') as string,
    eventType,
    timestamp: table.value(row, 'TIMESTAMP') as number,
    eventValue: table.value(row, 'EVENT_VALUE') as number | undefined,
    recommendationId: text('RECOMMENDATION_ID'),
    eventAttributionSource: text('EVENT_ATTRIBUTION_SOURCE'),
  };
}

/** The last row of an id replaces those before it. */
async function importEntities(dataset: EntityDataset, { mode, files, now }: Import): Promise<ImportResult> {
  const dictionaries = ownDictionaries();
  const existing = mode === 'INCREMENTAL' ? await dataset.bulkCopy(dictionaries) : undefined;
  const table = existing ?? Table.empty(entityColumnSpecs(dataset.schema), dictionaries);
  const ids = table.codes(dataset.idColumn);
  const lastRow = new IntVector();
  for (let row = 0; row < table.rows; row++) lastRow.set(ids.at(row), row);
  const existingRows = table.rows;
  const result = await readCsvFiles(
    dataset.schema,
    files,
    tableSink(table, (row) => {
      const id = ids.at(row);
      if (id >= 0) lastRow.set(id, row);
    }),
  );
  table.padTo(table.rows);
  const importedAt = now();
  const idTexts = dictionaries(dataset.idColumn);
  for (let row = existingRows; row < table.rows; row++) {
    const known = dataset.ids.code(idTexts.id(ids.at(row)));
    table.numbers(RECEIVED).set(row, importedAt);
    table.numbers(FIRST_SEEN).set(row, (known !== undefined && dataset.firstSeenAt(known)) || importedAt);
  }
  await dataset.replaceBulk(table, (row) => lastRow.at(ids.at(row)) === row, importedAt);
  return result;
}
