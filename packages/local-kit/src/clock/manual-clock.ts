// A clock that moves only when told to: for tests.
import type { Cancel, Clock } from './clock';

interface Timer {
  readonly due: number;
  readonly task: () => void;
}

export class ManualClock implements Clock {
  readonly speed = 1;
  private time = 0;
  private readonly timers = new Set<Timer>();

  /** @param startedAt Wall-clock time (epoch ms) at which the clock starts; it moves with service time. */
  constructor(private readonly startedAt = Date.UTC(2026, 0, 1)) {}

  now(): number {
    return this.startedAt + this.time;
  }

  elapsed(): number {
    return this.time;
  }

  after(delayMs: number, task: () => void): Cancel {
    const timer: Timer = { due: this.time + delayMs, task };
    this.timers.add(timer);
    return () => {
      this.timers.delete(timer);
    };
  }

  /** Runs everything that is due in the next `ms` milliseconds of service time, in order of time. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.due);
      next.task();
    }
    this.time = end;
  }

  private next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.timers) {
      if (timer.due <= end && (!first || timer.due < first.due)) first = timer;
    }
    return first;
  }

  stop(): void {
    this.timers.clear();
  }
}
