// A failure as the States Language knows it: a name that retriers and catchers match, and a cause.
import type { Catcher, Retrier } from './asl';

export class StateFailure extends Error {
  constructor(
    /** A Fail state may leave out either. */
    readonly error: string | undefined,
    readonly reason?: string,
  ) {
    super(`${error ?? 'failed'}: ${reason ?? ''}`);
    this.name = 'StateFailure';
  }
}

/** A fault in the machine or its data. Its cause names the state, which the interpreter puts in front of it. Nothing catches it. */
export class RuntimeFailure extends StateFailure {
  constructor(readonly detail: string) {
    super('States.Runtime', detail);
  }
}

/** An expression that has no usable value. The interpreter puts the state in front of its cause. */
export class EvaluationFailure extends StateFailure {
  constructor(
    readonly detail: string,
    /** The field, for example `Output/result`. */
    readonly location?: string,
  ) {
    super('States.QueryEvaluationError', detail);
  }
}

/** Thrown where an execution or a branch was ended by something else; nothing catches it, and nothing is done after it. */
export class Stopped extends Error {
  override readonly name = 'Stopped';
}

/** Thrown where the disk refused a change: nothing has changed, and the execution is gone on with later. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/** The first retrier or catcher that takes the error. */
export function matching<T extends Retrier | Catcher>(
  rules: readonly T[] | undefined,
  failure: StateFailure,
): T | undefined {
  return rules?.find((rule) => rule.ErrorEquals.some((name) => matches(name, failure.error)));
}

function matches(name: string, error: string | undefined): boolean {
  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html: never caught, by their own names either.
  if (error === 'States.Runtime') return false;
  if (name === error) return true;
  return name === 'States.ALL' || (name === 'States.TaskFailed' && error !== 'States.Timeout');
}
