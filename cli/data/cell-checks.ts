// What Amazon Personalize would say of the cells of a file's columns: by a schema that is given, otherwise by its rules for the
// columns that it knows by name.
import { numberCell, textCell } from '@emotion-gallery/personalize-rules/csv';
import type { DatasetSchema, SchemaField } from '@emotion-gallery/personalize-rules/schemas';
import { propertyName } from '@emotion-gallery/personalize-rules/schemas';
import { type Kind, knownColumns } from './kinds';

/** What is wrong with a cell; undefined when nothing. */
export type CellCheck = (text: string) => string | undefined;

function knownField(kind: Kind, column: string): SchemaField | undefined {
  const rule = knownColumns(kind).find(({ name }) => name === column);
  const [type] = rule?.types ?? [];
  if (!rule || !type) return undefined;
  const { name, nullable } = rule;
  return {
    name,
    property: propertyName(name),
    type,
    nullable,
    categorical: false,
    textual: false,
    itemName: false,
  };
}

export function cellCheck(kind: Kind, column: string, schema: DatasetSchema | undefined): CellCheck {
  const field = schema ? schema.fields.find(({ name }) => name === column) : knownField(kind, column);
  if (!field) return () => undefined;
  const read = field.type === 'string' ? textCell(field) : numberCell(field);
  return (text) => {
    const cell = read(text);
    return typeof cell === 'object' ? cell.problem : undefined;
  };
}
