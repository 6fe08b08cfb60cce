// Datasets as CSV text, in the format that an import reads: text is quoted only where it must be, with `\` before quotes
// and backslashes.

import type { DatasetSchema, SchemaField } from '@emotion-gallery/personalize-rules/schemas';
import { repeatedRows } from './duplicates';
import type { EntityDataset } from './entity-dataset';
import type { InteractionDataset } from './interaction-dataset';
import { combinedInteractions } from './interaction-rows';
import type { CellValue } from './table';
import type { IngestionMode } from './types';

const CHUNK_ROWS = 1000;

function cellText(field: SchemaField, value: CellValue): string {
  if (value === undefined) return '';
  if (field.type === 'boolean') return value === 1 ? 'true' : 'false';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll(/[\\"]/g, '\\$&')}"` : text;
}

function* csvChunks(schema: DatasetSchema, rows: Iterable<(name: string) => CellValue>): Generator<string> {
  let chunk = `${schema.fields.map((field) => field.name).join(',')}\n`;
  let count = 0;
  for (const value of rows) {
    chunk += `${schema.fields.map((field) => cellText(field, value(field.name))).join(',')}\n`;
    if (++count % CHUNK_ROWS === 0) {
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}

/** Of an id's rows, ALL has the one that arrived last. */
export function exportEntities(dataset: EntityDataset, mode: IngestionMode): Iterable<string> {
  function* rows() {
    for (const code of dataset.codes(mode)) yield (name: string) => dataset.cell(code, name, mode);
  }
  return csvChunks(dataset.schema, rows());
}

/** Repeated interactions are left out, and so are anonymous events: a row needs a user. */
export function exportInteractions(dataset: InteractionDataset, mode: IngestionMode): Iterable<string> {
  const table = combinedInteractions(dataset, mode);
  const repeated = repeatedRows(table);
  function* rows() {
    for (let row = 0; row < table.rows; row++) {
      if (repeated[row] === 0) yield (name: string) => table.value(row, name);
    }
  }
  return csvChunks(dataset.schema, rows());
}
