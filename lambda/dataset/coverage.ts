// Whether the schema that a dataset has already serves for another one.
import { isDeepStrictEqual } from 'node:util';

interface Field {
  readonly name: string;
  readonly type: string | readonly string[];
}

const fieldsOf = (schema: string): readonly Field[] =>
  (JSON.parse(schema) as { readonly fields: readonly Field[] }).fields;

const acceptsNull = ({ type }: Field): boolean => [type].flat().includes('null');

/**
 * Every field of the wanted schema is there just so, and the others accept null: records that fit the wanted schema fit.
 *
 * @param current of the dataset, as JSON
 * @param wanted as JSON
 */
export function covers(current: string, wanted: string): boolean {
  const missing = new Map(fieldsOf(wanted).map((field) => [field.name, field]));
  for (const field of fieldsOf(current)) {
    const same = missing.get(field.name);
    if (same ? !isDeepStrictEqual(same, field) : !acceptsNull(field)) return false;
    missing.delete(field.name);
  }
  return missing.size === 0;
}
