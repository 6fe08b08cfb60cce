// Real time in which a test can leave out minutes that it would only wait for: retries, the periods of alarms.
import { type Cancel, RealClock } from '@emotion-gallery/local-kit/clock';

/** How late something that is due after a skip may be. Milliseconds. */
const LOOK_EVERY_MS = 100;

export class SkippingClock extends RealClock {
  private skippedMs = 0;

  constructor() {
    super(1);
  }

  override now(): number {
    return super.now() + this.skippedMs;
  }

  override elapsed(): number {
    return super.elapsed() + this.skippedMs;
  }

  override after(delayMs: number, task: () => void): Cancel {
    const due = this.elapsed() + delayMs;
    let cancel: Cancel;
    const wait = () => {
      const left = due - this.elapsed();
      cancel = super.after(Math.min(left, LOOK_EVERY_MS), left <= LOOK_EVERY_MS ? task : wait);
    };
    wait();
    return () => cancel();
  }

  skip(ms: number): void {
    this.skippedMs += ms;
  }
}
