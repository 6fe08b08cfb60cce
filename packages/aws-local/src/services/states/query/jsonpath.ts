// JSONPath in states: `$.a.b[0]`, `$$.Execution.Name`, `$variable.part`. Where a path goes a plain way, step by step, AWS's messages
// say how far it got; paths that may find several values (`[*]`, `..`, slices, filters) are read by jsonpath-plus, and give a list.
import { JSONPath } from 'jsonpath-plus';
import { RuntimeFailure, StateFailure } from '../language/failure';
import type { Variables } from './jsonata';

export interface PathScope {
  readonly input: unknown;
  readonly context: unknown;
  readonly variables: Variables;
}

type Found =
  | { readonly value: unknown }
  /** The way to what is missing, and whether it ends there. */
  | { readonly missing: string; readonly isLast: boolean };

const STEP = /^(?:\.([^.[\]()*]+)|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]|\[(-?\d+)\])/;

/** What a path finds. @throws RuntimeFailure when the path cannot be read */
export function findPath(path: string, scope: PathScope): Found {
  const { root, steps } = rootOf(path, scope);
  const names: (string | number)[] = [];
  for (let rest = steps; rest !== ''; ) {
    const step = STEP.exec(rest);
    if (!step) return { value: severalAt(path, root, steps) };
    const [whole, name, quoted, doubled, index] = step;
    names.push(
      index === undefined ? (name ?? (quoted ?? doubled ?? '').replace(/\\(.)/g, '$1')) : Number(index),
    );
    rest = rest.slice(whole.length);
  }
  return walk(root, names);
}

function rootOf(path: string, scope: PathScope): { root: unknown; steps: string } {
  const variable = /^\$([\p{L}_][\p{L}\p{N}_]*)(.*)$/su.exec(path);
  if (variable) return { root: scope.variables[variable[1] ?? ''], steps: variable[2] ?? '' };
  if (path.startsWith('$$')) return { root: scope.context, steps: path.slice(2) };
  if (path.startsWith('$')) return { root: scope.input, steps: path.slice(1) };
  throw new RuntimeFailure(`Invalid path '${path}' : a path begins with $`);
}

function walk(root: unknown, names: readonly (string | number)[]): Found {
  let value = root;
  let way = '$';
  for (const [position, name] of names.entries()) {
    const isIndex = typeof name === 'number';
    way += isIndex ? `[${name}]` : `['${name}']`;
    const next = isIndex ? (Array.isArray(value) ? value : []).at(name) : memberOf(value, name);
    if (next === undefined) return { missing: way, isLast: position === names.length - 1 };
    value = next;
  }
  return value === undefined ? { missing: way, isLast: true } : { value };
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function severalAt(path: string, root: unknown, steps: string): unknown {
  if (typeof root !== 'object' || root === null) return [];
  try {
    return JSONPath({ path: `$${steps}`, json: root, wrap: true, eval: 'safe' }) as unknown;
  } catch (error) {
    throw new RuntimeFailure(
      `Invalid path '${path}' : ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** What InputPath, OutputPath and other fields that are a path read. @throws RuntimeFailure */
export function readPath(path: string, scope: PathScope): unknown {
  const found = findPath(path, scope);
  if ('value' in found) return found.value;
  const reason = found.isLast
    ? `No results for path: ${found.missing}`
    : `Missing property in path ${found.missing}`;
  throw new RuntimeFailure(`Invalid path '${path}' : ${reason}`);
}

/** Puts a result into the input where a ResultPath says. @throws RuntimeFailure */
export function placeResult(input: unknown, result: unknown, path: string | null | undefined): unknown {
  if (path === null) return input;
  if (path === undefined || path === '$') return result;
  const names: string[] = [];
  for (let rest = path.slice(1); rest !== ''; ) {
    const step = STEP.exec(rest);
    const name = step?.[1] ?? step?.[2] ?? step?.[3];
    if (!step || name === undefined)
      throw new RuntimeFailure(`Invalid path '${path}' : a ResultPath names members, one after the other`);
    names.push(name);
    rest = rest.slice(step[0].length);
  }
  return place(input, names, result, path);
}

function place(at: unknown, [name, ...rest]: readonly string[], result: unknown, path: string): unknown {
  if (name === undefined) return result;
  if (at !== undefined && (typeof at !== 'object' || at === null || Array.isArray(at)))
    throw new StateFailure(
      'States.ResultPathMatchFailure',
      `Unable to apply the ResultPath '${path}' to the input: ${JSON.stringify(at)} has no members`,
    );
  const members = at as Readonly<Record<string, unknown>> | undefined;
  return { ...members, [name]: place(members?.[name], rest, result, path) };
}
