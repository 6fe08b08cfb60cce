// States whose fields are JSONata: Arguments, Output and Assign, with the state in `$states`.
import type { Catcher } from './asl';
import { StateFailure } from './failure';
import { evaluateTemplate, type JsonataScope, type Variables } from './query-jsonata';
import { type Effect, type Next, nextOf, type StateLanguage, type Step } from './step';

export const jsonataStates: StateLanguage = { execute, caught };

async function execute(step: Step, effect: Effect): Promise<Next> {
  const { state } = step;
  const before = scopeOf(step, {});
  const value = (template: unknown) => evaluateTemplate(template, before);
  switch (state.Type) {
    case 'Choice': {
      for (const rule of (state.Choices ?? []) as {
        Condition: unknown;
        Next: string;
        Output?: unknown;
        Assign?: Record<string, unknown>;
      }[]) {
        if ((await value(rule.Condition)) !== true) continue;
        const output = rule.Output === undefined ? step.rawInput : await value(rule.Output);
        return { output, variables: await assigned(step, rule.Assign, before), next: rule.Next };
      }
      if (state.Default === undefined)
        throw new StateFailure('States.NoChoiceMatched', `No choice of ${step.name} matched.`);
      const output = state.Output === undefined ? step.rawInput : await value(state.Output);
      return {
        output,
        variables: await assigned(step, state.Assign, before),
        next: String(state.Default),
      };
    }
    case 'Fail':
      throw new StateFailure(
        String((await value(state.Error)) ?? 'States.Failed'),
        String((await value(state.Cause)) ?? ''),
      );
    default: {
      const result = await effect({
        input: state.Arguments === undefined ? step.rawInput : await value(state.Arguments),
        items: state.Items === undefined ? step.rawInput : await value(state.Items),
        seconds: await value(state.Seconds),
        timestamp: await value(state.Timestamp),
        timeoutSeconds: await value(state.TimeoutSeconds),
        selectItem: (item, index) =>
          evaluateTemplate(
            state.ItemSelector,
            scopeOf(
              { ...step, context: { ...step.context, Map: { Item: { Index: index, Value: item } } } },
              {},
            ),
          ),
      });
      const hasResult = ['Task', 'Parallel', 'Map'].includes(state.Type);
      const scope = scopeOf(step, hasResult ? { result } : {});
      const output =
        state.Output === undefined
          ? hasResult
            ? result
            : step.rawInput
          : await evaluateTemplate(state.Output, scope);
      return {
        output,
        variables: await assigned(step, state.Assign, scope),
        next: nextOf(state),
      };
    }
  }
}

async function caught(step: Step, catcher: Catcher, failure: StateFailure): Promise<Next> {
  const errorOutput = { Error: failure.error, Cause: failure.reason };
  const scope = scopeOf(step, { errorOutput });
  const output = catcher.Output === undefined ? errorOutput : await evaluateTemplate(catcher.Output, scope);
  return { output, variables: await assigned(step, catcher.Assign, scope), next: catcher.Next };
}

async function assigned(
  step: Step,
  assign: Readonly<Record<string, unknown>> | undefined,
  scope: JsonataScope,
): Promise<Variables> {
  if (!assign) return step.variables;
  return { ...step.variables, ...((await evaluateTemplate(assign, scope)) as Variables) };
}

function scopeOf(
  step: Step,
  more: { readonly result?: unknown; readonly errorOutput?: unknown },
): JsonataScope {
  return {
    variables: step.variables,
    states: { input: step.rawInput, context: step.context, ...more },
    time: step.enteredAt,
  };
}
