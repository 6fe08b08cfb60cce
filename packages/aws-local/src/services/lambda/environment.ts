// One execution environment: a process with the function's code that takes one invocation at a time.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { InvocationResult } from '../../ports';
import type { FunctionLog } from './function-log';
import type { FunctionRecord } from './function-record';

export interface Invocation {
  readonly requestId: string;
  readonly payload: Buffer;
}

export interface EnvironmentProps {
  readonly record: FunctionRecord;
  /** The folder with the code. */
  readonly taskRoot: string;
  /** `host:port/<id>`: where the process finds the Runtime API. */
  readonly runtimeApi: (id: string) => string;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: FunctionLog;
  /** Called once when the process is gone. */
  readonly onExit: (environment: Environment) => void;
}

interface Running extends Invocation {
  readonly settle: (result: InvocationResult) => void;
  readonly startedAt: number;
  readonly timer: NodeJS.Timeout;
}

/** The answer to `GET invocation/next`. */
export interface NextInvocation {
  readonly requestId: string;
  readonly deadline: number;
  readonly payload: Buffer;
}

const BOOTSTRAP = join(__dirname, 'bootstrap.js');
/** How long the first invocation may wait for the code to load, as on AWS. */
const INIT_LIMIT_MS = 10_000;

/** Most young objects of a function die with the event: a small nursery keeps an idle process small. In MB. */
const NURSERY_MB = 2;
/** The share of a function's memory that AWS's Node.js runtime gives to its heap. */
const HEAP_SHARE = 0.9;

/**
 * Below the endpoint's own priority ("niceness"): all functions wait for it, and it waits for none, so whoever it wakes must not
 * take its processor away.
 */
const PRIORITY = 5;

/** @param memorySize in MB; a function that needs more dies, as on AWS */
function memoryFlags(memorySize: number): string[] {
  const heap = Math.floor(memorySize * HEAP_SHARE);
  return [`--max-semi-space-size=${NURSERY_MB}`, `--max-old-space-size=${heap}`];
}

export class Environment {
  readonly id = randomUUID();
  readonly startedAt = Date.now();
  /** When the last invocation ended. */
  idleSince = Date.now();
  private readonly process: ChildProcess;
  private readonly gone: Promise<void>;
  private running: Running | undefined;
  private waiting: ((next: NextInvocation) => void) | undefined;
  private queued: Running | undefined;
  private isAlive = true;
  private initError: Buffer | undefined;
  private isInitialised = false;

  constructor(private readonly props: EnvironmentProps) {
    this.process = spawn(process.execPath, [...memoryFlags(props.record.memorySize), BOOTSTRAP], {
      cwd: props.taskRoot,
      env: {
        ...props.variables,
        AWS_LAMBDA_RUNTIME_API: props.runtimeApi(this.id),
        LAMBDA_TASK_ROOT: props.taskRoot,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (this.process.pid !== undefined) setPriority(this.process.pid, PRIORITY);
    this.process.stdout?.on('data', (data: Buffer) => props.log.output(data));
    this.process.stderr?.on('data', (data: Buffer) => props.log.output(data));
    this.gone = new Promise((resolve) => {
      const exited = (how: string) => {
        this.exited(how);
        resolve();
      };
      this.process.on('error', (error) => exited(String(error)));
      this.process.on('exit', (code, signal) => exited(signal ? `signal: ${signal}` : `exit status ${code}`));
    });
  }

  get alive(): boolean {
    return this.isAlive;
  }

  get record(): FunctionRecord {
    return this.props.record;
  }

  invoke(invocation: Invocation): Promise<InvocationResult> {
    return new Promise((settle) => {
      const limit = this.props.record.timeout * 1000 + (this.isInitialised ? 0 : INIT_LIMIT_MS);
      const timer = setTimeout(() => this.timedOut(), limit);
      this.queued = { ...invocation, settle, startedAt: Date.now(), timer };
      this.props.log.start(invocation.requestId);
      this.deliver();
    });
  }

  /** The process asks for work. */
  next(answer: (next: NextInvocation) => void): void {
    this.isInitialised = true;
    this.waiting = answer;
    this.deliver();
  }

  /** The process answers an invocation. Returns false when it is not the one in progress. */
  finish(requestId: string, payload: Buffer, functionError?: 'Unhandled'): boolean {
    if (this.running?.requestId !== requestId) return false;
    this.settle({ payload, functionError });
    return true;
  }

  /** The process could not load the handler; it ends by itself. */
  initFailed(description: Buffer): void {
    this.initError = description;
  }

  /** Resolves when the process is gone, and its last words are logged. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.gone;
  }

  private deliver(): void {
    const { queued, waiting } = this;
    if (!queued || !waiting) return;
    this.waiting = undefined;
    this.queued = undefined;
    clearTimeout(queued.timer);
    const limit = this.props.record.timeout * 1000;
    this.running = { ...queued, startedAt: Date.now(), timer: setTimeout(() => this.timedOut(), limit) };
    waiting({ requestId: queued.requestId, deadline: Date.now() + limit, payload: queued.payload });
  }

  private timedOut(): void {
    const requestId = this.running?.requestId ?? this.queued?.requestId ?? '';
    const seconds = this.props.record.timeout.toFixed(2);
    const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`;
    this.props.log.line(`${new Date().toISOString()} ${requestId} Task timed out after ${seconds} seconds`);
    this.isAlive = false;
    this.settle(failure('Sandbox.Timedout', errorMessage));
    void this.kill();
  }

  private exited(how: string): void {
    const wasAlive = this.isAlive;
    this.isAlive = false;
    const requestId = this.running?.requestId ?? this.queued?.requestId ?? '';
    const message = `RequestId: ${requestId} Error: Runtime exited with error: ${how}`;
    if (wasAlive && (this.running || this.queued)) this.props.log.line(message);
    this.settle(
      this.initError
        ? { payload: this.initError, functionError: 'Unhandled' }
        : failure('Runtime.ExitError', message),
    );
    this.props.onExit(this);
  }

  private settle(result: InvocationResult): void {
    const ended = this.running ?? this.queued;
    this.running = undefined;
    this.queued = undefined;
    if (!ended) return;
    clearTimeout(ended.timer);
    this.idleSince = Date.now();
    const logTail = this.props.log.end(ended.requestId, Date.now() - ended.startedAt);
    ended.settle({ ...result, logTail });
  }
}

function failure(errorType: string, errorMessage: string): InvocationResult {
  return { payload: Buffer.from(JSON.stringify({ errorType, errorMessage })), functionError: 'Unhandled' };
}
