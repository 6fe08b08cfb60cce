// Real time that a test can put forward, so that schedules of hours come due at once.
import type { Cancel, Clock } from '@emotion-gallery/local-kit/clock';
import { RealClock } from '@emotion-gallery/local-kit/clock';

interface Pending {
  readonly due: number;
  readonly task: () => void;
  cancel: Cancel;
}

export class AdvancingClock implements Clock {
  readonly speed = 1;
  private readonly inner = new RealClock(1);
  private readonly pending = new Set<Pending>();
  private skipped = 0;

  now(): number {
    return this.inner.now();
  }

  elapsed(): number {
    return this.inner.elapsed() + this.skipped;
  }

  after(delayMs: number, task: () => void): Cancel {
    const entry: Pending = { due: this.elapsed() + delayMs, task, cancel: () => undefined };
    this.pending.add(entry);
    this.arm(entry);
    return () => this.drop(entry);
  }

  /** What comes due meanwhile is done now, in its order. */
  advance(ms: number): void {
    this.skipped += ms;
    for (const entry of [...this.pending].sort((a, b) => a.due - b.due)) {
      entry.cancel();
      this.arm(entry);
    }
  }

  stop(): void {
    this.inner.stop();
    this.pending.clear();
  }

  private arm(entry: Pending): void {
    entry.cancel = this.inner.after(Math.max(0, entry.due - this.elapsed()), () => {
      this.drop(entry);
      entry.task();
    });
  }

  private drop(entry: Pending): void {
    entry.cancel();
    this.pending.delete(entry);
  }
}
