// Which errors are worth another try, and how long to wait before it.

const THROTTLES = new Set([
  'ThrottlingException',
  'Throttling',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'LimitExceededException',
  'TooManyRequestsException',
  'SlowDown',
]);

export function isThrottle(error: unknown): boolean {
  return error instanceof Error && THROTTLES.has(error.name);
}

/** Errors after which nothing is wrong with the request itself: throttled, timed out, unreachable, or the service failed. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $fault, code } = error as Error & { $fault?: string; code?: string };
  return (
    isThrottle(error) ||
    error.name === 'TimeoutError' ||
    error.name === 'TransactionInProgressException' ||
    $fault === 'server' ||
    (code !== undefined && /^(ECONN|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH)/.test(code))
  );
}

export type Sleep = (milliseconds: number) => Promise<void>;

export const sleep: Sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Milliseconds to wait before a further try: random up to base · 2^attempt ("full jitter", AWS Architecture Blog,
 * "Exponential Backoff And Jitter"), so that callers which collided once do not collide again.
 *
 * @param attempt 0 after the first failure
 * @param random uniform in [0, 1)
 */
export function backoff(attempt: number, baseMs: number, maximumMs: number, random: () => number): number {
  return Math.floor(random() * Math.min(maximumMs, baseMs * 2 ** attempt));
}
