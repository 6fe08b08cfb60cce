// The filterValues of a request: `"comedy","drama"` (texts between double quotes, separated by commas) or `30` (numbers).
// Source: Amazon Personalize developer guide, "Applying a filter".
import { isNumber } from './checks';
import { unescapeText } from './tokens';
import { InvalidFilterValues } from './types';

const PART = /\s*(?:"((?:[^"\\]|\\.)*)"|([^",\s][^",]*))\s*(,|$)/y;

/** The values of a parameter; texts must be quoted when the column is a string. @throws InvalidFilterValues */
export function parseFilterValue(name: string, raw: string, column: string, isString: boolean): string[] {
  const values: string[] = [];
  let position = 0;
  for (;;) {
    PART.lastIndex = position;
    const match = PART.exec(raw);
    if (!match) throw malformed(name, raw);
    const [, quoted, bare, separator] = match;
    if (quoted === undefined && isString) throw malformed(name, raw);
    const value = quoted === undefined ? (bare ?? '').trim() : unescapeText(quoted);
    if (!isString && !isNumber(value)) {
      throw new InvalidFilterValues(
        `Filter value for parameter ${name} must be a number, because ${column} is one; it is ${raw}.`,
      );
    }
    values.push(value);
    position = PART.lastIndex;
    if (separator === '') return values;
  }
}

const malformed = (name: string, raw: string) =>
  new InvalidFilterValues(
    `Filter value for parameter ${name} must be texts in double quotes, separated by commas, for example "comedy","drama"; it is ${raw}.`,
  );
