// Schemas for tests.
import { type DatasetSchema, type Domain, parseSchema } from '../../src/schemas';

export const NAMESPACE = 'com.amazonaws.personalize.schema';

export interface FieldSpec {
  readonly name: string;
  readonly type: unknown;
  readonly [keyword: string]: unknown;
}

export const avro = (name: string, fields: readonly FieldSpec[], changes: object = {}): string =>
  JSON.stringify({ type: 'record', name, namespace: NAMESPACE, version: '1.0', fields, ...changes });

export const schema = (name: string, fields: readonly FieldSpec[], domain?: Domain): DatasetSchema =>
  parseSchema(avro(name, fields), domain);

export const optional = (type: string) => ['null', type];

export const INTERACTION_FIELDS: readonly FieldSpec[] = [
  { name: 'USER_ID', type: 'string' },
  { name: 'ITEM_ID', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
];

export const interactions = schema('Interactions', [
  ...INTERACTION_FIELDS,
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'EVENT_VALUE', type: optional('float') },
  { name: 'IMPRESSION', type: optional('string') },
  { name: 'RECOMMENDATION_ID', type: optional('string') },
  { name: 'DEVICE', type: optional('string'), categorical: true },
]);

export const items = schema('Items', [
  { name: 'ITEM_ID', type: 'string' },
  { name: 'CREATION_TIMESTAMP', type: optional('long') },
  { name: 'GENRES', type: optional('string'), categorical: true },
  { name: 'PRICE', type: optional('float') },
  { name: 'NUMBER_OF_RATINGS', type: optional('int') },
  { name: 'TITLE', type: optional('string') },
  { name: 'DESCRIPTION', type: optional('string'), textual: true },
  { name: 'FREE', type: optional('boolean') },
]);

export const users = schema('Users', [
  { name: 'USER_ID', type: 'string' },
  { name: 'AGE', type: optional('int') },
  { name: 'MEMBERSHIP', type: optional('string'), categorical: true },
]);

export const actions = schema('Actions', [
  { name: 'ACTION_ID', type: 'string' },
  { name: 'VALUE', type: optional('long') },
  { name: 'TYPE', type: optional('string'), categorical: true },
]);

export const actionInteractions = schema('Action_Interactions', [
  { name: 'USER_ID', type: 'string' },
  { name: 'ACTION_ID', type: 'string' },
  { name: 'EVENT_TYPE', type: 'string' },
  { name: 'TIMESTAMP', type: 'long' },
]);
