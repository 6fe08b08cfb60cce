// A fast clock that a test can hold still, to see what a run does while something is under way.
import type { Cancel, Clock } from '@emotion-gallery/local-kit/clock';
import { RealClock } from '@emotion-gallery/local-kit/clock';

export class PausableClock implements Clock {
  private readonly inner: RealClock;
  private held: Set<() => void> | undefined;

  constructor(readonly speed: number) {
    this.inner = new RealClock(speed);
  }

  now(): number {
    return this.inner.now();
  }

  elapsed(): number {
    return this.inner.elapsed();
  }

  after(delayMs: number, task: () => void): Cancel {
    const due = () => {
      if (this.held) this.held.add(task);
      else task();
    };
    const cancel = this.inner.after(delayMs, due);
    return () => {
      cancel();
      this.held?.delete(task);
    };
  }

  pause(): void {
    this.held ??= new Set();
  }

  resume(): void {
    const held = this.held;
    this.held = undefined;
    for (const task of held ?? []) task();
  }

  stop(): void {
    this.inner.stop();
    this.held = undefined;
  }
}
