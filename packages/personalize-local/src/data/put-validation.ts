// Checks what PutEvents, PutItems, PutUsers, PutActions and PutActionInteractions send against the dataset's schema and
// turns it into rows. `properties` is a JSON object as a string; its keys are the camelCase forms of column names.
// Source: Amazon Personalize developer guide, "Recording item interaction events" and "Importing individual records".
import { numberCell } from '@emotion-gallery/personalize-rules/csv';
import { MAX_TIMESTAMP_SECONDS } from '@emotion-gallery/personalize-rules/limits';
import {
  DATASET_RULES,
  type DatasetSchema,
  InvalidData,
  MAX_CATEGORICAL_LENGTH,
  MAX_ID_LENGTH,
  MAX_TEXT_LENGTH,
  type SchemaField,
} from '@emotion-gallery/personalize-rules/schemas';
import { EVENT, SESSION } from './interaction-dataset';
import type { StoredRow } from './put-log';
import type { CellValue } from './table';
import type { PutActionInteraction, PutEntity, PutEvent, PutEventsRequest } from './types';

/** Keys that may not be in an event's properties, in whatever case: the request has members for them. */
const FORBIDDEN = ['userid', 'sessionid', 'eventtype', 'timestamp', 'recommendationid', 'impression'];
const INT_MAX = 2 ** 31 - 1;

export function eventRows(schema: DatasetSchema, request: PutEventsRequest): StoredRow[] {
  return request.eventList.map((event, index) => eventRow(schema, request, event, `eventList[${index}]`));
}

function eventRow(
  schema: DatasetSchema,
  request: PutEventsRequest,
  event: PutEvent,
  where: string,
): StoredRow {
  const properties = parseProperties(event.properties, `${where}.properties`);
  refuseKeys(properties, FORBIDDEN, where);
  // Clients of the first version of the API send these two among the properties.
  const { itemId: olderItemId, eventValue: olderValue, ...own } = properties;
  const itemId = event.itemId ?? (typeof olderItemId === 'number' ? String(olderItemId) : olderItemId);
  if (typeof itemId !== 'string' || itemId === '') {
    throw new InvalidData(`${where}.itemId is required: the Interactions dataset needs an ITEM_ID.`);
  }
  requireUnicode(request.sessionId, 'sessionId');
  requireUnicode(event.eventId, `${where}.eventId`);
  const given: Record<string, unknown> = {
    USER_ID: request.userId,
    SESSION_ID: request.sessionId,
    ITEM_ID: itemId,
    TIMESTAMP: secondsOf(event.sentAt, `${where}.sentAt`),
    EVENT_TYPE: event.eventType,
    EVENT_VALUE: event.eventValue ?? olderValue,
    IMPRESSION: event.impression?.join('|'),
    RECOMMENDATION_ID: event.recommendationId,
    EVENT_ATTRIBUTION_SOURCE: event.metricAttribution?.eventAttributionSource,
  };
  return {
    ...checkedRow(schema, given, own, where),
    [SESSION]: request.sessionId,
    [EVENT]: event.eventId,
  };
}

export function actionInteractionRow(
  schema: DatasetSchema,
  entry: PutActionInteraction,
  where: string,
): StoredRow {
  const properties = parseProperties(entry.properties, `${where}.properties`);
  refuseKeys(properties, FORBIDDEN, where);
  requireUnicode(entry.sessionId, `${where}.sessionId`);
  requireUnicode(entry.eventId, `${where}.eventId`);
  const given: Record<string, unknown> = {
    USER_ID: entry.userId,
    SESSION_ID: entry.sessionId,
    ACTION_ID: entry.actionId,
    TIMESTAMP: secondsOf(entry.timestamp, `${where}.timestamp`),
    EVENT_TYPE: entry.eventType,
    IMPRESSION: entry.impression?.join('|'),
    RECOMMENDATION_ID: entry.recommendationId,
  };
  return {
    ...checkedRow(schema, given, properties, where),
    [SESSION]: entry.sessionId,
    [EVENT]: entry.eventId,
  };
}

export function entityRow(schema: DatasetSchema, entry: PutEntity, where: string): StoredRow {
  const idColumn = DATASET_RULES[schema.type].idColumn as string;
  const properties = parseProperties(entry.properties, `${where}.properties`);
  return checkedRow(schema, { [idColumn]: entry.id }, properties, where);
}

function parseProperties(text: string | undefined, where: string): Record<string, unknown> {
  if (text === undefined) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new InvalidData(`${where} is not valid JSON: ${(error as Error).message}`);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new InvalidData(`${where} must be a JSON object.`);
  }
  return parsed as Record<string, unknown>;
}

function refuseKeys(
  properties: Readonly<Record<string, unknown>>,
  forbidden: readonly string[],
  where: string,
) {
  for (const key of Object.keys(properties)) {
    if (forbidden.includes(key.toLowerCase())) {
      throw new InvalidData(
        `${where}.properties may not have the key "${key}": it is a member of the request.`,
      );
    }
  }
}

/** `given` by column name, `properties` by camelCase key. The user of an anonymous event may be missing. */
function checkedRow(
  schema: DatasetSchema,
  given: Readonly<Record<string, unknown>>,
  properties: Readonly<Record<string, unknown>>,
  where: string,
): StoredRow {
  const known = new Set<string>();
  const row: Record<string, CellValue> = {};
  for (const field of schema.fields) {
    const isGiven = Object.hasOwn(given, field.name);
    const value = isGiven ? given[field.name] : ownValue(properties, field.property);
    if (!isGiven) known.add(field.property);
    const place = isGiven ? `${where} (${field.name})` : `${where}.properties.${field.property}`;
    if (value === undefined || value === null) {
      const mayMiss = field.nullable || (field.name === 'USER_ID' && isGiven);
      if (!mayMiss)
        throw new InvalidData(`${place} is required: the schema does not let ${field.name} be null.`);
      continue;
    }
    row[field.name] = checkedValue(field, value, place);
  }
  const unknown = Object.keys(properties).filter((key) => !known.has(key));
  if (unknown.length > 0) {
    throw new InvalidData(
      `${where}.properties has the key "${unknown[0]}", which is no column of the schema. Its keys are ${[...known].join(', ') || 'none'}.`,
    );
  }
  return row;
}

/** A column may be called like a member of every object (`constructor`). */
const ownValue = (object: Readonly<Record<string, unknown>>, key: string): unknown =>
  Object.hasOwn(object, key) ? object[key] : undefined;

function checkedValue(field: SchemaField, value: unknown, where: string): CellValue {
  if (field.type === 'string') return checkedText(field, value, where);
  // The service models call `properties` a map of strings, and clients send numbers and booleans as such.
  if (typeof value === 'string') {
    const parsed = numberCell(field)(value);
    if (typeof parsed === 'number' && !Number.isNaN(parsed)) return parsed;
  }
  if (field.type === 'boolean') {
    if (typeof value !== 'boolean') {
      throw new InvalidData(`${where} must be true or false, not ${JSON.stringify(value)}.`);
    }
    return value ? 1 : 0;
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    const kind = field.type === 'int' || field.type === 'long' ? 'whole number' : 'number';
    throw new InvalidData(`${where} must be a ${kind} (${field.type}), not ${JSON.stringify(value)}.`);
  }
  const whole = field.type === 'int' || field.type === 'long';
  const fits = field.type === 'int' ? Math.abs(value) <= INT_MAX + 1 : Number.isSafeInteger(value);
  if (whole && !(Number.isInteger(value) && fits)) {
    throw new InvalidData(`${where} must be a whole number (${field.type}), not ${value}.`);
  }
  if (field.name.endsWith('TIMESTAMP') && value > MAX_TIMESTAMP_SECONDS) {
    throw new InvalidData(`${where} must be in seconds since 1970; ${value} looks like milliseconds.`);
  }
  return value;
}

function checkedText(field: SchemaField, value: unknown, where: string): string {
  if (typeof value !== 'string') {
    throw new InvalidData(`${where} must be a string, not ${JSON.stringify(value)}.`);
  }
  requireUnicode(value, where);
  if (field.textual) return value.slice(0, MAX_TEXT_LENGTH);
  const limit = field.name.endsWith('_ID')
    ? MAX_ID_LENGTH
    : field.categorical
      ? MAX_CATEGORICAL_LENGTH
      : MAX_TEXT_LENGTH;
  if (value.length > limit) {
    throw new InvalidData(`${where} cannot be more than ${limit} characters.`);
  }
  return value;
}

/** Half of a surrogate pair, which JSON can carry, has no form in UTF-8 and would come back as another text. */
function requireUnicode(text: string | undefined, where: string): void {
  if (text !== undefined && /\p{Surrogate}/u.test(text)) {
    throw new InvalidData(`${where} is not valid Unicode.`);
  }
}

function secondsOf(date: Date, where: string): number {
  const seconds = date.getTime() / 1000;
  if (!Number.isFinite(seconds) || seconds < 0) throw new InvalidData(`${where} is not a valid time.`);
  if (seconds > MAX_TIMESTAMP_SECONDS) {
    throw new InvalidData(`${where} must be in seconds since 1970; ${seconds} looks like milliseconds.`);
  }
  // The column is a long: whole seconds.
  return Math.floor(seconds);
}
