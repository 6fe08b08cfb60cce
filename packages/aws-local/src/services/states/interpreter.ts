// Runs a machine, state by state. What it did is in the journal: a resumed execution runs again from its start, and takes the
// results of finished tasks and the beginnings of waits from there.
import type { Cancel, Clock } from '@emotion-gallery/local-kit/clock';
import { innerMachines, type Machine, parseMachine, type QueryLanguage, type State } from './asl';
import { ExecutionStopped, matching, StateFailure } from './failure';
import type { Variables } from './query-jsonata';
import { jsonataStates } from './state-jsonata';
import { jsonPathStates } from './state-jsonpath';
import type { Next, Prepared, StateLanguage, Step } from './step';

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
    const language: StateLanguage = step.language === 'JSONata' ? jsonataStates : jsonPathStates;
    const used = new Map<unknown, number>();
    for (;;) {
      try {
        return await language.execute(step, (prepared) => this.result(step, prepared));
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
        return language.caught(step, catcher, failure);
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

  private sleep(ms: number): Promise<void> {
    return new Promise((resolve) => this.props.clock.after(Math.max(0, ms), resolve));
  }
}
