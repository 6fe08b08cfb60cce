// Executions: started once by name, run by the interpreter, resumed after a restart, ended with a status.
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudWatchService, EventsService, LogsService } from '../../ports';
import { AwsError, type Principal, type ServiceContext, type Shape } from '../../service';
import { JournaledMap } from '../shared/journaled-map';
import { type Machine, parseDefinition } from './asl';
import { ExecutionStopped, StateFailure } from './failure';
import { Interpreter, type Visit } from './interpreter';
import { runTask } from './tasks';

export interface StateMachine {
  readonly name: string;
  readonly arn: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type: 'STANDARD' | 'EXPRESS';
  readonly createdAt: number;
  readonly revision: string;
  readonly loggingConfiguration?: {
    readonly level?: string;
    readonly destinations?: readonly {
      readonly cloudWatchLogsLogGroup?: { readonly logGroupArn?: string };
    }[];
  };
  readonly tags: Readonly<Record<string, string>>;
}

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface Execution {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  /** The definition and role that it began with. */
  readonly definition: string;
  readonly roleArn: string;
  readonly input: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

interface Running {
  readonly stop: (error: string | undefined, cause: string | undefined) => void;
  readonly ended: Promise<Execution>;
}

export class Executions {
  readonly all: JournaledMap<Execution>;
  private readonly visits: JournaledMap<Visit>;
  private readonly running = new Map<string, Running>();
  private readonly histories: string;
  private closed = false;

  constructor(
    private readonly context: ServiceContext,
    private readonly machines: JournaledMap<StateMachine>,
  ) {
    this.all = new JournaledMap(join(context.stateDir, 'executions.jsonl'));
    this.visits = new JournaledMap(join(context.stateDir, 'visits.jsonl'));
    this.histories = join(context.stateDir, 'histories');
    mkdirSync(this.histories, { recursive: true });
  }

  /** Goes on with what an earlier process was at. */
  resume(): void {
    for (const execution of [...this.all.values()]) if (execution.status === 'RUNNING') this.run(execution);
  }

  /** The same name with the same input is the same execution, while it runs. @throws ExecutionAlreadyExists */
  start(machine: StateMachine, input: string, name: string = randomUUID()): Execution {
    const arn = `${machine.arn.replace(':stateMachine:', ':execution:')}:${name}`;
    const existing = this.all.get(arn);
    if (existing) {
      if (existing.status === 'RUNNING' && existing.input === input) return existing;
      throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    const execution: Execution = {
      arn,
      name,
      machineArn: machine.arn,
      machineName: machine.name,
      definition: machine.definition,
      roleArn: machine.roleArn,
      input,
      status: 'RUNNING',
      startedAt: this.context.clock.now(),
    };
    this.all.put(arn, execution);
    this.addHistory(execution, 'ExecutionStarted', {
      executionStartedEventDetails: { input, roleArn: machine.roleArn },
    });
    this.announce(execution);
    this.metric(execution, 'ExecutionsStarted');
    this.run(execution);
    return execution;
  }

  stop(arn: string, error: string | undefined, cause: string | undefined): void {
    this.running.get(arn)?.stop(error, cause);
  }

  /** Resolves when the execution has ended. */
  async ended(arn: string): Promise<Execution | undefined> {
    return this.running.get(arn)?.ended ?? this.all.get(arn);
  }

  history(arn: string): Shape[] {
    const file = this.historyFile(arn);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n');
    lines.pop();
    return lines.map((line, index) => {
      const { at, ...event } = JSON.parse(line) as { at: number } & Shape;
      return { timestamp: new Date(at), id: index + 1, previousEventId: index, ...event };
    });
  }

  removeMachine(machineArn: string): void {
    for (const execution of [...this.all.values()]) {
      if (execution.machineArn !== machineArn) continue;
      this.stop(execution.arn, undefined, 'The state machine was deleted');
      this.all.delete(execution.arn);
      rmSync(this.historyFile(execution.arn), { force: true });
    }
  }

  /** Executions stay as they are on disk, and go on with the next process. */
  close(): void {
    this.closed = true;
    this.all.close();
    this.visits.close();
  }

  private run(execution: Execution): void {
    let stop: Running['stop'] = () => undefined;
    const stopped = new Promise<never>((_, reject) => {
      stop = (error, cause) => reject(Object.assign(new ExecutionStopped(), { details: { error, cause } }));
    });
    // It may never be waited for, when the execution ends by itself.
    stopped.catch(() => undefined);
    const ended = this.interpret(execution, stopped).finally(() => this.running.delete(execution.arn));
    this.running.set(execution.arn, { stop, ended });
  }

  private async interpret(execution: Execution, stopped: Promise<never>): Promise<Execution> {
    let ending: Partial<Execution>;
    try {
      const machine: Machine = parseDefinition(execution.definition);
      const output = await Promise.race([
        this.interpreter(execution, stopped).run(machine, JSON.parse(execution.input)),
        this.deadline(execution, machine),
      ]);
      ending = { status: 'SUCCEEDED', output: JSON.stringify(output) };
    } catch (thrown) {
      ending = endingOf(thrown);
    }
    if (this.closed) return execution;
    return this.end(execution, ending);
  }

  private interpreter(execution: Execution, stopped: Promise<never>): Interpreter {
    const { context } = this;
    const startTime = new Date(execution.startedAt).toISOString();
    return new Interpreter({
      clock: context.clock,
      stopped,
      context: {
        Execution: {
          Id: execution.arn,
          Name: execution.name,
          Input: JSON.parse(execution.input) as unknown,
          StartTime: startTime,
          RoleArn: execution.roleArn,
        },
        StateMachine: { Id: execution.machineArn, Name: execution.machineName },
      },
      visit: (key) => this.visits.get(`${execution.arn} ${key}`),
      record: (key, visit) => {
        if (!this.closed) this.visits.put(`${execution.arn} ${key}`, visit);
      },
      history: (type, details) => {
        if (!this.closed) this.addHistory(execution, type, details);
      },
      runTask: async (resource, input) => {
        // The next process does what is left.
        if (this.closed) throw new ExecutionStopped();
        let principal: Principal;
        try {
          principal = context.assumeRole(
            execution.roleArn,
            execution.name.slice(0, 64),
            'states.amazonaws.com',
            execution.machineArn,
          );
        } catch (error) {
          throw new StateFailure('States.Permissions', String(error));
        }
        const startExecution = (child: Shape, mode: 'start' | 'sync' | 'sync:2', caller: Principal) =>
          this.startChild(child, mode, caller);
        return runTask({ context, principal, startExecution }, resource, input);
      },
    });
  }

  private async startChild(
    input: Shape,
    mode: 'start' | 'sync' | 'sync:2',
    principal: Principal,
  ): Promise<Shape> {
    const arn = String(input.StateMachineArn);
    this.context.authorize({ principal, action: 'states:StartExecution', resource: arn });
    const machine = this.machines.get(arn);
    if (!machine) throw new AwsError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    const text = typeof input.Input === 'string' ? input.Input : JSON.stringify(input.Input ?? {});
    const started = this.start(machine, text, typeof input.Name === 'string' ? input.Name : undefined);
    if (mode === 'start') return { ExecutionArn: started.arn, StartDate: new Date(started.startedAt) };
    const ended = (await this.ended(started.arn)) ?? started;
    if (ended.status !== 'SUCCEEDED')
      throw new StateFailure(
        'States.TaskFailed',
        JSON.stringify({
          Error: ended.error,
          Cause: ended.cause,
          ExecutionArn: ended.arn,
          Status: ended.status,
        }),
      );
    const Output: unknown = mode === 'sync:2' ? JSON.parse(ended.output ?? 'null') : ended.output;
    return {
      ExecutionArn: ended.arn,
      Name: ended.name,
      Status: ended.status,
      Input: ended.input,
      Output,
      StateMachineArn: arn,
    };
  }

  private deadline(execution: Execution, machine: Machine): Promise<never> {
    return new Promise((_, reject) => {
      if (machine.TimeoutSeconds === undefined) return;
      const remaining = execution.startedAt + machine.TimeoutSeconds * 1000 - this.context.clock.now();
      this.context.clock.after(Math.max(0, remaining), () =>
        reject(new StateFailure('States.Timeout', 'The execution took too long.')),
      );
    });
  }

  private end(execution: Execution, ending: Partial<Execution>): Execution {
    const ended: Execution = { ...execution, ...ending, stoppedAt: this.context.clock.now() };
    this.all.put(execution.arn, ended);
    const prefix = `${execution.arn} `;
    const changes = [...this.visits.keys()]
      .filter((key) => key.startsWith(prefix))
      .map((key) => ({ key, removed: true as const }));
    this.visits.commit(changes);
    const names = {
      RUNNING: '',
      SUCCEEDED: 'Succeeded',
      FAILED: 'Failed',
      TIMED_OUT: 'TimedOut',
      ABORTED: 'Aborted',
    };
    const type = `Execution${names[ended.status]}`;
    const details =
      ended.status === 'SUCCEEDED' ? { output: ended.output } : { error: ended.error, cause: ended.cause };
    this.addHistory(ended, type, {
      [`${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`]: details,
    });
    this.metric(ended, `Executions${names[ended.status]}`);
    this.announce(ended);
    return ended;
  }

  private addHistory(execution: Execution, type: string, details: Readonly<Record<string, unknown>>): void {
    const at = this.context.clock.now();
    appendFileSync(this.historyFile(execution.arn), `${JSON.stringify({ at, type, ...details })}\n`);
    const logging = this.machines.get(execution.machineArn)?.loggingConfiguration;
    const isWanted =
      logging?.level === 'ALL' ||
      (logging?.level === 'ERROR' && /Failed|TimedOut|Aborted/.test(type)) ||
      (logging?.level === 'FATAL' && /^Execution(Failed|TimedOut|Aborted)/.test(type));
    const group = logging?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn
      ?.split(':log-group:')[1]
      ?.replace(/:\*$/, '');
    if (!isWanted || !group) return;
    const message = JSON.stringify({
      type,
      details,
      execution_arn: execution.arn,
      event_timestamp: String(at),
    });
    this.context
      .service<LogsService>('logs')
      .append(group, `states/${execution.machineName}`, [{ timestamp: at, message }]);
  }

  private announce(execution: Execution): void {
    this.context.service<EventsService>('events').accept({
      id: randomUUID(),
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      time: this.context.clock.now(),
      resources: [execution.arn],
      detail: {
        executionArn: execution.arn,
        stateMachineArn: execution.machineArn,
        name: execution.name,
        status: execution.status,
        startDate: execution.startedAt,
        stopDate: execution.stoppedAt ?? null,
        input: execution.input,
        output: execution.output ?? null,
        error: execution.error ?? null,
        cause: execution.cause ?? null,
      },
    });
  }

  private metric(execution: Execution, name: string): void {
    const dimensions = { StateMachineArn: execution.machineArn };
    this.context.service<CloudWatchService>('monitoring').record('AWS/States', name, 1, 'Count', dimensions);
  }

  private historyFile(arn: string): string {
    return join(this.histories, `${encodeURIComponent(arn.split(':execution:')[1] ?? arn)}.jsonl`);
  }
}

function endingOf(thrown: unknown): Partial<Execution> {
  if (thrown instanceof ExecutionStopped) {
    const { details } = thrown as ExecutionStopped & { details?: { error?: string; cause?: string } };
    return { status: 'ABORTED', error: details?.error, cause: details?.cause };
  }
  if (thrown instanceof StateFailure) {
    const status = thrown.error === 'States.Timeout' ? 'TIMED_OUT' : 'FAILED';
    return { status, error: thrown.error, cause: thrown.reason };
  }
  return { status: 'FAILED', error: 'States.Runtime', cause: String(thrown) };
}
