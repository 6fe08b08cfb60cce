// The execution environments of one function: reused while idle, made when there are too few, ended when idle for long.
//
// A start costs as much computing time as dozens of invocations, so many requests at once must not start many processes: a
// few more than there are processors are made at once, further ones only while invocations wait and processors do not.
import { availableParallelism } from 'node:os';
import type { InvocationResult } from '../../ports';
import type { Environment, Invocation } from './environment';
import { watchProcessors } from './processor-time';

/** Made without hesitation: one more than can compute, because one of them waits for an answer most of the time. */
const READY_ENVIRONMENTS = Math.min(availableParallelism() + 1, 8);
const MOST_ENVIRONMENTS = 16;
/** How long an invocation waits before another environment is considered. */
const PATIENCE_MS = 300;
/** When nothing has finished for this long, more environments may be the only way on. */
const STANDSTILL_MS = 5_000;
const IDLE_LIMIT_MS = 45_000;
/** Credentials of an environment are given once, when it starts. */
const AGE_LIMIT_MS = 30 * 60_000;

interface Waiting {
  readonly invocation: Invocation;
  readonly resolve: (result: InvocationResult) => void;
}

export class EnvironmentPool {
  private readonly all = new Set<Environment>();
  private readonly idle: Environment[] = [];
  private readonly waiting: Waiting[] = [];
  private patience: NodeJS.Timeout | undefined;
  private lastProgress = performance.now();

  constructor(
    private readonly start: () => Environment,
    /** Begins to watch; what it returns tells whether processors were idle since. */
    private readonly watch: () => () => boolean = watchProcessors,
  ) {}

  get size(): number {
    return this.all.size;
  }

  get busy(): number {
    return this.all.size - this.idle.length + this.waiting.length;
  }

  invoke(invocation: Invocation): Promise<InvocationResult> {
    const environment = this.takeIdle() ?? (this.all.size < READY_ENVIRONMENTS ? this.grow() : undefined);
    if (environment) return this.runOn(environment, invocation);
    return new Promise((resolve) => {
      this.waiting.push({ invocation, resolve });
      if (this.patience) return;
      this.lastProgress = performance.now();
      this.losePatience();
    });
  }

  /** Called when a process is gone. */
  exited(environment: Environment): void {
    this.all.delete(environment);
    const index = this.idle.indexOf(environment);
    if (index >= 0) this.idle.splice(index, 1);
    this.serveWaiting();
  }

  /** Ends the environments that nobody needed for a while, and old ones. */
  reap(now: number): void {
    for (const environment of [...this.idle]) {
      const isOld = now - environment.startedAt > AGE_LIMIT_MS;
      if (isOld || now - environment.idleSince > IDLE_LIMIT_MS) void this.end(environment);
    }
  }

  /** Ends all of them; the busy ones too, unless they may finish first. Resolves when those that were ended are gone. */
  async close(mayFinish: boolean): Promise<void> {
    clearTimeout(this.patience);
    const ended = [...this.all].filter((environment) => !mayFinish || this.idle.includes(environment));
    await Promise.all(ended.map((environment) => this.end(environment)));
  }

  private async runOn(environment: Environment, invocation: Invocation): Promise<InvocationResult> {
    const result = await environment.invoke(invocation);
    this.lastProgress = performance.now();
    if (environment.alive && this.all.has(environment)) this.idle.push(environment);
    this.serveWaiting();
    return result;
  }

  private serveWaiting(): void {
    while (this.waiting.length > 0) {
      const environment = this.takeIdle() ?? (this.all.size < READY_ENVIRONMENTS ? this.grow() : undefined);
      if (!environment) return;
      this.serveFirst(environment);
    }
  }

  private serveFirst(environment: Environment): void {
    const first = this.waiting.shift();
    if (first) void this.runOn(environment, first.invocation).then(first.resolve);
  }

  private losePatience(): void {
    const isTimeToSpare = this.watch();
    this.patience = setTimeout(() => {
      this.patience = undefined;
      if (this.waiting.length === 0) return;
      const isStuck = performance.now() - this.lastProgress > STANDSTILL_MS;
      if (this.all.size < MOST_ENVIRONMENTS && (isStuck || isTimeToSpare())) this.serveFirst(this.grow());
      if (this.waiting.length > 0) this.losePatience();
    }, PATIENCE_MS);
  }

  private takeIdle(): Environment | undefined {
    for (;;) {
      // The one used last has the warmest caches, and lets the others grow old.
      const environment = this.idle.pop();
      if (!environment || environment.alive) return environment;
    }
  }

  private grow(): Environment {
    const environment = this.start();
    this.all.add(environment);
    return environment;
  }

  private end(environment: Environment): Promise<void> {
    const index = this.idle.indexOf(environment);
    if (index >= 0) this.idle.splice(index, 1);
    this.all.delete(environment);
    return environment.kill();
  }
}
