// What a failed call throws: the status, the server's own words, and when to try again.

import type { Problem } from './types';

/** `type` of a problem that is none of the API's: something on the way answered in its place, and wants people to sign in first. */
const PORTAL = 'urn:emotion-gallery:portal';

/** A call that got no good answer. Status 0: there was no answer of the API, whatever else there was. */
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

  /** No answer came, it broke off, or it was not the API's. */
  static noAnswer(detail: string): ProblemError {
    return new ProblemError(0, { title: 'no answer', detail });
  }

  /** A network that has people sign in first (a captive portal) gave its own page as the answer. */
  static portal(): ProblemError {
    return new ProblemError(0, { type: PORTAL, title: 'another page answered' });
  }

  /** Whether the same call may succeed later: no connection, overload, a fault of the server. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }

  get isPortal(): boolean {
    return this.problem.type === PORTAL;
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
