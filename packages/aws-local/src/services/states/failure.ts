// A failure as the States Language knows it: a name that retriers and catchers match, and a cause.
import type { Catcher, Retrier } from './asl';

export class StateFailure extends Error {
  constructor(
    readonly error: string,
    readonly reason: string,
  ) {
    super(`${error}: ${reason}`);
    this.name = 'StateFailure';
  }
}

/** Thrown when an execution was stopped; nothing catches it. */
export class ExecutionStopped extends Error {
  override readonly name = 'ExecutionStopped';
}

/** The first retrier or catcher that takes the error. */
export function matching<T extends Retrier | Catcher>(rules: readonly T[], error: string): T | undefined {
  return rules.find((rule) => rule.ErrorEquals.some((name) => matches(name, error)));
}

function matches(name: string, error: string): boolean {
  if (name === error) return true;
  // These two end an execution unless they are named themselves.
  if (error === 'States.DataLimitExceeded' || error === 'States.Runtime') return false;
  return name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout');
}
