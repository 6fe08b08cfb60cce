// Runs a machine, state by state. What it did is in the journal: a resumed execution runs again from its start, and takes the
// results of finished tasks and the beginnings of waits from there.
import type { Cancel, Clock } from '../../../personalize/clock/clock';
import {
  type Catcher,
  innerMachines,
  type Machine,
  parseMachine,
  type QueryLanguage,
  type State,
} from './asl';
import { ExecutionStopped, matching, StateFailure } from './failure';
import { evaluateTemplate, type JsonataScope, type Variables } from './query-jsonata';
import { fillTemplate, type PathScope, placeResult, readPath, ruleHolds } from './query-jsonpath';

/** What is remembered of one visit to a state. */
export interface Visit {
  /** Milliseconds since the epoch. */
  readonly enteredAt: number;
  /** Its end is in the history. */
  readonly hasEnded?: true;
  readonly outcome?: { readonly result: unknown } | { readonly error: string; readonly cause: string };
}

export interface InterpreterProps {
  readonly clock: Clock;
  /** The context object without what changes by state. */
  readonly context: Readonly<Record<string, unknown>>;
  readonly visit: (key: string) => Visit | undefined;
  readonly record: (key: string, visit: Visit) => void;
  readonly history: (type: string, details: Readonly<Record<string, unknown>>) => void;
  readonly runTask: (resource: string, input: unknown) => Promise<unknown>;
  /** Rejects when the execution is stopped. */
  readonly stopped: Promise<never>;
}

interface Step {
  readonly key: string;
  readonly name: string;
  readonly state: State;
  readonly language: QueryLanguage;
  readonly rawInput: unknown;
  readonly variables: Variables;
  readonly enteredAt: number;
  readonly context: Readonly<Record<string, unknown>>;
}

interface Next {
  readonly output: unknown;
  readonly variables: Variables;
  readonly next: string | undefined;
}

export class Interpreter {
  constructor(private readonly props: InterpreterProps) {}

  /** @throws StateFailure, ExecutionStopped */
  async run(
    machine: Machine,
    input: unknown,
    branch = '',
    outer: Variables = {},
    language: QueryLanguage = machine.QueryLanguage ?? 'JSONPath',
    extra: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    let name: string | undefined = machine.StartAt;
    let current: unknown = input;
    let variables = outer;
    for (let count = 0; name !== undefined; count += 1) {
      const state: State | undefined = machine.States[name];
      if (!state) throw new StateFailure('States.Runtime', `there is no state ${name}`);
      const key = `${branch}${count}`;
      const known = this.props.visit(key);
      const enteredAt = known?.enteredAt ?? this.props.clock.now();
      if (!known) {
        this.props.record(key, { enteredAt });
        this.props.history(`${state.Type}StateEntered`, {
          stateEnteredEventDetails: { name, input: JSON.stringify(current) },
        });
      }
      const context = {
        ...this.props.context,
        ...extra,
        State: { Name: name, EnteredTime: new Date(enteredAt).toISOString(), RetryCount: 0 },
      };
      const step: Step = {
        key,
        name,
        state,
        language: state.QueryLanguage ?? language,
        rawInput: current,
        variables,
        enteredAt,
        context,
      };
      const next: Next = await Promise.race([this.attempt(step), this.props.stopped]);
      if (!known?.hasEnded) this.exited(step, next.output);
      current = next.output;
      variables = next.variables;
      name = next.next;
    }
    return current;
  }

  private exited(step: Step, output: unknown): void {
    const visit = this.props.visit(step.key) ?? { enteredAt: step.enteredAt };
    this.props.record(step.key, { ...visit, hasEnded: true });
    this.props.history(`${step.state.Type}StateExited`, {
      stateExitedEventDetails: { name: step.name, output: JSON.stringify(output) },
    });
  }

  /** One state with its retriers and catchers. */
  private async attempt(step: Step): Promise<Next> {
    const used = new Map<unknown, number>();
    for (;;) {
      try {
        return await this.execute(step);
      } catch (thrown) {
        if (thrown instanceof ExecutionStopped) throw thrown;
        const failure =
          thrown instanceof StateFailure ? thrown : new StateFailure('States.Runtime', String(thrown));
        const retrier = matching(step.state.Retry, failure.error);
        const attempts = used.get(retrier) ?? 0;
        if (retrier && attempts < retrier.MaxAttempts) {
          used.set(retrier, attempts + 1);
          const delay = Math.min(
            retrier.IntervalSeconds * retrier.BackoffRate ** attempts,
            retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
          );
          await this.sleep((retrier.JitterStrategy === 'FULL' ? Math.random() * delay : delay) * 1000);
          continue;
        }
        const catcher = matching(step.state.Catch, failure.error);
        if (!catcher) throw failure;
        return this.caught(step, catcher, failure);
      }
    }
  }

  private async caught(step: Step, catcher: Catcher, failure: StateFailure): Promise<Next> {
    const errorOutput = { Error: failure.error, Cause: failure.reason };
    if (step.language === 'JSONata') {
      const scope = this.jsonata(step, { errorOutput });
      const output =
        catcher.Output === undefined ? errorOutput : await evaluateTemplate(catcher.Output, scope);
      return { output, variables: await this.assigned(step, catcher.Assign, scope), next: catcher.Next };
    }
    const output = placeResult(step.rawInput, errorOutput, catcher.ResultPath);
    const assigned = fillTemplate(catcher.Assign ?? {}, {
      ...this.paths(step),
      input: errorOutput,
    }) as Variables;
    return { output, variables: { ...step.variables, ...assigned }, next: catcher.Next };
  }

  private execute(step: Step): Promise<Next> {
    return step.language === 'JSONata' ? this.executeJsonata(step) : this.executeJsonPath(step);
  }

  private async executeJsonata(step: Step): Promise<Next> {
    const { state } = step;
    const before = this.jsonata(step, {});
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
          return { output, variables: await this.assigned(step, rule.Assign, before), next: rule.Next };
        }
        if (state.Default === undefined)
          throw new StateFailure('States.NoChoiceMatched', `No choice of ${step.name} matched.`);
        const output = state.Output === undefined ? step.rawInput : await value(state.Output);
        return {
          output,
          variables: await this.assigned(step, state.Assign, before),
          next: String(state.Default),
        };
      }
      case 'Fail':
        throw new StateFailure(
          String((await value(state.Error)) ?? 'States.Failed'),
          String((await value(state.Cause)) ?? ''),
        );
      default: {
        const result = await this.result(step, {
          input: state.Arguments === undefined ? step.rawInput : await value(state.Arguments),
          items: state.Items === undefined ? step.rawInput : await value(state.Items),
          seconds: await value(state.Seconds),
          timestamp: await value(state.Timestamp),
          timeoutSeconds: await value(state.TimeoutSeconds),
          selectItem: (item, index) =>
            evaluateTemplate(
              state.ItemSelector,
              this.jsonata(
                { ...step, context: { ...step.context, Map: { Item: { Index: index, Value: item } } } },
                {},
              ),
            ),
        });
        const hasResult = ['Task', 'Parallel', 'Map'].includes(state.Type);
        const scope = this.jsonata(step, hasResult ? { result } : {});
        const output =
          state.Output === undefined
            ? hasResult
              ? result
              : step.rawInput
            : await evaluateTemplate(state.Output, scope);
        return {
          output,
          variables: await this.assigned(step, state.Assign, scope),
          next: this.nextOf(state),
        };
      }
    }
  }

  private async executeJsonPath(step: Step): Promise<Next> {
    const { state } = step;
    const raw = this.paths(step);
    const select = (path: unknown, scope: PathScope) =>
      path === null ? {} : path === undefined ? scope.input : readPath(String(path), scope);
    const scope: PathScope = { ...raw, input: select(state.InputPath, raw) };
    switch (state.Type) {
      case 'Choice': {
        const rule = ((state.Choices ?? []) as Record<string, unknown>[]).find((one) =>
          ruleHolds(one, scope),
        );
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
        const result = await this.result(step, {
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
        return { output, variables: { ...step.variables, ...assigned }, next: this.nextOf(state) };
      }
    }
  }

  /** What a state brings about; from the journal if it was already. */
  private async result(step: Step, prepared: Prepared): Promise<unknown> {
    const { state } = step;
    switch (state.Type) {
      case 'Pass':
        return state.Result ?? prepared.input;
      case 'Wait':
        await this.wait(step, prepared);
        return prepared.input;
      case 'Task':
        return this.task(step, prepared);
      case 'Parallel':
        return this.parallel(step, prepared.input);
      case 'Map':
        return this.map(step, prepared);
      default:
        return prepared.input;
    }
  }

  private async task(step: Step, prepared: Prepared): Promise<unknown> {
    const known = this.props.visit(step.key)?.outcome;
    if (known && 'result' in known) return known.result;
    const resource = step.state.Resource ?? '';
    this.props.history('TaskScheduled', {
      taskScheduledEventDetails: { resource, parameters: JSON.stringify(prepared.input) },
    });
    try {
      const result = await this.withTimeout(
        this.props.runTask(resource, prepared.input),
        prepared.timeoutSeconds,
      );
      this.props.record(step.key, { enteredAt: step.enteredAt, outcome: { result } });
      this.props.history('TaskSucceeded', {
        taskSucceededEventDetails: { resource, output: JSON.stringify(result) },
      });
      return result;
    } catch (error) {
      if (error instanceof StateFailure) {
        this.props.history('TaskFailed', {
          taskFailedEventDetails: { resource, error: error.error, cause: error.reason },
        });
      }
      throw error;
    }
  }

  private async withTimeout<T>(work: Promise<T>, seconds: unknown): Promise<T> {
    if (typeof seconds !== 'number') return work;
    let cancel: Cancel | undefined;
    const timeout = new Promise<never>((_, reject) => {
      cancel = this.props.clock.after(seconds * 1000, () =>
        reject(new StateFailure('States.Timeout', `The task took longer than ${seconds} seconds.`)),
      );
    });
    try {
      return await Promise.race([work, timeout]);
    } finally {
      cancel?.();
    }
  }

  private async wait(step: Step, { seconds, timestamp }: Prepared): Promise<void> {
    const until =
      typeof seconds === 'number' ? step.enteredAt + seconds * 1000 : Date.parse(String(timestamp));
    if (Number.isNaN(until))
      throw new StateFailure('States.Runtime', `${step.name} does not say how long to wait.`);
    const visit = this.props.visit(step.key);
    if (visit?.outcome) return;
    await this.sleep(until - this.props.clock.now());
    this.props.record(step.key, { enteredAt: step.enteredAt, outcome: { result: null } });
  }

  private async parallel(step: Step, input: unknown): Promise<unknown> {
    const branches = innerMachines(step.state).map((machine) => parseMachine(machine));
    return Promise.all(
      branches.map((machine, index) =>
        this.run(
          machine,
          input,
          `${step.key}.${index}/`,
          step.variables,
          machine.QueryLanguage ?? step.language,
        ),
      ),
    );
  }

  private async map(step: Step, prepared: Prepared): Promise<unknown> {
    const { items } = prepared;
    if (!Array.isArray(items))
      throw new StateFailure('States.Runtime', `The items of ${step.name} are not a list.`);
    const machine = parseMachine(innerMachines(step.state)[0]);
    const limit = Number(step.state.MaxConcurrency ?? 0) || items.length;
    const results: unknown[] = new Array(items.length);
    let next = 0;
    const hasSelector =
      step.state.ItemSelector !== undefined ||
      (step.language === 'JSONPath' && step.state.Parameters !== undefined);
    const worker = async () => {
      for (let index = next++; index < items.length; index = next++) {
        const item: unknown = items[index];
        const input = hasSelector ? await prepared.selectItem(item, index) : item;
        const extra = { Map: { Item: { Index: index, Value: item } } };
        results[index] = await this.run(
          machine,
          input,
          `${step.key}.${index}/`,
          step.variables,
          machine.QueryLanguage ?? step.language,
          extra,
        );
      }
    };
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
    return results;
  }

  private async assigned(
    step: Step,
    assign: Readonly<Record<string, unknown>> | undefined,
    scope: JsonataScope,
  ): Promise<Variables> {
    if (!assign) return step.variables;
    return { ...step.variables, ...((await evaluateTemplate(assign, scope)) as Variables) };
  }

  private jsonata(
    step: Step,
    more: { readonly result?: unknown; readonly errorOutput?: unknown },
  ): JsonataScope {
    return {
      variables: step.variables,
      states: { input: step.rawInput, context: step.context, ...more },
      time: step.enteredAt,
    };
  }

  private paths(step: Step): PathScope {
    return { input: step.rawInput, context: step.context, variables: step.variables };
  }

  private nextOf(state: State): string | undefined {
    return state.Type === 'Succeed' || state.End ? undefined : state.Next;
  }

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.props.clock.after(Math.max(0, ms), resolve));
  }
}

/** A state's fields, evaluated. */
interface Prepared {
  readonly input: unknown;
  readonly items: unknown;
  readonly seconds: unknown;
  readonly timestamp: unknown;
  readonly timeoutSeconds: unknown;
  readonly selectItem: (item: unknown, index: number) => Promise<unknown>;
}
