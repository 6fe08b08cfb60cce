// What a response says, if it is the API's: bodies break off, and networks put pages of their own in the place of answers.

import { ProblemError, parseRetryAfter } from './problem-error';
import type { Problem } from './types';

/** Names of members that an answer has, and of what kind. */
export type Shape = Readonly<Record<string, 'text' | 'list' | 'number'>>;

const KINDS: Readonly<Record<Shape[string], (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  list: Array.isArray,
  number: (value) => typeof value === 'number',
};

function has(value: unknown, shape: Shape): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const members = value as Record<string, unknown>;
  return Object.entries(shape).every(([name, kind]) => KINDS[kind](members[name]));
}

/** However long a Retry-After asks for that is not the API's own. */
const LONGEST_STRANGE_WAIT_MS = 5 * 60_000;

const PROBLEM: Shape = { title: 'text', status: 'number' };

/**
 * The answer of a call.
 *
 * @throws ProblemError what the API refused with; without a status when the answer is broken or not the API's, as the same call may
 *   then succeed later
 */
export async function readAnswer<T>(response: Response, shape: Shape, now: number): Promise<T> {
  const isPage = response.ok && /html/i.test(response.headers.get('content-type') ?? '');
  // 511: Network Authentication Required (RFC 6585).
  if (isPage || response.type === 'opaqueredirect' || response.status === 511) throw ProblemError.portal();
  let body: unknown;
  try {
    body = await response.json();
  } catch (error) {
    if (response.status < 500) throw ProblemError.noAnswer(`the answer broke off: ${error}`);
  }
  const retryAfter = parseRetryAfter(response.headers.get('retry-after'), now);
  if (response.ok) {
    if (has(body, shape)) return body as T;
    throw ProblemError.noAnswer('the answer is not the one of this call');
  }
  if (has(body, PROBLEM) && body.status === response.status) {
    throw new ProblemError(response.status, body as unknown as Problem, retryAfter);
  }
  // Only the API itself can say that something is wrong with a call.
  const isTheServers = response.status >= 500 || response.status === 429;
  throw new ProblemError(
    isTheServers ? response.status : 0,
    { title: `answer ${response.status}` },
    retryAfter && Math.min(LONGEST_STRANGE_WAIT_MS, retryAfter),
  );
}
