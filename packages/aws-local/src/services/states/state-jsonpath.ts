// States whose fields are JSONPath: InputPath, Parameters, ResultSelector, ResultPath and OutputPath, one after the other.
import type { Catcher } from './asl';
import { StateFailure } from './failure';
import type { Variables } from './query-jsonata';
import { fillTemplate, type PathScope, placeResult, readPath, ruleHolds } from './query-jsonpath';
import { type Effect, type Next, nextOf, type StateLanguage, type Step } from './step';

export const jsonPathStates: StateLanguage = { execute, caught };

async function execute(step: Step, effect: Effect): Promise<Next> {
  const { state } = step;
  const raw = scopeOf(step);
  const select = (path: unknown, scope: PathScope) =>
    path === null ? {} : path === undefined ? scope.input : readPath(String(path), scope);
  const scope: PathScope = { ...raw, input: select(state.InputPath, raw) };
  switch (state.Type) {
    case 'Choice': {
      const rule = ((state.Choices ?? []) as Record<string, unknown>[]).find((one) => ruleHolds(one, scope));
      const next = rule?.Next ?? state.Default;
      if (next === undefined)
        throw new StateFailure('States.NoChoiceMatched', `No choice of ${step.name} matched.`);
      const assigned = fillTemplate((rule ? rule.Assign : state.Assign) ?? {}, scope) as Variables;
      return {
        output: select(state.OutputPath, scope),
        variables: { ...step.variables, ...assigned },
        next: String(next),
      };
    }
    case 'Fail': {
      const read = (name: string) =>
        state[`${name}Path`] === undefined ? state[name] : readPath(String(state[`${name}Path`]), scope);
      throw new StateFailure(String(read('Error') ?? 'States.Failed'), String(read('Cause') ?? ''));
    }
    default: {
      const input = state.Parameters === undefined ? scope.input : fillTemplate(state.Parameters, scope);
      const number = (name: string) =>
        state[`${name}Path`] === undefined ? state[name] : readPath(String(state[`${name}Path`]), scope);
      const result = await effect({
        input,
        items: state.Type === 'Map' ? select(state.ItemsPath, scope) : undefined,
        seconds: number('Seconds'),
        timestamp: number('Timestamp'),
        timeoutSeconds: number('TimeoutSeconds'),
        selectItem: async (item, index) =>
          fillTemplate(state.ItemSelector ?? state.Parameters, {
            ...scope,
            context: { ...step.context, Map: { Item: { Index: index, Value: item } } },
          }),
      });
      const selected =
        state.ResultSelector === undefined
          ? result
          : fillTemplate(state.ResultSelector, { ...scope, input: result });
      const hasResult = ['Task', 'Parallel', 'Map', 'Pass'].includes(state.Type);
      const placed = hasResult
        ? placeResult(step.rawInput, selected, state.ResultPath as string | null | undefined)
        : scope.input;
      const output = select(state.OutputPath, { ...scope, input: placed });
      const assigned = fillTemplate(state.Assign ?? {}, { ...scope, input: selected }) as Variables;
      return { output, variables: { ...step.variables, ...assigned }, next: nextOf(state) };
    }
  }
}

async function caught(step: Step, catcher: Catcher, failure: StateFailure): Promise<Next> {
  const errorOutput = { Error: failure.error, Cause: failure.reason };
  const output = placeResult(step.rawInput, errorOutput, catcher.ResultPath);
  const assigned = fillTemplate(catcher.Assign ?? {}, { ...scopeOf(step), input: errorOutput }) as Variables;
  return { output, variables: { ...step.variables, ...assigned }, next: catcher.Next };
}

function scopeOf(step: Step): PathScope {
  return { input: step.rawInput, context: step.context, variables: step.variables };
}
