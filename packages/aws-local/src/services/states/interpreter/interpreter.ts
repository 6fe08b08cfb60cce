// Runs a branch, state by state, from wherever its record says that it is.
import type { Clock } from '@emotion-gallery/local-kit/clock';
import type { Machine, QueryLanguage, Retrier, State } from '../language/asl';
import { parseDocument, textOf } from '../language/document';
import {
  EvaluationFailure,
  matching,
  NotWritten,
  RuntimeFailure,
  StateFailure,
  Stopped,
} from '../language/failure';
import { limit } from '../language/limits';
import type { Variables } from '../query/jsonata';
import { Branch, type BranchScope, HistoryFull, type Journal } from './branch';
import type { Checkpoint, Delay } from './checkpoint';
import { runChildren } from './children';
import { type EventDraft, entered, exited } from './history';
import { jsonataStates } from './state-jsonata';
import { jsonPathStates } from './state-jsonpath';
import type { Next, StateLanguage, Step } from './step';
import { runTask, type TaskService } from './task';

export interface InterpreterProps {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly tasks: TaskService;
  /** The machine's: what the states inside others have as well. @default JSONPath */
  readonly language: QueryLanguage | undefined;
  /** The context object without what changes by state. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Aborted when the process ends. */
  readonly closing: AbortSignal;
}

export class Interpreter {
  constructor(private readonly props: InterpreterProps) {}

  /** Runs a branch to its end and returns its output. @throws StateFailure, Stopped */
  async run(scope: BranchScope): Promise<unknown> {
    const record = this.props.journal.branch(scope.key);
    if (!record) throw new Error(`there is no record of the branch '${scope.key}'`);
    if ('output' in record) return parseDocument(record.output);
    const branch =
      'ready' in record
        ? this.begin(scope, parseDocument(record.ready), record.lastEvent)
        : this.open(scope, record);
    let input: unknown = parseDocument(branch.at.input);
    for (;;) {
      branch.check();
      const step = this.step(branch, scope, input);
      const { output, assigned, next } = await this.visit(branch, step, scope);
      const text = textOf(output);
      const exit = exited(step.state.Type, step.name, text, assigned);
      if (next === undefined) {
        branch.end(text, [exit, ...scope.atEnd]);
        return output;
      }
      this.enter(branch, scope, next, text, { ...branch.at.variables, ...assigned }, [exit]);
      input = output;
    }
  }

  private begin(scope: BranchScope, input: unknown, lastEvent: number): Branch {
    const nowhere = { state: '', input: '', variables: {}, attempts: [] };
    const branch = this.open(scope, {
      ...nowhere,
      enteredAt: 0,
      enteredEvent: 0,
      enteredAfter: 0,
      lastEvent,
    });
    this.enter(branch, scope, scope.machine.StartAt, textOf(input), scope.outer, []);
    return branch;
  }

  private open(scope: BranchScope, checkpoint: Checkpoint): Branch {
    const { clock, journal, closing } = this.props;
    return new Branch({ key: scope.key, clock, journal, signal: scope.signal, closing }, checkpoint);
  }

  private enter(
    branch: Branch,
    scope: BranchScope,
    name: string,
    input: string,
    variables: Variables,
    before: readonly EventDraft[],
  ): void {
    const state = stateOf(scope.machine, name);
    const fresh = {
      retry: undefined,
      pause: undefined,
      task: undefined,
      children: undefined,
      outcome: undefined,
    };
    const enteredEvent = branch.nextEventId + before.length;
    branch.record(
      {
        ...fresh,
        state: name,
        input,
        variables,
        attempts: [],
        enteredAt: this.props.clock.now(),
        enteredEvent,
        enteredAfter: before.length === 0 ? branch.at.lastEvent : enteredEvent - 1,
      },
      [...before, entered(state.Type, name, input)],
    );
  }

  private step(branch: Branch, scope: BranchScope, input: unknown): Step {
    const { state: name, variables, enteredAt, attempts } = branch.at;
    const state = stateOf(scope.machine, name);
    const RetryCount = attempts.reduce((sum, count) => sum + count, 0);
    const State = {
      Name: name,
      EnteredTime: new Date(enteredAt).toISOString(),
      ...((RetryCount > 0 || ('Retry' in state && state.Retry !== undefined)) && { RetryCount }),
    };
    return {
      name,
      state,
      language: state.QueryLanguage ?? this.props.language ?? 'JSONPath',
      input,
      variables,
      enteredAt,
      context: { ...this.props.context, ...scope.context, State },
    };
  }

  /** One state with its retriers and catchers. */
  private async visit(branch: Branch, step: Step, scope: BranchScope): Promise<Next> {
    const language: StateLanguage = step.language === 'JSONata' ? jsonataStates : jsonPathStates;
    for (;;) {
      const { retry } = branch.at;
      if (retry) {
        await branch.rest(retry);
        branch.record({ retry: undefined });
      }
      const current = retry ? this.step(branch, scope, step.input) : step;
      try {
        const next = await this.attempt(branch, current, language, scope);
        limit(step.name, next.output);
        return next;
      } catch (thrown) {
        if (thrown instanceof Stopped || thrown instanceof HistoryFull || thrown instanceof NotWritten)
          throw thrown;
        const next = await this.failed(branch, current, language, toFailure(thrown));
        if (next) return next;
      }
    }
  }

  private async attempt(
    branch: Branch,
    step: Step,
    language: StateLanguage,
    scope: BranchScope,
  ): Promise<Next> {
    switch (step.state.Type) {
      case 'Choice':
        return language.choose(step);
      case 'Fail':
        throw await language.failure(step);
      case 'Wait':
        await this.wait(branch, step, language);
        return language.exit(step, step.input);
      case 'Task':
        return language.exit(step, await runTask(branch, step, language, this.props.tasks));
      case 'Parallel':
      case 'Map':
        return language.exit(
          step,
          await runChildren((child) => this.run(child), branch, step, language, scope),
        );
      default:
        return language.exit(step, step.state.Result ?? (await language.input(step)));
    }
  }

  private async wait(branch: Branch, step: Step, language: StateLanguage): Promise<void> {
    let { pause } = branch.at;
    if (!pause) {
      const asked = await language.pause(step);
      const ms = 'seconds' in asked ? asked.seconds * 1000 : asked.until - step.enteredAt;
      if (ms > LONGEST_WAIT_MS) throw new RuntimeFailure('Wait state delay is too long.');
      pause = { since: step.enteredAt, ms };
      branch.record({ pause });
    }
    await branch.rest(pause);
  }

  /** Where a failure leads: nowhere when the state is tried again. @throws StateFailure when nothing takes it */
  private async failed(
    branch: Branch,
    step: Step,
    language: StateLanguage,
    thrown: StateFailure,
  ): Promise<Next | undefined> {
    branch.check();
    const failure = named(thrown, step.name, branch.at.enteredEvent);
    const events =
      thrown instanceof EvaluationFailure ? [evaluationFailed(branch, step, thrown, failure)] : [];
    const delay = retryDelay(branch, step.state, failure);
    if (delay) {
      const again = { task: undefined, children: undefined, outcome: undefined, pause: undefined };
      branch.record({ ...again, ...delay }, events);
      return undefined;
    }
    const isContainer = step.state.Type === 'Map' || step.state.Type === 'Parallel';
    if (isContainer && (branch.at.outcome || events.length > 0))
      events.push({ type: `${step.state.Type}StateFailed` });
    if (events.length > 0) branch.record({}, events);
    const catcher = matching(step.state.Catch, failure);
    if (!catcher) throw failure;
    try {
      return await language.caught(step, catcher, failure);
    } catch (again) {
      const fault = named(toFailure(again), step.name, branch.at.enteredEvent);
      if (again instanceof EvaluationFailure)
        branch.record({}, [evaluationFailed(branch, step, again, fault)]);
      throw fault;
    }
  }
}

/** What AWS waits at most: 68 years. */
const LONGEST_WAIT_MS = (2 ** 31 - 1) * 1000;

function stateOf(machine: Machine, name: string): State {
  const state = machine.States[name];
  if (!state) throw new RuntimeFailure(`There is no state '${name}'.`);
  return state;
}

function toFailure(thrown: unknown): StateFailure {
  return thrown instanceof StateFailure ? thrown : new RuntimeFailure(String(thrown));
}

/** A failure whose cause says where it came about. */
function named(failure: StateFailure, state: string, enteredEvent: number): StateFailure {
  if (!(failure instanceof RuntimeFailure || failure instanceof EvaluationFailure)) return failure;
  const where = `An error occurred while executing the state '${state}' (entered at the event id #${enteredEvent}).`;
  return new StateFailure(failure.error, `${where} ${failure.detail}`);
}

function evaluationFailed(
  branch: Branch,
  step: Step,
  { location }: EvaluationFailure,
  { error, reason }: StateFailure,
): EventDraft {
  const { lastEvent, enteredEvent, enteredAfter } = branch.at;
  // Fields that are evaluated when a state is entered fail, on AWS, before it is.
  const isAtEntry = lastEvent === enteredEvent && step.state.Type !== 'Wait';
  return {
    type: 'EvaluationFailed',
    details: { error, cause: reason, state: step.name, ...(location !== undefined && { location }) },
    ...(isAtEntry && { follows: enteredAfter }),
  };
}

function retryDelay(
  branch: Branch,
  state: State,
  failure: StateFailure,
): { attempts: number[]; retry: Delay } | undefined {
  const retrier = matching(state.Retry, failure);
  if (!retrier) return undefined;
  const index = (state.Retry as readonly Retrier[]).indexOf(retrier);
  const used = branch.at.attempts[index] ?? 0;
  if (used >= (retrier.MaxAttempts ?? 3)) return undefined;
  const attempts = (state.Retry as readonly Retrier[]).map((_, at) => branch.at.attempts[at] ?? 0);
  attempts[index] = used + 1;
  const seconds = Math.min(
    (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used,
    retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
  );
  const ms = (retrier.JitterStrategy === 'FULL' ? Math.random() * seconds : seconds) * 1000;
  return { attempts, retry: branch.delay(ms) };
}
