// JSONata in states: `{% … %}` strings anywhere in a template are expressions over `$states` and the variables.
import { createHash, randomUUID } from 'node:crypto';
import jsonata from 'jsonata';
import { StateFailure } from './failure';

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

/** Fills a template. @throws StateFailure States.QueryEvaluationError */
export async function evaluateTemplate(template: unknown, scope: JsonataScope): Promise<unknown> {
  if (typeof template === 'string') {
    const expression = EXPRESSION.exec(template.trim())?.[1];
    return expression === undefined ? template : evaluate(expression, scope);
  }
  if (Array.isArray(template)) return Promise.all(template.map((item) => evaluateTemplate(item, scope)));
  if (typeof template === 'object' && template !== null) {
    const members = Object.entries(template).map(async ([name, value]) => [
      name,
      await evaluateTemplate(value, scope),
    ]);
    return Object.fromEntries(await Promise.all(members));
  }
  return template;
}

async function evaluate(expression: string, scope: JsonataScope): Promise<unknown> {
  let result: unknown;
  try {
    let program = compiled.get(expression);
    if (!program) {
      program = jsonata(expression);
      compiled.set(expression, program);
    }
    result = await program.evaluate(undefined, {
      ...functions(scope.time),
      ...scope.variables,
      states: scope.states,
    });
  } catch (error) {
    const message = (error as { message?: string }).message ?? String(error);
    throw new StateFailure(
      'States.QueryEvaluationError',
      `The JSONata expression '${expression.trim()}' could not be evaluated: ${message}`,
    );
  }
  if (result === undefined || typeof result === 'function') {
    throw new StateFailure(
      'States.QueryEvaluationError',
      `The JSONata expression '${expression.trim()}' returned nothing (undefined).`,
    );
  }
  // Sequences carry hidden marks; what goes on is plain JSON.
  return JSON.parse(JSON.stringify(result)) as unknown;
}

/** What Step Functions adds to JSONata. https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html */
function functions(time: number): Record<string, unknown> {
  return {
    millis: () => time,
    now: () => new Date(time).toISOString(),
    uuid: () => randomUUID(),
    parse: (text: string) => JSON.parse(text) as unknown,
    hash: (text: string, algorithm: string) =>
      createHash(algorithm.replace('-', '').toLowerCase()).update(text).digest('hex'),
    range: (first: number, last: number, step: number) => {
      const values: number[] = [];
      for (let value = first; step > 0 ? value <= last : value >= last; value += step) values.push(value);
      return values;
    },
    partition: (list: unknown[], size: number) => {
      const parts: unknown[][] = [];
      for (let start = 0; start < list.length; start += size) parts.push(list.slice(start, start + size));
      return parts;
    },
  };
}
