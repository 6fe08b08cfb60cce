// JSONata in states: `{% … %}` strings anywhere in a template are expressions over `$states` and the variables.
import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { EvaluationFailure } from '../language/failure';

export type Variables = Readonly<Record<string, unknown>>;

/** What expressions see besides the variables. */
export interface StatesObject {
  readonly input: unknown;
  readonly result?: unknown;
  readonly errorOutput?: unknown;
  readonly context: unknown;
}

export interface JsonataScope {
  readonly variables: Variables;
  readonly states: StatesObject;
  /** `$millis()` and `$now()`: when the state was entered, so that a resumed execution sees the same time. */
  readonly time: number;
}

const EXPRESSION = /^\{%([\s\S]*)%\}$/;
const compiled = new Map<string, jsonata.Expression>();

/** The expression in a string, if the whole of it is one; blanks around the braces make it a plain string. */
export function expressionIn(text: string): string | undefined {
  return EXPRESSION.exec(text)?.[1]?.trim();
}

/** @param location The field that the template stands in, for messages: `Output/result`. @throws EvaluationFailure */
export async function evaluateTemplate(
  template: unknown,
  scope: JsonataScope,
  location: string,
): Promise<unknown> {
  if (typeof template === 'string') {
    const expression = expressionIn(template);
    return expression === undefined ? template : evaluate(expression, scope, location);
  }
  // One after the other: the first fault is the one that is told.
  if (Array.isArray(template)) {
    const values: unknown[] = [];
    for (const [index, item] of template.entries())
      values.push(await evaluateTemplate(item, scope, `${location}[${index}]`));
    return values;
  }
  if (typeof template === 'object' && template !== null) {
    const members: [string, unknown][] = [];
    for (const [name, value] of Object.entries(template))
      members.push([name, await evaluateTemplate(value, scope, `${location}/${name}`)]);
    return Object.fromEntries(members);
  }
  return template;
}

/** A field that must have a value of one type. @throws EvaluationFailure */
export async function evaluateField(
  state: Readonly<Record<string, unknown>>,
  field: string,
  type: 'array' | 'boolean' | 'number' | 'string',
  scope: JsonataScope,
  location = field,
): Promise<unknown> {
  const value = await evaluateTemplate(state[field], scope, location);
  const found = typeName(value);
  if (found === type) return value;
  const template = state[field];
  const expression = typeof template === 'string' ? expressionIn(template) : undefined;
  throw new EvaluationFailure(
    expression === undefined
      ? `The value of the field '${location}' must be of the type '${type}', but was '${found}': ${JSON.stringify(value)}`
      : `The JSONata expression '${expression}' specified for the field '${location}' returned an unexpected result type. Expected '${type}', but was '${found}' for value: ${JSON.stringify(value)}`,
    location,
  );
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** @throws the parser's error, with a code and a message */
export function compile(expression: string): jsonata.Expression {
  let program = compiled.get(expression);
  if (!program) {
    program = jsonata(expression);
    compiled.set(expression, program);
  }
  return program;
}

async function evaluate(expression: string, scope: JsonataScope, location: string): Promise<unknown> {
  const where = `The JSONata expression '${expression}' specified for the field '${location}'`;
  let result: unknown;
  try {
    result = await compile(expression).evaluate(undefined, {
      ...functions(scope.time),
      ...scope.variables,
      states: scope.states,
    });
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    const text = `${code === undefined ? '' : `${code}: `}${message ?? String(error)}`;
    throw new EvaluationFailure(`${where} threw an error during evaluation. ${text}`, location);
  }
  if (result === undefined) throw new EvaluationFailure(`${where} returned nothing (undefined).`, location);
  if (isFunction(result))
    throw new EvaluationFailure(`${where} returned an unsupported result type.`, location);
  // Sequences carry hidden marks; what goes on is plain JSON. A value that only passed through stays the same object.
  return isPassedThrough(result, scope) ? result : (JSON.parse(JSON.stringify(result)) as unknown);
}

function isFunction(value: unknown): boolean {
  if (typeof value === 'function') return true;
  const marked = value as { _jsonata_lambda?: boolean; _jsonata_function?: boolean } | null;
  return typeof value === 'object' && Boolean(marked?._jsonata_lambda || marked?._jsonata_function);
}

function isPassedThrough(value: unknown, { states, variables }: JsonataScope): boolean {
  return value === states.input || value === states.result || Object.values(variables).includes(value);
}

/** A list that is its only item if it has just one, as the results of paths are. */
function sequence<T>(items: T[]): T[] {
  return Object.defineProperty(items, 'sequence', { value: true });
}

/** What Step Functions adds to JSONata, and takes from it. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
function functions(time: number): Record<string, unknown> {
  return {
    eval: undefined,
    millis: () => time,
    now: () => new Date(time).toISOString(),
    uuid: () => randomUUID(),
    parse: (text: string) => JSON.parse(text) as unknown,
    hash: (text: string, algorithm: string) =>
      createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex'),
    // AWS answers `$range(1, 1, 1)` with 1.
    range: (first: number, last: number, step: number) => {
      const values: number[] = [];
      for (let value = first; step > 0 ? value <= last : value >= last; value += step) values.push(value);
      return sequence(values);
    },
    partition: (list: unknown[], size: number) => {
      const parts: unknown[][] = [];
      for (let start = 0; start < list.length; start += size) parts.push(list.slice(start, start + size));
      return parts;
    },
  };
}
