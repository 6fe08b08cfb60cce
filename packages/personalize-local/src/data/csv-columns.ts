// Takes CSV cells into the columns of a table, checking each against its field's rules.
import { MAX_TIMESTAMP_SECONDS } from './limits';
import {
  MAX_CATEGORICAL_LENGTH,
  MAX_ID_LENGTH,
  MAX_IMPRESSION_LENGTH,
  MAX_TEXT_LENGTH,
} from './schema-rules';
import type { Cells } from './table';
import type { SchemaField } from './types';

/** Stores one cell in `row`. Returns what is wrong with it, undefined when nothing. */
export type CellReader = (row: number, text: string) => string | undefined;

const GUIDELINES = 'https://docs.aws.amazon.com/personalize/latest/dg/data-prep-formatting.html';
const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INT_MAX = 2 ** 31 - 1;

const tooLong = (limit: number, column: string) =>
  `Length cannot be more than ${limit} characters for ${column}. If no values exceed the character limit, make sure your data follows the formatting guidelines listed in ${GUIDELINES}.`;

function lengthLimit(field: SchemaField): number {
  if (/^(USER|ITEM|ACTION|RECOMMENDATION)_ID$/.test(field.name) || field.name === 'EVENT_TYPE') {
    return MAX_ID_LENGTH;
  }
  if (field.name === 'IMPRESSION') return MAX_IMPRESSION_LENGTH;
  return field.categorical ? MAX_CATEGORICAL_LENGTH : MAX_TEXT_LENGTH;
}

export function cellReader(field: SchemaField, cells: Cells): CellReader {
  const missing = `${field.name} is empty, and the schema does not let it be null.`;
  const { nullable } = field;
  if (cells.kind === 'number') {
    const { values } = cells;
    return (row, text) => {
      if (text === '') {
        values.set(row, Number.NaN);
        return nullable ? undefined : missing;
      }
      const value = parseNumber(field, text);
      if (typeof value === 'string') return value;
      values.set(row, value);
      return undefined;
    };
  }
  const limit = lengthLimit(field);
  if (cells.kind === 'text') {
    const { texts } = cells;
    return (row, text) => {
      if (text === '') {
        texts.set(row, undefined);
        return nullable ? undefined : missing;
      }
      if (text.length > limit && !field.textual) return tooLong(limit, field.name);
      texts.set(row, text.length > limit ? text.slice(0, limit) : text);
      return undefined;
    };
  }
  const { codes, dictionary } = cells;
  return (row, text) => {
    if (text === '') {
      codes.set(row, -1);
      return nullable ? undefined : missing;
    }
    const known = dictionary.code(text);
    if (known === undefined && text.length > limit) return tooLong(limit, field.name);
    codes.set(row, known ?? dictionary.add(text));
    return undefined;
  };
}

/** The number, or what is wrong with the text. */
function parseNumber(field: SchemaField, text: string): number | string {
  const { name, type } = field;
  if (type === 'boolean') {
    const lower = text.toLowerCase();
    if (lower === 'true' || lower === 'false') return lower === 'true' ? 1 : 0;
    return `${name} must be true or false, not "${excerpt(text)}".`;
  }
  if (type === 'float' || type === 'double') {
    return DECIMAL.test(text) ? Number(text) : `${name} must be a number (${type}), not "${excerpt(text)}".`;
  }
  const value = Number(text);
  const fits = type === 'int' ? Math.abs(value) <= INT_MAX + 1 : Number.isSafeInteger(value);
  if (!WHOLE.test(text) || !fits) {
    return `${name} must be a whole number (${type}), not "${excerpt(text)}".`;
  }
  if (name.endsWith('TIMESTAMP') && value > MAX_TIMESTAMP_SECONDS) {
    return `${name} must be in seconds since 1970; ${text} looks like milliseconds.`;
  }
  return value;
}

const excerpt = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
