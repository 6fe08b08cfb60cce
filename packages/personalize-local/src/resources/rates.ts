// Request rates, as token buckets that hold one second's worth and fill in service time.
import type { Clock } from '@emotion-gallery/local-kit/clock';
import { PersonalizeError } from '../protocol/errors';

interface Bucket {
  tokens: number;
  filledAt: number;
}

export class Rates {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Clock,
    private readonly enabled: boolean,
  ) {}

  /** @throws PersonalizeError ThrottlingException when `key` has had more than `perSecond` requests. */
  take(key: string, perSecond: number): void {
    if (!this.enabled) return;
    const now = this.clock.elapsed();
    const bucket = this.buckets.get(key) ?? { tokens: perSecond, filledAt: now };
    const filled = bucket.tokens + ((now - bucket.filledAt) / 1000) * perSecond;
    bucket.tokens = Math.min(perSecond, filled);
    bucket.filledAt = now;
    this.buckets.set(key, bucket);
    if (bucket.tokens < 1) throw new PersonalizeError('ThrottlingException', 'Rate exceeded');
    bucket.tokens -= 1;
  }
}
