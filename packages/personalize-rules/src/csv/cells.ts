// Checks CSV cells against their field's rules.
// Source: Amazon Personalize developer guide, "Preparing training data" and "Error messages".
import { MAX_TIMESTAMP_SECONDS } from '../limits/data';
import {
  MAX_CATEGORICAL_LENGTH,
  MAX_ID_LENGTH,
  MAX_IMPRESSION_LENGTH,
  MAX_TEXT_LENGTH,
} from '../schemas/schema-rules';
import type { SchemaField } from '../schemas/types';

const GUIDELINES = 'https://docs.aws.amazon.com/personalize/latest/dg/data-prep-formatting.html';
const WHOLE = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const INT_MAX = 2 ** 31 - 1;

const tooLong = (limit: number, column: string) =>
  `Length cannot be more than ${limit} characters for ${column}. If no values exceed the character limit, make sure your data follows the formatting guidelines listed in ${GUIDELINES}.`;

const missing = (column: string) => `${column} is empty, and the schema does not let it be null.`;

function lengthLimit(field: SchemaField): number {
  if (/^(USER|ITEM|ACTION|RECOMMENDATION)_ID$/.test(field.name) || field.name === 'EVENT_TYPE') {
    return MAX_ID_LENGTH;
  }
  if (field.name === 'IMPRESSION') return MAX_IMPRESSION_LENGTH;
  return field.categorical ? MAX_CATEGORICAL_LENGTH : MAX_TEXT_LENGTH;
}

/** Reads the cells of a string column: the text, cut where it may be cut, undefined for null; or what is wrong with it. */
export function textCell(
  field: SchemaField,
): (text: string) => { readonly problem: string } | string | undefined {
  const limit = lengthLimit(field);
  const empty = field.nullable ? undefined : { problem: missing(field.name) };
  return (text) => {
    if (text === '') return empty;
    if (text.length <= limit) return text;
    return field.textual ? text.slice(0, limit) : { problem: tooLong(limit, field.name) };
  };
}

/** Reads the cells of a number or boolean column (1 and 0): NaN for null; or what is wrong with it. */
export function numberCell(field: SchemaField): (text: string) => { readonly problem: string } | number {
  const empty = field.nullable ? Number.NaN : { problem: missing(field.name) };
  return (text) => (text === '' ? empty : parseNumber(field, text));
}

function parseNumber({ name, type }: SchemaField, text: string): { readonly problem: string } | number {
  const no = (expected: string) => ({ problem: `${name} must be ${expected}, not "${excerpt(text)}".` });
  if (type === 'boolean') {
    const lower = text.toLowerCase();
    return lower === 'true' || lower === 'false' ? Number(lower === 'true') : no('true or false');
  }
  if (type === 'float' || type === 'double') {
    return DECIMAL.test(text) ? Number(text) : no(`a number (${type})`);
  }
  const value = Number(text);
  const fits = type === 'int' ? Math.abs(value) <= INT_MAX + 1 : Number.isSafeInteger(value);
  if (!WHOLE.test(text) || !fits) return no(`a whole number (${type})`);
  if (name.endsWith('TIMESTAMP') && value > MAX_TIMESTAMP_SECONDS) {
    return { problem: `${name} must be in seconds since 1970; ${text} looks like milliseconds.` };
  }
  return value;
}

const excerpt = (text: string) => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
