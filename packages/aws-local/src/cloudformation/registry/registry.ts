// What the CloudFormation registry says of a type: its properties, its attributes, and what a change of each property does.
import { isDeepStrictEqual } from 'node:util';
import schemas from './schemas.json';

export interface PropertySchema {
  readonly required?: boolean;
  /** What changing the property does to the resource; absent: it is updated in place. */
  readonly replaces?: 'yes' | 'maybe';
  /** The name of the nested type. */
  readonly type?: string;
  /** The name of the nested type of a list's elements. */
  readonly element?: string;
  /** What a scalar is, and the elements of a list or a map of scalars. */
  readonly scalar?: 'string' | 'number' | 'boolean';
}

export interface ResourceSchema {
  readonly properties: Readonly<Record<string, PropertySchema>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, PropertySchema>>>>;
  readonly attributes: readonly string[];
  /** Dotted paths that replace besides those that say so themselves. */
  readonly replacementPaths: readonly string[];
}

export type Replacement = 'none' | 'maybe' | 'replace';

const SCHEMAS = schemas as unknown as Readonly<Record<string, ResourceSchema>>;

export function resourceSchema(type: string): ResourceSchema | undefined {
  return Object.hasOwn(SCHEMAS, type) ? SCHEMAS[type] : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pathReplacement(
  schema: ResourceSchema,
  properties: Readonly<Record<string, PropertySchema>>,
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  prefix: string,
): Replacement {
  let result: Replacement = 'none';
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isDeepStrictEqual(before[name], after[name])) continue;
    const property = properties[name];
    if (property?.replaces === 'yes' || schema.replacementPaths.includes(prefix + name)) return 'replace';
    if (property?.replaces === 'maybe') result = 'maybe';
    const nested = property?.type === undefined ? undefined : schema.types[property.type];
    const [left, right] = [before[name] ?? {}, after[name] ?? {}];
    if (nested && isRecord(left) && isRecord(right)) {
      const inner = pathReplacement(schema, nested, left, right, `${prefix}${name}.`);
      if (inner === 'replace') return 'replace';
      if (inner === 'maybe') result = 'maybe';
    }
  }
  return result;
}

/** What changing a resource's properties does, as the registry's schema of its type says. */
export function replacementFor(
  type: string,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Replacement {
  const schema = resourceSchema(type);
  if (!schema) return 'none';
  return pathReplacement(schema, schema.properties, before, after, '');
}

/**
 * A resource's properties with numbers, booleans and texts as the registry's schema has them: templates may write one for the other.
 * What cannot be converted stays, and the service refuses it.
 */
export function coerced(
  type: string,
  properties: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const schema = resourceSchema(type);
  return schema ? coercedMembers(schema, schema.properties, properties) : properties;
}

function coercedMembers(
  schema: ResourceSchema,
  known: Readonly<Record<string, PropertySchema>>,
  members: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const converted = (value: unknown, property: PropertySchema): unknown => {
    if (Array.isArray(value)) return value.map((element) => converted(element, property));
    const nested = schema.types[property.type ?? property.element ?? ''];
    if (isRecord(value)) {
      if (nested) return coercedMembers(schema, nested, value);
      if (property.scalar === undefined) return value;
      return Object.fromEntries(
        Object.entries(value).map(([key, inner]) => [key, converted(inner, property)]),
      );
    }
    return property.scalar === undefined ? value : asScalar(value, property.scalar);
  };
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, converted(value, known[name] ?? {})]),
  );
}

function asScalar(value: unknown, scalar: NonNullable<PropertySchema['scalar']>): unknown {
  if (scalar === 'string')
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
  if (typeof value !== 'string') return value;
  if (scalar === 'boolean') return { true: true, false: false }[value.toLowerCase()] ?? value;
  return value.trim() === '' || Number.isNaN(Number(value)) ? value : Number(value);
}

/** What is wrong with a resource's properties: unknown or missing ones, as CloudFormation reports them. */
export function propertyProblems(type: string, properties: Readonly<Record<string, unknown>>): string[] {
  const schema = resourceSchema(type);
  if (!schema) return [];
  return problemsIn(schema, schema.properties, properties, '');
}

function problemsIn(
  schema: ResourceSchema,
  known: Readonly<Record<string, PropertySchema>>,
  properties: Readonly<Record<string, unknown>>,
  prefix: string,
): string[] {
  const unknown = Object.keys(properties)
    .filter((name) => !(name in known))
    .map((name) => `Encountered unsupported property ${prefix}${name}`);
  const missing = Object.entries(known)
    .filter(([name, property]) => property.required && properties[name] === undefined)
    .map(([name]) => `Property ${prefix}${name} cannot be empty.`);
  const nested = Object.entries(properties).flatMap(([name, value]) => {
    const { type, element } = known[name] ?? {};
    const inner = schema.types[type ?? element ?? ''];
    const values = element === undefined ? [value] : Array.isArray(value) ? value : [];
    return inner
      ? values.filter(isRecord).flatMap((member) => problemsIn(schema, inner, member, `${prefix}${name}.`))
      : [];
  });
  return [...unknown, ...missing, ...nested];
}
