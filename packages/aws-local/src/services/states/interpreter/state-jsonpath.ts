// States whose fields are JSONPath: InputPath, Parameters, ResultSelector, ResultPath and OutputPath, one after the other.

import { RuntimeFailure, StateFailure } from '../language/failure';
import { ruleHolds } from '../query/choice-rules';
import type { Variables } from '../query/jsonata';
import { findPath, type PathScope, placeResult, readPath } from '../query/jsonpath';
import { evaluateText, fillTemplate } from '../query/payload-template';
import { isTimestamp } from '../query/timestamp';
import { errorOutput, type Next, nextOf, type Pause, type StateLanguage, type Step } from './step';

export const jsonPathStates: StateLanguage = {
  async input(step) {
    const scope = scopeOf(step);
    return step.state.Parameters === undefined ? scope.input : fillTemplate(step.state.Parameters, scope);
  },
  async pause(step) {
    return pause(step, scopeOf(step));
  },
  async task(step) {
    return {
      timeoutSeconds: optionalNumber(step, 'TimeoutSeconds'),
      heartbeatSeconds: optionalNumber(step, 'HeartbeatSeconds'),
      input: await jsonPathStates.input(step),
    };
  },
  async map(step) {
    const items = select(step.state.ItemsPath, scopeOf(step));
    if (!Array.isArray(items))
      throw new RuntimeFailure(
        `Reference path "${String(step.state.ItemsPath ?? '$')}" must point to array.`,
      );
    const maxConcurrency = optionalNumber(step, 'MaxConcurrency') ?? 0;
    if (maxConcurrency < 0) throw new RuntimeFailure('MaxConcurrency cannot be negative.');
    return { items: items as unknown[], maxConcurrency };
  },
  async item(step, item) {
    const template = step.state.ItemSelector ?? step.state.Parameters;
    return template === undefined ? item : fillTemplate(template, scopeOf(step));
  },
  async choose(step) {
    return choose(step, scopeOf(step));
  },
  async failure(step) {
    const scope = scopeOf(step);
    const field = (name: string) => {
      const path = step.state[`${name}Path`];
      const value = path === undefined ? step.state[name] : evaluateText(String(path), `${name}Path`, scope);
      return value === undefined ? undefined : String(value);
    };
    return new StateFailure(field('Error'), field('Cause'));
  },
  async exit(step, result) {
    const { state } = step;
    const scope = scopeOf(step);
    const selected =
      state.ResultSelector === undefined
        ? result
        : fillTemplate(state.ResultSelector, { ...scope, input: result });
    const hasResult = ['Task', 'Parallel', 'Map', 'Pass'].includes(state.Type);
    const placed = hasResult
      ? placeResult(step.input, selected, state.ResultPath as string | null | undefined)
      : scope.input;
    const assigned = fillAssign(state.Assign, { ...scope, input: selected });
    return { output: select(state.OutputPath, { ...scope, input: placed }), assigned, next: nextOf(state) };
  },
  async caught(step, catcher, failure) {
    const error = errorOutput(failure);
    const output = placeResult(step.input, error, catcher.ResultPath);
    const assigned = fillAssign(catcher.Assign, { ...scopeOf(step), input: error });
    return { output, assigned, next: catcher.Next };
  },
};

function choose(step: Step, scope: PathScope): Next {
  const { state } = step;
  const rule = (state.Choices as readonly Record<string, unknown>[]).find((one) => ruleHolds(one, scope));
  const next = rule?.Next ?? state.Default;
  if (next === undefined)
    throw new StateFailure('States.NoChoiceMatched', `No choice of the state '${step.name}' matched.`);
  const assigned = fillAssign(rule ? rule.Assign : state.Assign, scope);
  return { output: select(state.OutputPath, scope), assigned, next: String(next) };
}

function pause({ state }: Step, scope: PathScope): Pause {
  if (state.Seconds !== undefined) return { seconds: Number(state.Seconds) };
  if (state.Timestamp !== undefined) return { until: Date.parse(String(state.Timestamp)) };
  if (state.TimestampPath !== undefined) {
    const path = String(state.TimestampPath);
    const until = referenced(path, 'TimestampPath', scope);
    if (isTimestamp(until)) return { until: Date.parse(until) };
    throw new RuntimeFailure(
      `The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string: ${path} == ${plain(until)}`,
    );
  }
  const path = String(state.SecondsPath);
  const seconds = referenced(path, 'SecondsPath', scope);
  if (!Number.isInteger(seconds))
    throw new RuntimeFailure(
      `The SecondsPath parameter cannot be parsed as a long value: ${path} == ${plain(seconds)}`,
    );
  if (Number(seconds) < 0)
    throw new RuntimeFailure(
      `The SecondsPath parameter references a negative value: ${path} == ${plain(seconds)}`,
    );
  return { seconds: Number(seconds) };
}

function referenced(path: string, field: string, scope: PathScope): unknown {
  const found = findPath(path, scope);
  if ('value' in found) return found.value;
  throw new RuntimeFailure(`The ${field} parameter does not reference an input value: ${path}`);
}

/** A number, or what its path references. */
function optionalNumber(step: Step, field: string): number | undefined {
  const path = step.state[`${field}Path`];
  if (path === undefined) return step.state[field] as number | undefined;
  const value = readPath(String(path), scopeOf(step));
  const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
  if (Number.isInteger(number)) return Number(number);
  throw new RuntimeFailure(
    `The ${field}Path field refers to value "${plain(value)}" which is not a valid integer: ${String(path)}`,
  );
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function select(path: unknown, scope: PathScope): unknown {
  if (path === null) return {};
  return path === undefined ? scope.input : readPath(String(path), scope);
}

function fillAssign(template: unknown, scope: PathScope): Variables | undefined {
  return template === undefined ? undefined : (fillTemplate(template, scope) as Variables);
}

/** What the fields of a state see: its input, after InputPath. */
function scopeOf(step: Step): PathScope {
  const raw = { input: step.input, context: step.context, variables: step.variables };
  return { ...raw, input: select(step.state.InputPath, raw) };
}
