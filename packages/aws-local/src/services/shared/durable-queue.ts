// Work that must happen although it may fail or the process may die first: deliveries of events, asynchronous invocations.
import { randomUUID } from 'node:crypto';
import type { Cancel, Clock } from '@emotion-gallery/local-kit/clock';
import type { StoredMap } from '@emotion-gallery/local-kit/store';

/** One piece of work, and what is known of its attempts. */
export interface Job<T> {
  readonly id: string;
  readonly payload: T;
  /** Milliseconds since the epoch. */
  readonly acceptedAt: number;
  readonly attempts: number;
}

/** What to do after a failed attempt: try again after a delay, or give up. */
export type Verdict = { readonly retryAfterMs: number } | 'give-up';

export interface DurableQueueProps<T> {
  readonly jobs: StoredMap<Job<T>>;
  readonly clock: Clock;
  /** Does the work; a rejection is a failed attempt. */
  readonly run: (job: Job<T>) => Promise<void>;
  /** Decides on a failed attempt. `job.attempts` already counts it. */
  readonly onFailure: (job: Job<T>, error: unknown) => Verdict | Promise<Verdict>;
  /** Jobs of one group worked on at the same time. */
  readonly concurrency: number;
  /** Groups do not wait for each other: a long line before one function does not hold up the others. @default - one group */
  readonly groupOf?: (payload: T) => string;
  /** Told what keeps a job from going on. */
  readonly log: (line: string) => void;
}

/** The line of one group. */
interface Line {
  readonly ready: string[];
  running: number;
}

const UNHEARD_MS = 1_000;
/** How often a disk that is full is asked again. */
const FULL_DISK_MS = 200;

/** Runs each accepted job at least once, also across restarts, until it succeeds or is given up. */
export class DurableQueue<T> {
  private readonly jobs: StoredMap<Job<T>>;
  private readonly lines = new Map<string, Line>();
  private readonly timers = new Set<Cancel>();
  private running = 0;
  private closed = false;
  private idle: (() => void) | undefined;

  constructor(private readonly props: DurableQueueProps<T>) {
    this.jobs = props.jobs;
  }

  /** Takes up the jobs that an earlier process left. */
  start(): void {
    for (const job of this.jobs.values()) this.work(this.lineUp(job));
  }

  get pending(): number {
    return this.jobs.size;
  }

  /** Durable when it returns. */
  add(payload: T, id: string = randomUUID()): void {
    const job = { id, payload, acceptedAt: this.props.clock.now(), attempts: 0 };
    this.jobs.put(id, job);
    const line = this.lineUp(job);
    setImmediate(() => this.work(line));
  }

  /** Lets the attempts in progress finish; the rest stays on disk. */
  async close(): Promise<void> {
    this.closed = true;
    for (const cancel of this.timers) cancel();
    if (this.running > 0) {
      await new Promise<void>((resolve) => {
        this.idle = resolve;
      });
    }
  }

  private lineUp(job: Job<T>): Line {
    const group = this.props.groupOf?.(job.payload) ?? '';
    let line = this.lines.get(group);
    if (!line) {
      line = { ready: [], running: 0 };
      this.lines.set(group, line);
    }
    line.ready.push(job.id);
    return line;
  }

  private work(line: Line): void {
    while (!this.closed && line.running < this.props.concurrency) {
      const id = line.ready.shift();
      if (id === undefined) return;
      const job = this.jobs.get(id);
      if (job) void this.attempt(job, line);
    }
  }

  private async attempt(job: Job<T>, line: Line): Promise<void> {
    this.running += 1;
    line.running += 1;
    try {
      const failure = await this.props.run(job).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      // What fails while everything ends was ended with it, and is tried again by the next process.
      if (failure && this.closed) return;
      if (failure) await this.afterFailure({ ...job, attempts: job.attempts + 1 }, failure.error);
      else await this.untilWritten(() => this.jobs.delete(job.id));
    } finally {
      this.running -= 1;
      line.running -= 1;
      if (this.running === 0) this.idle?.();
      this.work(line);
    }
  }

  private async afterFailure(job: Job<T>, error: unknown): Promise<void> {
    const verdict = await this.verdictOn(job, error);
    if (verdict === 'give-up') {
      await this.untilWritten(() => this.jobs.delete(job.id));
      return;
    }
    await this.untilWritten(() => this.jobs.put(job.id, job));
    const cancel = this.props.clock.after(verdict.retryAfterMs, () => {
      this.timers.delete(cancel);
      this.work(this.lineUp(job));
    });
    this.timers.add(cancel);
  }

  /** A failure that cannot be handed on for now, for the disk is full, is a reason to try again. */
  private async verdictOn(job: Job<T>, error: unknown): Promise<Verdict> {
    try {
      return await this.props.onFailure(job, error);
    } catch (unheard) {
      this.props.log(`a failure cannot be handed on, and is tried again: ${String(unheard)}`);
      return { retryAfterMs: UNHEARD_MS };
    }
  }

  /** A disk that is full takes it when there is room again; a job that was not written down is run again by the next process. */
  private async untilWritten(write: () => void): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        write();
        return;
      } catch (error) {
        if (this.closed) return;
        if (tries === 0) this.props.log(`what became of a job cannot be written down yet: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, FULL_DISK_MS).unref());
      }
    }
  }
}
