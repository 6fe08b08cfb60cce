// What a failed call throws: the status, the server's own words, and when to try again.

import type { Problem } from './types';

/** A call that got no good answer. Status 0: the server could not be reached. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';

  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
    /** From the Retry-After header, in milliseconds. */
    readonly retryAfterMs?: number,
  ) {
    super(problem.detail ?? problem.title ?? `the server answered ${status}`);
  }

  /** Whether the same call may succeed later: no connection, overload, a fault of the server. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** Retry-After as milliseconds from `now`: the header holds seconds or an HTTP date. */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
