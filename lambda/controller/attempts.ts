// Calls that did not succeed: when the next one may be, and when people are told.
import type { Action, Problem, Step, Waiting } from './actions';
import type { Outcome } from './apply';
import type { Attempt } from './group-row';
import { backOff } from './planning';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** What passes by itself is told when it has not passed after so long. */
const TELL_AFTER_MS = 10 * MINUTE;
/** What exists is seen by the next look, or by the one after it. */
const LOOKS_UNTIL_SEEN = 3;

export type Failure = Exclude<Outcome, { kind: 'done' }>;

const iso = (time: number): string => new Date(time).toISOString();

export function attemptOf(before: Attempt | undefined, failure: Failure, now: number): Attempt {
  const { kind, error, reason } = unlessTaken(before, failure);
  const isAgain = before?.kind === kind;
  const count = (isAgain ? before.count : 0) + 1;
  const wait =
    kind === 'refused' ? backOff(count - 1) : Math.min(5 * MINUTE, 2 * SECOND * 2 ** Math.min(count, 10));
  return {
    ...{ kind, count, error, reason, at: iso(now), retryAt: iso(now + wait) },
    since: isAgain ? before.since : iso(now),
  };
}

/** What is said to exist and is never seen belongs to somebody else. */
function unlessTaken(before: Attempt | undefined, failure: Failure): Failure {
  const isTaken = before?.kind === 'exists' ? before.count >= LOOKS_UNTIL_SEEN : before?.kind === 'refused';
  if (failure.kind !== 'exists' || !isTaken) return failure;
  const reason = `${failure.reason} It is not of this dataset group: a name is there once in an account and region.`;
  return { ...failure, kind: 'refused', reason };
}

/** What had failed in the service was asked for again. */
export const repeated = (before: Attempt | undefined, now: number): Attempt => ({
  ...{ kind: 'repeat', count: (before?.kind === 'repeat' ? before.count : 0) + 1 },
  ...{ since: before?.since ?? iso(now), at: iso(now), retryAt: iso(now), error: '', reason: '' },
});

/** Whether it was refused, and nobody has asked for it since: by an operator, or by a declaration that is said anew. */
export const isRefusedStill = ({ kind, at }: Attempt, askedAt: number): boolean =>
  kind === 'refused' && askedAt <= Date.parse(at);

/** Whether the next call has to wait. */
export const isHeld = (attempt: Attempt, now: number, askedAt: number): boolean =>
  (attempt.kind === 'transient' || isRefusedStill(attempt, askedAt)) && Date.parse(attempt.retryAt) > now;

export const isTold = ({ kind, since }: Attempt, now: number): boolean =>
  kind === 'refused' || (kind === 'transient' && now - Date.parse(since) >= TELL_AFTER_MS);

export const retryOf = (step: Step, what: string, { retryAt, reason }: Attempt): Waiting => ({
  ...{ for: 'retry', step, message: `${what} is tried again: ${reason}`, until: retryAt },
});

const AGAIN =
  'It is tried again by itself, more and more seldom; at once when it is declared anew or a training is started.';

export function problemOf({ step, resource, source }: Action, { error, reason }: Attempt): Problem {
  const isFull = error === 'LimitExceededException';
  const room = `Delete a ${resource.kind} that is not needed, or have the quota raised in the Service Quotas console where it can be. `;
  return {
    ...{ step, resource, source, code: error, reason, differences: [] },
    advice: `${isFull ? room : ''}${AGAIN}`,
  };
}
