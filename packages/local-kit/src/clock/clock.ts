// One clock for life cycles, schedules and rate windows. Delays run on service time, which may go faster than wall time;
// timestamps in answers stay wall-clock.

/** Cancels a pending timer; calling it again does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Service milliseconds in a wall-clock millisecond. */
  readonly speed: number;
  /** Wall-clock time in milliseconds since the epoch: what timestamps show. */
  now(): number;
  /** Service time in milliseconds since the clock was made: what delays and rate windows are measured with. */
  elapsed(): number;
  /** Calls `task` once, after `delayMs` of service time. */
  after(delayMs: number, task: () => void): Cancel;
  /** Drops everything pending. */
  stop(): void;
}
