// JSONPath in states: reference paths, payload templates, the intrinsic functions, choice rules.
import { createHash, randomUUID } from 'node:crypto';
import { StateFailure } from './failure';
import type { Variables } from './query-jsonata';

export interface PathScope {
  readonly input: unknown;
  readonly context: unknown;
  readonly variables: Variables;
}

type JsonObject = Record<string, unknown>;

/** `$.a.b[0]`, `$$.Execution.Name`, `$variable.part`; `[*]` takes all of a list. @throws StateFailure when there is nothing */
export function readPath(path: string, scope: PathScope): unknown {
  const value = findPath(path, scope);
  if (value === undefined)
    throw new StateFailure(
      'States.ParameterPathFailure',
      `The JSONPath '${path}' could not be found in the input '${JSON.stringify(scope.input)}'`,
    );
  return value;
}

export function findPath(path: string, scope: PathScope): unknown {
  const variable = /^\$([A-Za-z_]\w*)(.*)$/.exec(path);
  if (variable) return walk(scope.variables[variable[1] ?? ''], variable[2] ?? '');
  return path.startsWith('$$') ? walk(scope.context, path.slice(2)) : walk(scope.input, path.slice(1));
}

function walk(value: unknown, steps: string): unknown {
  const step = /^(?:\.([\w-]+|\*)|\[(\d+|\*)\]|\['([^']+)'\])/.exec(steps);
  if (!step) {
    if (steps !== '')
      throw new StateFailure('States.Runtime', `The JSONPath step '${steps}' is not supported on localhost.`);
    return value;
  }
  const rest = steps.slice(step[0].length);
  const name = step[1] ?? step[2] ?? step[3] ?? '';
  if (typeof value !== 'object' || value === null) return undefined;
  if (name === '*') return Object.values(value).map((one) => walk(one, rest));
  return walk((value as JsonObject)[name], rest);
}

/** Members whose name ends in `.$` are paths or intrinsic functions. */
export function fillTemplate(template: unknown, scope: PathScope): unknown {
  if (Array.isArray(template)) return template.map((item) => fillTemplate(item, scope));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), evaluate(String(value), scope)]
        : [name, fillTemplate(value, scope)],
    ),
  );
}

/** Puts a result into the input where a ResultPath says. */
export function placeResult(input: unknown, result: unknown, path: string | null | undefined): unknown {
  if (path === null) return input;
  if (path === undefined || path === '$') return result;
  const names = path.slice(2).split('.');
  const root: JsonObject = { ...(input as JsonObject) };
  let at = root;
  for (const name of names.slice(0, -1)) {
    const next: JsonObject = { ...(at[name] as JsonObject | undefined) };
    at[name] = next;
    at = next;
  }
  at[names.at(-1) ?? ''] = result;
  return root;
}

function evaluate(text: string, scope: PathScope): unknown {
  if (text.startsWith('$')) return readPath(text, scope);
  const call = /^States\.(\w+)\((.*)\)$/s.exec(text);
  if (!call)
    throw new StateFailure('States.Runtime', `'${text}' is neither a path nor an intrinsic function.`);
  const run = INTRINSICS[call[1] ?? ''];
  if (!run)
    throw new StateFailure('States.Runtime', `The intrinsic function States.${call[1]} is not known.`);
  try {
    return run(splitArguments(call[2] ?? '').map((argument) => argumentValue(argument, scope)));
  } catch (error) {
    throw error instanceof StateFailure
      ? error
      : new StateFailure('States.IntrinsicFailure', `${text}: ${String(error)}`);
  }
}

function argumentValue(text: string, scope: PathScope): unknown {
  if (text.startsWith("'")) return text.slice(1, -1).replace(/\\(.)/g, '$1');
  if (/^(-?\d+(\.\d+)?|true|false|null)$/.test(text)) return JSON.parse(text);
  return evaluate(text, scope);
}

function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let current = '';
  let depth = 0;
  let isQuoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '\\') {
      current += character + (text[index + 1] ?? '');
      index += 1;
      continue;
    }
    if (character === "'") isQuoted = !isQuoted;
    if (!isQuoted) depth += character === '(' ? 1 : character === ')' ? -1 : 0;
    if (character === ',' && !isQuoted && depth === 0) {
      parts.push(current.trim());
      current = '';
    } else current += character;
  }
  return current.trim() === '' ? parts : [...parts, current.trim()];
}

const list = (value: unknown) => value as unknown[];
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

const INTRINSICS: Readonly<Record<string, (args: unknown[]) => unknown>> = {
  Format: ([template, ...values]) => String(template).replace(/\{\}/g, () => text(values.shift())),
  StringToJson: ([value]) => JSON.parse(String(value)) as unknown,
  JsonToString: ([value]) => JSON.stringify(value),
  Array: (values) => values,
  ArrayLength: ([value]) => list(value).length,
  ArrayContains: ([value, wanted]) =>
    list(value).some((one) => JSON.stringify(one) === JSON.stringify(wanted)),
  ArrayGetItem: ([value, index]) => list(value)[Number(index)],
  ArrayUnique: ([value]) => [...new Map(list(value).map((one) => [JSON.stringify(one), one])).values()],
  ArrayRange: ([first, last, step]) => {
    const count = Math.floor((Number(last) - Number(first)) / Number(step)) + 1;
    return Array.from({ length: Math.max(0, count) }, (_, index) => Number(first) + index * Number(step));
  },
  ArrayPartition: ([value, size]) => {
    const parts: unknown[] = [];
    for (let start = 0; start < list(value).length; start += Number(size))
      parts.push(list(value).slice(start, start + Number(size)));
    return parts;
  },
  MathAdd: ([left, right]) => Number(left) + Number(right),
  MathRandom: ([low, high]) => Math.floor(Number(low) + Math.random() * (Number(high) - Number(low))),
  StringSplit: ([value, separators]) =>
    String(value)
      .split(new RegExp(`[${String(separators).replace(/[\]\\^-]/g, '\\$&')}]`))
      .filter((part) => part !== ''),
  Base64Encode: ([value]) => Buffer.from(String(value)).toString('base64'),
  Base64Decode: ([value]) => Buffer.from(String(value), 'base64').toString('utf8'),
  Hash: ([value, algorithm]) =>
    createHash(String(algorithm).replace('-', '').toLowerCase()).update(text(value)).digest('hex'),
  JsonMerge: ([left, right]) => ({ ...(left as object), ...(right as object) }),
  UUID: () => randomUUID(),
};

/** A rule of a Choice state. */
export function ruleHolds(rule: JsonObject, scope: PathScope): boolean {
  if (Array.isArray(rule.And)) return rule.And.every((inner) => ruleHolds(inner as JsonObject, scope));
  if (Array.isArray(rule.Or)) return rule.Or.some((inner) => ruleHolds(inner as JsonObject, scope));
  if (rule.Not) return !ruleHolds(rule.Not as JsonObject, scope);
  const value = findPath(String(rule.Variable), scope);
  const [operator = '', operand] =
    Object.entries(rule).find(([name]) => !['Variable', 'Next', 'Comment', 'Assign'].includes(name)) ?? [];
  if (operator === 'IsPresent') return (value !== undefined) === operand;
  if (value === undefined)
    throw new StateFailure(
      'States.Runtime',
      `Invalid path '${String(rule.Variable)}': The choice state's condition path references an invalid value.`,
    );
  if (operator.startsWith('Is')) return isOfType(operator, value) === operand;
  const other = operator.endsWith('Path') ? readPath(String(operand), scope) : operand;
  return compare(operator.replace(/Path$/, ''), value, other);
}

function isOfType(operator: string, value: unknown): boolean {
  if (operator === 'IsNull') return value === null;
  if (operator === 'IsTimestamp') return typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value);
  return typeof value === operator.slice(2).toLowerCase().replace('numeric', 'number');
}

function compare(operator: string, value: unknown, other: unknown): boolean {
  const match =
    /^(String|Numeric|Boolean|Timestamp)(Equals|LessThan|GreaterThan|LessThanEquals|GreaterThanEquals|Matches)$/.exec(
      operator,
    );
  if (!match) throw new StateFailure('States.Runtime', `The comparison ${operator} is not known.`);
  const [, kind, comparison] = match;
  const wanted = kind === 'Numeric' ? 'number' : kind === 'Boolean' ? 'boolean' : 'string';
  if (typeof value !== wanted || typeof other !== wanted) return false;
  if (comparison === 'Matches') {
    const pattern = String(other)
      .replace(/[.+?^${}()|[\]]/g, '\\$&')
      .replace(/(?<!\\)\*/g, '.*');
    return new RegExp(`^${pattern}$`, 's').test(String(value));
  }
  const sides =
    kind === 'Timestamp' ? [Date.parse(String(value)), Date.parse(String(other))] : [value, other];
  const [left, right] = sides as [number, number];
  if (comparison === 'Equals') return left === right;
  if (comparison === 'LessThan') return left < right;
  if (comparison === 'GreaterThan') return left > right;
  return comparison === 'LessThanEquals' ? left <= right : left >= right;
}
