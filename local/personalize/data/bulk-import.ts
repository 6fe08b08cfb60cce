// FULL and INCREMENTAL import into a dataset. The rows go into a table with dictionaries of its own; only when all of it
// is read and on the disk does the dataset change, in one step. What was put one by one stays in either mode.
// Source: Amazon Personalize developer guide, "Importing data in bulk".
import { readCsvFiles } from './csv-import';
import { repeatedRows } from './duplicates';
import { type EntityDataset, entityColumnSpecs, FIRST_SEEN, RECEIVED } from './entity-dataset';
import type { InteractionDataset } from './interaction-dataset';
import { columnsOf, ownDictionaries, Table } from './table';
import type { CsvFile, ImportMode, ImportResult } from './types';
import { IntVector } from './vectors';

export function importDataset(
  dataset: InteractionDataset | EntityDataset,
  mode: ImportMode,
  files: readonly CsvFile[],
  now: () => number,
): Promise<ImportResult> {
  return 'idColumn' in dataset
    ? importEntities(dataset, mode, files, now)
    : importInteractions(dataset, mode, files, now);
}

async function importInteractions(
  dataset: InteractionDataset,
  mode: ImportMode,
  files: readonly CsvFile[],
  now: () => number,
): Promise<ImportResult> {
  const dictionaries = ownDictionaries();
  const existing = mode === 'INCREMENTAL' ? await dataset.bulkCopy(dictionaries) : undefined;
  const table = existing ?? Table.empty(columnsOf(dataset.schema), dictionaries);
  const result = await readCsvFiles(dataset.schema, files, table, () => undefined);
  const repeated = repeatedRows(table);
  await dataset.replaceBulk(table, (row) => repeated[row] === 0, now());
  return result;
}

/** The last row of an id replaces those before it. */
async function importEntities(
  dataset: EntityDataset,
  mode: ImportMode,
  files: readonly CsvFile[],
  now: () => number,
): Promise<ImportResult> {
  const dictionaries = ownDictionaries();
  const existing = mode === 'INCREMENTAL' ? await dataset.bulkCopy(dictionaries) : undefined;
  const table = existing ?? Table.empty(entityColumnSpecs(dataset.schema), dictionaries);
  const ids = table.codes(dataset.idColumn);
  const lastRow = new IntVector();
  for (let row = 0; row < table.rows; row++) lastRow.set(ids.at(row), row);
  const existingRows = table.rows;
  const result = await readCsvFiles(dataset.schema, files, table, (row) => {
    const id = ids.at(row);
    if (id >= 0) lastRow.set(id, row);
  });
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
