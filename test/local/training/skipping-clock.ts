// The fast time of state machines, whose clock on the wall a test can put forward, so that deadlines of hours pass at once.
import { RealClock } from '@emotion-gallery/local-kit/clock';

export class SkippingClock extends RealClock {
  private skipped = 0;

  override now(): number {
    return super.now() + this.skipped;
  }

  skip(ms: number): void {
    this.skipped += ms;
  }
}
