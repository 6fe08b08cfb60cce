// Executions: started once by name, run by the interpreter, gone on with after a restart, ended with a status.
import { randomUUID } from 'node:crypto';
import type { Cancel } from '@emotion-gallery/local-kit/clock';
import { AwsError, type ServiceContext } from '../../service';
import { announce, log } from './announcements';
import type { Execution, StateMachine } from './execution';
import type { ExecutionStore } from './execution-store';
import {
  type EventDraft,
  executionStarted,
  executionSucceeded,
  type HistoryEvent,
  toEvent,
} from './interpreter/history';
import { Interpreter } from './interpreter/interpreter';
import type { TaskCall } from './interpreter/task';
import type { Machine } from './language/asl';
import { parseDocument, textOf } from './language/document';
import { StateFailure, Stopped } from './language/failure';
import { taskEvents } from './tasks/resource';

/** How long the end of the process waits for answers of calls that were made. */
const LAST_ANSWERS_MS = 5_000;
/** On the wall clock. */
const RETRY_MS = 1_000;

export interface ExecutionsProps {
  readonly context: ServiceContext;
  readonly store: ExecutionStore;
  readonly machineOf: (arn: string) => StateMachine | undefined;
  readonly callTask: (execution: Execution, call: TaskCall) => Promise<unknown>;
}

interface Running {
  readonly abort: AbortController;
  readonly cancelTimeout: Cancel;
  readonly ended: Promise<Execution>;
  readonly resolve: (ended: Execution) => void;
}

type Ending = Pick<Execution, 'status' | 'output' | 'error' | 'cause'>;

export class Executions {
  private readonly running = new Map<string, Running>();
  private readonly closing = new AbortController();
  private readonly calls = new Set<Promise<unknown>>();

  constructor(private readonly props: ExecutionsProps) {}

  /** Goes on with what an earlier process was at. */
  resume(): void {
    for (const execution of this.props.store.open()) this.run(execution);
  }

  get(arn: string): Execution | undefined {
    return this.props.store.executions.get(arn);
  }

  all(): Execution[] {
    return [...this.props.store.executions.values()];
  }

  /** The same name with the same input is the same execution, while it runs. @throws ExecutionAlreadyExists */
  start(machine: StateMachine, input: string, name: string = randomUUID()): Execution {
    const { store, context } = this.props;
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const existing = this.get(arn);
    if (existing) {
      if (existing.status === 'RUNNING' && existing.input === input) return existing;
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const { definition, roleArn } = machine;
    const execution: Execution = {
      arn,
      name,
      machineArn: machine.arn,
      machineName: machine.name,
      revision: store.revisionKey({ definition, roleArn }),
      roleArn,
      input,
      status: 'RUNNING',
      startedAt: context.clock.now(),
    };
    const started = toEvent(executionStarted(input, roleArn), 1, 0, execution.startedAt);
    // The first state's event does not follow the execution's.
    store.start(execution, { definition, roleArn }, { ready: input, lastEvent: 0 }, started);
    this.run(execution);
    this.log(execution, [started]);
    this.announce(execution);
    return execution;
  }

  /** Ends an execution: nothing of it goes on. */
  stop(arn: string, error: string | undefined, cause: string | undefined): Execution | undefined {
    const execution = this.get(arn);
    if (execution?.status !== 'RUNNING') return execution;
    return this.end(execution, { status: 'ABORTED', error, cause });
  }

  /** Resolves when the execution has ended. */
  async ended(arn: string): Promise<Execution | undefined> {
    return this.running.get(arn)?.ended ?? this.get(arn);
  }

  history(arn: string): readonly HistoryEvent[] {
    return this.props.store.history(arn);
  }

  removeMachine(machineArn: string): void {
    for (const { arn } of this.all().filter((execution) => execution.machineArn === machineArn)) {
      this.stop(arn, undefined, 'The state machine was deleted');
      this.props.store.remove(arn);
    }
  }

  /** Executions stay as they are on disk, and go on with the next process. Answers that come in time are kept. */
  async close(): Promise<void> {
    this.closing.abort();
    for (const { cancelTimeout } of this.running.values()) cancelTimeout();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_ANSWERS_MS);
    });
    await Promise.race([Promise.allSettled(this.calls), late]);
    clearTimeout(timer);
    // The answers are written when this turn of the event loop is over.
    await new Promise((resolve) => setImmediate(resolve));
    for (const { abort } of this.running.values()) abort.abort();
  }

  private run(execution: Execution): void {
    const machine = JSON.parse(this.props.store.revisionOf(execution).definition) as Machine;
    const abort = new AbortController();
    // Who waits for an execution that is run anew goes on waiting.
    const waiting = this.running.get(execution.arn);
    waiting?.cancelTimeout();
    let resolve: Running['resolve'] = waiting?.resolve ?? (() => undefined);
    const ended =
      waiting?.ended ??
      new Promise<Execution>((settle) => {
        resolve = settle;
      });
    const cancelTimeout = this.startTimeout(execution, machine);
    this.running.set(execution.arn, { abort, cancelTimeout, ended, resolve });
    void this.interpret(execution, machine, abort.signal);
  }

  private startTimeout(execution: Execution, { TimeoutSeconds }: Machine): Cancel {
    if (TimeoutSeconds === undefined) return () => undefined;
    const { clock } = this.props.context;
    const left = TimeoutSeconds * 1000 - (clock.now() - execution.startedAt) * clock.speed;
    return clock.after(Math.max(0, left), () => {
      try {
        this.end(execution, { status: 'TIMED_OUT' });
      } catch (error) {
        this.runLater(execution, error);
      }
    });
  }

  private async interpret(execution: Execution, machine: Machine, signal: AbortSignal): Promise<void> {
    try {
      const scope = { key: '', machine, signal, outer: {}, context: {}, atEnd: [] };
      const output = await this.interpreter(execution, machine).run(scope);
      this.end(execution, { status: 'SUCCEEDED', output: textOf(output) });
    } catch (thrown) {
      if (thrown instanceof Stopped || this.closing.signal.aborted) return;
      try {
        if (!(thrown instanceof StateFailure)) throw thrown;
        this.end(execution, { status: 'FAILED', error: thrown.error, cause: thrown.reason });
      } catch (error) {
        this.runLater(execution, error);
      }
    }
  }

  /** When the disk refused what an execution did, it goes on from where it was on the disk. */
  private runLater(execution: Execution, error: unknown): void {
    const { context } = this.props;
    context.log(`${execution.arn} is gone on with in a moment: ${String(error)}`);
    this.running.get(execution.arn)?.abort.abort();
    context.clock.after(RETRY_MS * context.clock.speed, () => {
      if (!this.closing.signal.aborted && this.get(execution.arn)?.status === 'RUNNING') this.run(execution);
    });
  }

  private interpreter(execution: Execution, machine: Machine): Interpreter {
    const { context } = this.props;
    return new Interpreter({
      clock: context.clock,
      closing: this.closing.signal,
      journal: this.props.store.journal(execution.arn, (events) => this.log(execution, events)),
      language: machine.QueryLanguage,
      context: {
        Execution: {
          Id: execution.arn,
          Input: parseDocument(execution.input),
          StartTime: new Date(execution.startedAt).toISOString(),
          Name: execution.name,
          RoleArn: execution.roleArn,
          RedriveCount: 0,
        },
        StateMachine: { Id: execution.machineArn, Name: execution.machineName },
      },
      tasks: {
        events: (resource) => taskEvents(resource, context.region),
        run: (call) => this.track(this.props.callTask(execution, call)),
      },
    });
  }

  private async track<T>(call: Promise<T>): Promise<T> {
    this.calls.add(call);
    try {
      return await call;
    } finally {
      this.calls.delete(call);
    }
  }

  private end(execution: Execution, ending: Ending): Execution {
    const known = this.get(execution.arn);
    if (known?.status !== 'RUNNING') return known ?? execution;
    const { context, store } = this.props;
    const ended: Execution = { ...execution, ...ending, stoppedAt: context.clock.now() };
    const journal = store.journal(execution.arn);
    const follows = journal.branch('')?.lastEvent ?? 0;
    const event = toEvent(lastEvent(ended), journal.lastEventId + 1, follows, context.clock.now());
    store.end(ended, event);
    const running = this.running.get(execution.arn);
    this.running.delete(execution.arn);
    // From here on no branch does anything.
    running?.abort.abort();
    running?.cancelTimeout();
    this.log(ended, [event]);
    this.announce(ended);
    running?.resolve(ended);
    return ended;
  }

  /** What others are not told does not end what has happened. */
  private announce(execution: Execution): void {
    const { context } = this.props;
    try {
      announce(context, execution);
    } catch (error) {
      context.log(`nobody was told that ${execution.arn} is ${execution.status}: ${String(error)}`);
    }
  }

  private log(execution: Execution, events: readonly HistoryEvent[]): void {
    const { context, machineOf } = this.props;
    log(context, machineOf(execution.machineArn)?.loggingConfiguration, execution, events);
  }
}

function lastEvent({ status, output, error, cause }: Execution): EventDraft {
  if (status === 'SUCCEEDED') return executionSucceeded(output ?? 'null');
  const details = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  if (status === 'FAILED') return { type: 'ExecutionFailed', details };
  // These two come from outside of all states.
  return { type: status === 'TIMED_OUT' ? 'ExecutionTimedOut' : 'ExecutionAborted', details, follows: 0 };
}
