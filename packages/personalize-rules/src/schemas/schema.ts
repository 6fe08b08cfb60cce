// Avro schemas of datasets: parsing, every documented rule, and what UpdateDataset may change.
// Source: Amazon Personalize developer guide, "Creating schema JSON files" and "Replacing a dataset's schema".
import type { Path, Problem } from '../problem';
import { type ColumnRule, DATASET_RULES, type DatasetRules, DOMAIN_COLUMNS } from './schema-rules';
import {
  type DatasetSchema,
  type DatasetType,
  type Domain,
  type FieldType,
  InvalidData,
  type SchemaField,
} from './types';

const NAMESPACE = 'com.amazonaws.personalize.schema';
/** The guide names the first alone; the second was accepted, as recorded in October 2023. */
const VERSIONS: readonly string[] = ['1.0', '1.1'];
const FIELD_TYPES: readonly FieldType[] = ['string', 'int', 'long', 'float', 'double', 'boolean'];
const COLUMN_NAME = /^[A-Za-z_][A-Za-z\d_]*$/;
const MAX_COLUMN_NAME = 150;
/** As text, of CreateSchema (API reference). */
const MAX_SCHEMA_CHARACTERS = 20_000;

const plain = (name: string) => name.replaceAll(/[_-]/g, '').toUpperCase();

/** `Interactions`, `action_interactions` … in any case. @throws InvalidData */
export function parseDatasetType(text: string): DatasetType {
  const type = text.toUpperCase();
  if (type in DATASET_RULES) return type as DatasetType;
  throw new InvalidData(
    `Dataset type "${text}" is not one of Interactions, Items, Users, Actions, Action_Interactions.`,
  );
}

/** `NUMBER_OF_RATINGS` → `numberOfRatings`: the key of a column in the `properties` of puts. */
export function propertyName(column: string): string {
  const words = column
    .toLowerCase()
    .split('_')
    .filter((word) => word !== '');
  return words.map((word, i) => (i === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join('');
}

/** Parses and checks an Avro schema; its record name says which dataset type it is for. @throws InvalidData */
export function parseSchema(json: string, domain?: Domain): DatasetSchema {
  let document: unknown;
  try {
    document = JSON.parse(json);
  } catch (error) {
    throw new InvalidData(`Schema is not valid JSON: ${(error as Error).message}`);
  }
  const { schema, type, problems } = readSchema(document, domain);
  if (schema) return schema;
  const messages = problems.map(({ message }) => message).join(' ');
  throw new InvalidData(`Schema${type === undefined ? '' : ` for ${type}`}: ${messages}`);
}

export interface SchemaReading {
  /** Absent when there are problems. */
  readonly schema?: DatasetSchema;
  /** Absent when the record's name tells none. */
  readonly type?: DatasetType;
  readonly problems: readonly Problem[];
}

type Report = (path: Path, message: string) => void;

/** Checks an Avro schema that is parsed as JSON: all that is wrong with it, with its place in the document. */
export function readSchema(document: unknown, domain?: Domain): SchemaReading {
  const problems: Problem[] = [];
  const report: Report = (path, message) => problems.push({ path, message });
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    report([], 'it must be a JSON object (an Avro record).');
    return { problems };
  }
  const record = document as Record<string, unknown>;
  const type = (Object.keys(DATASET_RULES) as DatasetType[]).find(
    (candidate) => typeof record.name === 'string' && plain(candidate) === plain(record.name),
  );
  if (type === undefined) {
    report(
      ['name'],
      `"name" must be the dataset type (Interactions, Items, Users, Actions or Action_Interactions), not ${JSON.stringify(record.name)}.`,
    );
  }
  if (record.type !== 'record') report(['type'], `"type" must be "record".`);
  if (record.namespace !== NAMESPACE) report(['namespace'], `"namespace" must be "${NAMESPACE}".`);
  if (!VERSIONS.includes(record.version as string)) {
    report(['version'], `"version" must be ${VERSIONS.map((version) => `"${version}"`).join(' or ')}.`);
  }
  if (!Array.isArray(record.fields) || record.fields.length === 0) {
    report(['fields'], '"fields" must be a list with at least one field.');
    return { type, problems };
  }
  const fields = record.fields.flatMap((field: unknown, index: number) => {
    const parsed = parseField(field, index, report);
    return parsed === undefined ? [] : [parsed];
  });
  const { length } = JSON.stringify(document);
  if (length > MAX_SCHEMA_CHARACTERS) {
    report([], `it has ${length} characters, at most ${MAX_SCHEMA_CHARACTERS} are allowed.`);
  }
  if (problems.length === 0 && type !== undefined) checkFields(type, fields, domain, report);
  if (problems.length > 0 || type === undefined) return { type, problems };
  return { schema: { type, domain, fields }, type, problems };
}

function parseField(field: unknown, index: number, report: Report): SchemaField | undefined {
  const path = ['fields', index];
  if (typeof field !== 'object' || field === null || !('name' in field) || typeof field.name !== 'string') {
    report([...path, 'name'], `Field ${index + 1} needs a "name".`);
    return undefined;
  }
  const name = field.name;
  if (!COLUMN_NAME.test(name) || name.length > MAX_COLUMN_NAME) {
    report(
      [...path, 'name'],
      `Field name "${name}" must be letters, digits and underscores, at most ${MAX_COLUMN_NAME}.`,
    );
    return undefined;
  }
  const declared: unknown = 'type' in field ? field.type : undefined;
  const union: unknown[] = Array.isArray(declared) ? declared : [declared];
  const types = union.filter((type) => type !== 'null');
  const type = FIELD_TYPES.find((known) => known === types[0]);
  if (type === undefined || types.length !== 1) {
    report(
      [...path, 'type'],
      `Field ${name} has type ${JSON.stringify(declared)}; allowed are ${FIELD_TYPES.join(', ')}, or a union of one of them with "null". Arrays, maps and records are not.`,
    );
    return undefined;
  }
  const keyword = (key: string): boolean => {
    const value = (field as Record<string, unknown>)[key];
    if (value === undefined || typeof value === 'boolean') return value === true;
    report([...path, key], `Field ${name}: "${key}" must be true or false.`);
    return false;
  };
  const flags = {
    categorical: keyword('categorical'),
    textual: keyword('textual'),
    itemName: keyword('itemName'),
  };
  return { name, property: propertyName(name), type, nullable: union.includes('null'), ...flags };
}

function checkFields(
  type: DatasetType,
  fields: readonly SchemaField[],
  domain: Domain | undefined,
  report: Report,
): void {
  const rules = DATASET_RULES[type];
  const at = (name: string): Path => ['fields', fields.findIndex((field) => field.name === name)];
  checkNames(fields, report);
  checkKeywords(type, rules, fields, report);
  const domainColumns = (domain && DOMAIN_COLUMNS[domain][type]) ?? [];
  const byName = new Map(fields.map((field) => [field.name, field]));
  for (const rule of [...rules.required, ...domainColumns]) {
    if (!byName.has(rule.name)) {
      report(
        ['fields'],
        `Field ${rule.name} is required${domain && !rules.required.includes(rule) ? ` in the ${domain} domain` : ''}.`,
      );
    }
  }
  for (const rule of [...rules.required, ...rules.reserved, ...domainColumns]) {
    const field = byName.get(rule.name);
    if (field) checkRule(field, rule, (member, message) => report([...at(field.name), ...member], message));
  }
  checkMetadata(type, rules, fields, report);
}

function checkNames(fields: readonly SchemaField[], report: Report): void {
  const seen = new Map<string, string>();
  for (const [index, { name }] of fields.entries()) {
    const key = plain(name);
    const other = seen.get(key);
    if (other !== undefined) {
      report(
        ['fields', index, 'name'],
        `Fields ${other} and ${name} have the same name; underscores do not tell names apart.`,
      );
    }
    seen.set(key, name);
  }
}

function checkRule(field: SchemaField, rule: ColumnRule, report: Report): void {
  if (!rule.types.includes(field.type)) {
    report(['type'], `Field ${rule.name} must be of type ${rule.types.join(' or ')}, not ${field.type}.`);
  }
  if (field.nullable && !rule.nullable) report(['type'], `Field ${rule.name} must not be nullable.`);
  if (rule.categorical === true && !field.categorical) {
    report(['categorical'], `Field ${rule.name} must be categorical.`);
  }
  if (rule.categorical === false && field.categorical) {
    report(['categorical'], `Field ${rule.name} must not be categorical.`);
  }
}

function checkKeywords(
  type: DatasetType,
  rules: DatasetRules,
  fields: readonly SchemaField[],
  report: Report,
): void {
  for (const [index, field] of fields.entries()) {
    const path = ['fields', index];
    for (const keyword of ['categorical', 'textual', 'itemName'] as const) {
      if (field[keyword] && field.type !== 'string') {
        report([...path, keyword], `Field ${field.name}: only a string can be ${keyword}.`);
      }
    }
    if (field.categorical && field.textual) {
      report([...path, 'textual'], `Field ${field.name} cannot be both categorical and textual.`);
    }
    if ((field.textual || field.itemName) && !rules.allowsTextual) {
      report(path, `Field ${field.name}: textual and itemName fields are only for Items, not ${type}.`);
    }
  }
  for (const keyword of ['textual', 'itemName'] as const) {
    const names = fields.filter((field) => field[keyword]).map((field) => field.name);
    if (names.length > 1) report(['fields'], `Only one field can be ${keyword}, not ${names.join(' and ')}.`);
  }
}

function checkMetadata(
  type: DatasetType,
  rules: DatasetRules,
  fields: readonly SchemaField[],
  report: Report,
): void {
  const known = new Set([...rules.required, ...rules.reserved].map((rule) => rule.name));
  const own = fields.filter((field) => !known.has(field.name));
  if (own.length > rules.maxMetadata) {
    report(['fields'], `At most ${rules.maxMetadata} metadata fields are allowed, not ${own.length}.`);
  }
  const required = new Set(rules.required.map((rule) => rule.name));
  const metadata = fields.filter((field) => !required.has(field.name));
  const useful = metadata.some(
    (field) =>
      field.categorical || field.textual || field.itemName || !['string', 'boolean'].includes(field.type),
  );
  if (rules.needsMetadata && !useful) {
    report(
      ['fields'],
      `At least one metadata field besides ${rules.idColumn} is needed: a categorical string or a number${type === 'ITEMS' ? ', or a textual string' : ''}.`,
    );
  }
}

/** What forbids `replacement` as the new schema of a dataset (UpdateDataset); empty when it is allowed. */
export function schemaReplacementProblems(current: DatasetSchema, replacement: DatasetSchema): string[] {
  if (current.type !== 'ITEMS' && current.type !== 'USERS') {
    return [`The schema of a dataset of type ${current.type} cannot be replaced; only Items and Users can.`];
  }
  if (replacement.type !== current.type) {
    return [`The replacement is a schema for ${replacement.type}, the dataset is of type ${current.type}.`];
  }
  const problems: string[] = [];
  if (replacement.domain !== current.domain) {
    problems.push('The replacement is a schema of another domain.');
  }
  const byName = new Map(replacement.fields.map((field) => [field.name, field]));
  for (const field of current.fields) {
    const other = byName.get(field.name);
    byName.delete(field.name);
    if (other === undefined) problems.push(`Field ${field.name} is missing; existing fields must stay.`);
    else if (!sameField(field, other))
      problems.push(`Field ${field.name} must keep its type and attributes.`);
  }
  for (const field of byName.values()) {
    if (!field.nullable) problems.push(`New field ${field.name} must accept null values.`);
  }
  return problems;
}

const sameField = (a: SchemaField, b: SchemaField): boolean =>
  a.type === b.type &&
  a.nullable === b.nullable &&
  a.categorical === b.categorical &&
  a.textual === b.textual &&
  a.itemName === b.itemName;
