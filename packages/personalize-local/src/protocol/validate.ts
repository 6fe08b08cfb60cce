// Checks a decoded JSON body against an operation's input: types first, then required members and limits, in AWS's words.
import { PersonalizeError } from './errors';
import type { Limits, Operation, Shape, StructureShape } from './model';

type JsonObject = Readonly<Record<string, unknown>>;

/** AWS stops listing after this many. */
const MOST_VIOLATIONS = 10;

/** Thrown where a JSON value has the wrong type, for example a string where a list is expected. */
const wrongType = (path: string, expected: string) =>
  new PersonalizeError('SerializationException', `expected ${expected} at '${path}'`);

/**
 * Returns the members of `body` that the operation knows; timestamps become Dates, nulls are left out, unknown members are
 * ignored as AWS does.
 *
 * @throws PersonalizeError SerializationException for a wrong JSON type; InvalidInputException (ValidationException where
 *   the operation does not declare it) for missing members and broken limits, all of them in one message.
 */
export function validateInput(operation: Operation, body: JsonObject): Record<string, unknown> {
  const violations: string[] = [];
  const value = readStructure(operation.input, body, '', violations);
  if (violations.length === 0) return value;
  const code = operation.errors.has('InvalidInputException')
    ? 'InvalidInputException'
    : 'ValidationException';
  const count = `${violations.length} validation error${violations.length > 1 ? 's' : ''} detected`;
  throw new PersonalizeError(code, `${count}: ${violations.slice(0, MOST_VIOLATIONS).join('; ')}`);
}

function readStructure(shape: StructureShape, body: JsonObject, path: string, violations: string[]) {
  const result: Record<string, unknown> = {};
  for (const [name, member] of shape.members) {
    const at = path === '' ? name : `${path}.${name}`;
    const given = Object.hasOwn(body, name) ? body[name] : undefined;
    if (given === undefined || given === null) {
      if (shape.required.has(name)) {
        violations.push(`Value null at '${at}' failed to satisfy constraint: Member must not be null`);
      }
      continue;
    }
    result[name] = read(member, given, at, violations);
  }
  return result;
}

function read(shape: Shape, given: unknown, path: string, violations: string[]): unknown {
  switch (shape.kind) {
    case 'structure':
      if (!isObject(given)) throw wrongType(path, 'an object');
      return readStructure(shape, given, path, violations);
    case 'list':
      return readList(shape, given, path, violations);
    case 'map':
      return readMap(shape, given, path, violations);
    case 'string':
      if (typeof given !== 'string') throw wrongType(path, 'a string');
      checkString(given, shape.limits, path, violations);
      return given;
    case 'number':
    case 'integer':
      // JSON.parse reads 1e400 as infinity.
      if (typeof given !== 'number' || !Number.isFinite(given)) throw wrongType(path, 'a number');
      if (shape.kind === 'integer' && !Number.isInteger(given)) throw wrongType(path, 'an integer');
      checkNumber(given, shape.limits, path, violations);
      return given;
    case 'boolean':
      if (typeof given !== 'boolean') throw wrongType(path, 'a boolean');
      return given;
    case 'timestamp':
      return readTimestamp(given, path);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Epoch seconds, as the protocols send them; ISO 8601 text, because some clients send it; a Date from a call in process. */
function readTimestamp(given: unknown, path: string): Date {
  if (given instanceof Date && !Number.isNaN(given.getTime())) return given;
  const time = typeof given === 'number' ? given * 1000 : typeof given === 'string' ? Date.parse(given) : NaN;
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) throw wrongType(path, 'a timestamp');
  return date;
}

function readList(shape: Shape & { kind: 'list' }, given: unknown, path: string, violations: string[]) {
  if (!Array.isArray(given)) throw wrongType(path, 'a list');
  checkLength(given.length, shape.limits, quoteList(given), path, violations);
  return given.map((item, i) => {
    const at = `${path}.${i + 1}.member`;
    if (item === null) throw wrongType(at, 'a value');
    return read(shape.member, item, at, violations);
  });
}

function readMap(shape: Shape & { kind: 'map' }, given: unknown, path: string, violations: string[]) {
  if (!isObject(given)) throw wrongType(path, 'a map');
  const entries = Object.entries(given).filter(([, value]) => value !== null);
  checkLength(entries.length, shape.limits, JSON.stringify(given), path, violations);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      read(shape.key, key, `${path}.key`, violations);
      return [key, read(shape.value, value, `${path}.${key}.member`, violations)];
    }),
  );
}

function quoteList(list: readonly unknown[]): string {
  const text = JSON.stringify(list);
  return text.length <= 200 ? text : `${text.slice(0, 200)}...`;
}

function violation(text: string, limits: Limits, path: string, rule: string): string {
  const value = limits.sensitive ? 'Value' : `Value '${text}'`;
  return `${value} at '${path}' failed to satisfy constraint: ${rule}`;
}

function checkLength(length: number, limits: Limits, text: string, path: string, violations: string[]): void {
  if (limits.min !== undefined && length < limits.min) {
    const rule = `Member must have length greater than or equal to ${limits.min}`;
    violations.push(violation(text, limits, path, rule));
  }
  if (limits.max !== undefined && length > limits.max) {
    const rule = `Member must have length less than or equal to ${limits.max}`;
    violations.push(violation(text, limits, path, rule));
  }
}

function checkString(text: string, limits: Limits, path: string, violations: string[]): void {
  checkLength(text.length, limits, text, path, violations);
  if (limits.pattern && !limits.pattern.test(text)) {
    const source = limits.pattern.source.slice('^(?:'.length, -')$'.length);
    violations.push(
      violation(text, limits, path, `Member must satisfy regular expression pattern: ${source}`),
    );
  }
  if (limits.enum && !limits.enum.includes(text)) {
    const rule = `Member must satisfy enum value set: [${limits.enum.join(', ')}]`;
    violations.push(violation(text, limits, path, rule));
  }
}

function checkNumber(value: number, limits: Limits, path: string, violations: string[]): void {
  if (limits.min !== undefined && value < limits.min) {
    const rule = `Member must have value greater than or equal to ${limits.min}`;
    violations.push(violation(String(value), limits, path, rule));
  }
  if (limits.max !== undefined && value > limits.max) {
    const rule = `Member must have value less than or equal to ${limits.max}`;
    violations.push(violation(String(value), limits, path, rule));
  }
}
