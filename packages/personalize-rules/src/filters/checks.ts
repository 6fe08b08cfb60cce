// Binds the fields of parsed expressions to the columns of the schemas, and checks what the grammar alone cannot.
// Source: Amazon Personalize developer guide, "Filter expression guidelines and requirements".
import type { DatasetType, SchemaField } from '../schemas/types';
import type { Condition, Expression, FieldRef, Operand } from './ast';
import { invalidExpression } from './tokens';
import { type FilterSchemas, type FilterTarget, InvalidFilter } from './types';

const MAX_FIELDS = 10;
/** Which datasets may decide about which ids. */
const ALLOWED: Readonly<Record<FilterTarget, readonly DatasetType[]>> = {
  ITEM: ['ITEMS', 'INTERACTIONS'],
  USER: ['USERS', 'INTERACTIONS'],
  ACTION: ['ACTIONS', 'ACTION_INTERACTIONS'],
};
const TARGET_WORD: Readonly<Record<FilterTarget, string>> = {
  ITEM: 'ItemID',
  USER: 'UserID',
  ACTION: 'ActionID',
};
/** The service itself excludes actions by these. */
const RESERVED_ACTION_COLUMNS = ['ACTION_EXPIRATION_TIMESTAMP', 'EXPIRATION_TIMESTAMP', 'REPEAT_FREQUENCY'];

/** What the fields of a filter are called in its dataset, and of which kind they are. */
export interface BoundFields {
  /** `ITEMS.GENRE` … */
  readonly names: readonly string[];
  bind(field: FieldRef): SchemaField;
}

const datasetOf = (field: FieldRef): DatasetType => {
  if (field.source === 'CURRENT_USER') return 'USERS';
  return field.source === 'CURRENT_ITEM' ? 'ITEMS' : field.source;
};

/** @throws InvalidFilter */
export function checkFilter(expressions: readonly Expression[], schemas: FilterSchemas): BoundFields {
  const names = new Set<string>();
  const bound = new Map<FieldRef, SchemaField>();
  const bind = (field: FieldRef): SchemaField => {
    const known = bound.get(field);
    if (known) return known;
    const column = schemaField(field, schemas);
    bound.set(field, column);
    names.add(`${datasetOf(field)}.${column.name}`);
    return column;
  };
  const target = expressions[0]?.target;
  for (const expression of expressions) {
    if (expression.target !== target) {
      throw invalidExpression(
        expression.at,
        'all expressions of a filter must be about the same kind of id.',
      );
    }
    checkExpression(expression, bind);
  }
  if (names.size > MAX_FIELDS) {
    throw new InvalidFilter(
      `Could not create filter. Invalid Expression: it uses ${names.size} distinct fields, at most ${MAX_FIELDS} are allowed.`,
    );
  }
  return { names: [...names], bind };
}

function schemaField(field: FieldRef, schemas: FilterSchemas): SchemaField {
  const dataset = datasetOf(field);
  const schema = schemas.get(dataset);
  if (schema === undefined) {
    throw invalidExpression(field.at, `the dataset group has no ${dataset} dataset.`);
  }
  const { column } = field;
  const found =
    schema.fields.find(({ name }) => name === column) ??
    schema.fields.find(({ name }) => name.toUpperCase() === column.toUpperCase());
  if (found === undefined) {
    const known = schema.fields.map(({ name }) => name).join(', ');
    throw invalidExpression(field.at, `the ${dataset} dataset has no column ${column}; it has ${known}.`);
  }
  if (found.type === 'boolean' || found.textual) {
    const kind = found.textual ? 'textual' : 'boolean';
    throw invalidExpression(
      field.at,
      `${dataset}.${found.name} is a ${kind} field; filters cannot use those.`,
    );
  }
  if (dataset === 'ACTIONS' && RESERVED_ACTION_COLUMNS.includes(found.name)) {
    throw invalidExpression(
      field.at,
      `actions are excluded by ${found.name} automatically; filters cannot use it.`,
    );
  }
  return found;
}

function checkExpression(expression: Expression, bind: BoundFields['bind']): void {
  const { target, where, when } = expression;
  const dataset = where[0]?.[0]?.field.source as DatasetType;
  for (const condition of where.flat()) {
    const { field } = condition;
    if (!ALLOWED[target].includes(field.source as DatasetType)) {
      throw invalidExpression(
        field.at,
        `${TARGET_WORD[target]} can only be filtered by ${ALLOWED[target].join(' or ')}, not by ${field.source}.`,
      );
    }
    if (field.source !== dataset) {
      throw invalidExpression(
        field.at,
        `an expression can only use the dataset of its first condition (${dataset}); join expressions by "|" to use another.`,
      );
    }
    checkCondition(condition, target, bind);
  }
  if (target === 'USER' && when[0]) {
    throw invalidExpression(when[0].field.at, 'CurrentUser cannot be used to filter user segments.');
  }
  for (const condition of when) {
    checkCondition(condition, target, bind);
  }
}

function checkCondition(condition: Condition, target: FilterTarget, bind: BoundFields['bind']): void {
  const { field, operator, operands } = condition;
  const column = bind(field);
  const isInteraction = field.source === 'INTERACTIONS' || field.source === 'ACTION_INTERACTIONS';
  if (isInteraction && column.name !== 'EVENT_TYPE') {
    throw invalidExpression(field.at, 'interactions can only be filtered by EVENT_TYPE.');
  }
  if (isInteraction && operator !== 'IN' && operator !== 'NOT IN') {
    throw invalidExpression(field.at, 'event types can only be compared by IN and NOT IN.');
  }
  if (column.type === 'string' && ['<', '<=', '>', '>='].includes(operator)) {
    throw invalidExpression(field.at, `${column.name} is a string; ${operator} compares numbers only.`);
  }
  for (const operand of operands) checkOperand(condition, column, operand, target, isInteraction, bind);
}

function checkOperand(
  condition: Condition,
  column: SchemaField,
  operand: Operand,
  target: FilterTarget,
  isInteraction: boolean,
  bind: BoundFields['bind'],
): void {
  const isString = column.type === 'string';
  if (operand.kind === 'any' && !(isInteraction && condition.field.source === 'INTERACTIONS')) {
    throw invalidExpression(operand.at, '"*" can only be used with Interactions.EVENT_TYPE.');
  }
  if (operand.kind === 'number' && isString) {
    throw invalidExpression(operand.at, `${column.name} is a string; write the value in double quotes.`);
  }
  if (operand.kind === 'text' && !isString && !isNumber(operand.value)) {
    throw invalidExpression(operand.at, `${column.name} is a number; "${operand.value}" is none.`);
  }
  if (operand.kind !== 'field') return;
  if (target !== 'ITEM' || condition.field.source !== 'ITEMS') {
    throw invalidExpression(operand.at, 'CurrentItem can only be compared with a field of Items.');
  }
  if ((bind(operand.field).type === 'string') !== isString) {
    throw invalidExpression(operand.at, 'a string cannot be compared with a number.');
  }
}

export const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));
