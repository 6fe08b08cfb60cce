// Wakes scheduled rules when they are due. Schedules follow the clock's service time, so that a fast clock makes them fast.
import type { Cancel, Clock } from '@emotion-gallery/local-kit/clock';
import { parseSchedule } from './schedule';

export interface ScheduledThing {
  readonly arn: string;
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly isEnabled: boolean;
  readonly createdAt: number;
}

export class RuleTimers<T extends ScheduledThing> {
  private readonly timers = new Map<string, Cancel>();
  private readonly startedAt: number;

  constructor(
    private readonly clock: Clock,
    /** `time` is when it was due. */
    private readonly fire: (thing: T, time: number) => void,
  ) {
    this.startedAt = clock.now() - clock.elapsed();
  }

  /** Starts, restarts or stops a timer, as the thing asks. */
  set(thing: T): void {
    this.delete(thing.arn);
    if (thing.isEnabled && thing.schedule) this.arm(thing, this.now());
  }

  delete(arn: string): void {
    this.timers.get(arn)?.();
    this.timers.delete(arn);
  }

  close(): void {
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }

  private arm(thing: T, after: number): void {
    const due = parseSchedule(thing.schedule ?? '', thing.createdAt, thing.timeZone)(after);
    if (due === undefined) return;
    const cancel = this.clock.after(due - this.now(), () => {
      this.arm(thing, Math.max(due, this.now() - 1));
      this.fire(thing, due);
    });
    this.timers.set(thing.arn, cancel);
  }

  private now(): number {
    return this.startedAt + this.clock.elapsed();
  }
}
