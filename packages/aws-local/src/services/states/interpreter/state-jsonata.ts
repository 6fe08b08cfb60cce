// States whose fields are JSONata: Arguments, Items, Output and Assign, with the state in `$states`.
import type { Catcher } from '../language/asl';
import { EvaluationFailure, StateFailure } from '../language/failure';
import { evaluateField, evaluateTemplate, type JsonataScope, type Variables } from '../query/jsonata';
import { isTimestamp } from '../query/timestamp';
import { errorOutput, type Next, nextOf, type Pause, type StateLanguage, type Step } from './step';

export const jsonataStates: StateLanguage = {
  async input(step) {
    return step.state.Arguments === undefined
      ? step.input
      : evaluateTemplate(step.state.Arguments, scopeOf(step), 'Arguments');
  },
  pause,
  async task(step) {
    return {
      input: await jsonataStates.input(step),
      timeoutSeconds: await optionalSeconds(step, 'TimeoutSeconds'),
      heartbeatSeconds: await optionalSeconds(step, 'HeartbeatSeconds'),
    };
  },
  async map(step) {
    const { state } = step;
    if (state.Items === undefined && !Array.isArray(step.input))
      throw new EvaluationFailure(`Map state input must be an array but was: ${JSON.stringify(step.input)}`);
    const items =
      state.Items === undefined ? step.input : await evaluateField(state, 'Items', 'array', scopeOf(step));
    return {
      items: items as readonly unknown[],
      maxConcurrency: (await optionalSeconds(step, 'MaxConcurrency')) ?? 0,
    };
  },
  async item(step, item) {
    return step.state.ItemSelector === undefined
      ? item
      : evaluateTemplate(step.state.ItemSelector, scopeOf(step), 'ItemSelector');
  },
  choose,
  async failure(step) {
    const field = async (name: string) =>
      step.state[name] === undefined
        ? undefined
        : String(await evaluateField(step.state, name, 'string', scopeOf(step)));
    return new StateFailure(await field('Error'), await field('Cause'));
  },
  async exit(step, result) {
    const { state } = step;
    const scope = scopeOf(step, state.Type === 'Pass' ? {} : { result });
    const output =
      state.Output === undefined ? result : await evaluateTemplate(state.Output, scope, 'Output');
    return { output, assigned: await assigned(state.Assign, scope, 'Assign'), next: nextOf(state) };
  },
  async caught(step, catcher, failure) {
    const error = errorOutput(failure);
    const scope = scopeOf(step, { errorOutput: error });
    const location = `Catch[${(step.state.Catch as readonly Catcher[]).indexOf(catcher)}]`;
    const output =
      catcher.Output === undefined
        ? error
        : await evaluateTemplate(catcher.Output, scope, `${location}/Output`);
    return {
      output,
      assigned: await assigned(catcher.Assign, scope, `${location}/Assign`),
      next: catcher.Next,
    };
  },
};

async function pause(step: Step): Promise<Pause> {
  const { state } = step;
  if (state.Timestamp === undefined) {
    const seconds = Number(await evaluateField(state, 'Seconds', 'number', scopeOf(step)));
    return { seconds: whole(seconds, 'Seconds') };
  }
  const until = await evaluateTemplate(state.Timestamp, scopeOf(step), 'Timestamp');
  if (isTimestamp(until)) return { until: Date.parse(until) };
  const text = typeof until === 'string' ? until : JSON.stringify(until);
  throw new EvaluationFailure(
    `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`,
    'Timestamp',
  );
}

async function optionalSeconds(step: Step, field: string): Promise<number | undefined> {
  if (step.state[field] === undefined) return undefined;
  return whole(Number(await evaluateField(step.state, field, 'number', scopeOf(step))), field);
}

function whole(value: number, field: string): number {
  if (!Number.isInteger(value))
    throw new EvaluationFailure(`The ${field} field cannot be parsed as a long value: ${value}`, field);
  if (value < 0) throw new EvaluationFailure(`The ${field} field is a negative value: ${value}`, field);
  return value;
}

async function choose(step: Step): Promise<Next> {
  const { state } = step;
  const scope = scopeOf(step);
  const rules = state.Choices as readonly (Record<string, unknown> & { readonly Next: string })[];
  for (const [index, rule] of rules.entries()) {
    const location = `Choices[${index}]`;
    if (!(await evaluateField(rule, 'Condition', 'boolean', scope, `${location}/Condition`))) continue;
    const output =
      rule.Output === undefined
        ? step.input
        : await evaluateTemplate(rule.Output, scope, `${location}/Output`);
    return { output, assigned: await assigned(rule.Assign, scope, `${location}/Assign`), next: rule.Next };
  }
  if (state.Default === undefined)
    throw new StateFailure('States.NoChoiceMatched', `No choice of the state '${step.name}' matched.`);
  const output =
    state.Output === undefined ? step.input : await evaluateTemplate(state.Output, scope, 'Output');
  return { output, assigned: await assigned(state.Assign, scope, 'Assign'), next: String(state.Default) };
}

async function assigned(
  assign: unknown,
  scope: JsonataScope,
  location: string,
): Promise<Variables | undefined> {
  return assign === undefined ? undefined : ((await evaluateTemplate(assign, scope, location)) as Variables);
}

function scopeOf(
  step: Step,
  more: { readonly result?: unknown; readonly errorOutput?: unknown } = {},
): JsonataScope {
  return {
    variables: step.variables,
    states: { input: step.input, context: step.context, ...more },
    time: step.enteredAt,
  };
}
