// Wall-clock time, with service time running `speed` times as fast.
import type { Cancel, Clock } from './clock';

/** The longest delay that setTimeout takes; longer ones are waited for in parts. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export class RealClock implements Clock {
  private readonly startedAt = performance.now();
  private readonly pending = new Set<Cancel>();

  /** @param speed Service seconds in a wall-clock second; 1 is real time. */
  constructor(readonly speed = 60) {
    if (!(speed > 0)) throw new Error(`speed must be greater than 0, got ${speed}`);
  }

  now(): number {
    return Date.now();
  }

  elapsed(): number {
    return (performance.now() - this.startedAt) * this.speed;
  }

  after(delayMs: number, task: () => void): Cancel {
    const due = this.elapsed() + delayMs;
    let timer: NodeJS.Timeout | undefined;
    const cancel = () => {
      clearTimeout(timer);
      this.pending.delete(cancel);
    };
    const wait = () => {
      const remaining = (due - this.elapsed()) / this.speed;
      if (remaining <= 0) {
        cancel();
        task();
        return;
      }
      // A clock never keeps the process alive: the server that uses it does.
      timer = setTimeout(wait, Math.min(Math.ceil(remaining), LONGEST_TIMEOUT_MS)).unref();
    };
    this.pending.add(cancel);
    timer = setTimeout(wait, 0).unref();
    return cancel;
  }

  stop(): void {
    for (const cancel of [...this.pending]) cancel();
  }
}
