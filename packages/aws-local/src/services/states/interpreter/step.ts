// One visit to a state: what it begins with, what its fields say once they are evaluated, and where it leads.
import type { Catcher, QueryLanguage, State } from '../language/asl';
import type { StateFailure } from '../language/failure';
import type { Variables } from '../query/jsonata';

export interface Step {
  readonly name: string;
  readonly state: State;
  readonly language: QueryLanguage;
  readonly input: unknown;
  readonly variables: Variables;
  /** Milliseconds since the epoch. */
  readonly enteredAt: number;
  readonly context: Readonly<Record<string, unknown>>;
}

export interface Next {
  readonly output: unknown;
  readonly assigned: Variables | undefined;
  /** @default - the branch ends here */
  readonly next: string | undefined;
}

/** How long a Wait state waits. */
export type Pause = { readonly seconds: number } | { readonly until: number };

export interface TaskFields {
  readonly input: unknown;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

export interface MapFields {
  readonly items: readonly unknown[];
  /** 0 for all at once. */
  readonly maxConcurrency: number;
}

/**
 * How the fields of states are written in one of the query languages. All throw StateFailure: RuntimeFailure or
 * EvaluationFailure where a field has no usable value.
 */
export interface StateLanguage {
  /** What a Pass state gives, and a Parallel state's branches get. */
  input(step: Step): Promise<unknown>;
  pause(step: Step): Promise<Pause>;
  task(step: Step): Promise<TaskFields>;
  map(step: Step): Promise<MapFields>;
  /** What an iteration of a Map state gets. */
  item(step: Step, item: unknown): Promise<unknown>;
  /** Which way a Choice state goes. */
  choose(step: Step): Promise<Next>;
  /** How a Fail state fails. */
  failure(step: Step): Promise<StateFailure>;
  /** Where a state leads; `result` is that of a Task, a Parallel, a Map or a Pass. */
  exit(step: Step, result: unknown): Promise<Next>;
  caught(step: Step, catcher: Catcher, failure: StateFailure): Promise<Next>;
}

export function nextOf(state: State): string | undefined {
  return state.Type === 'Succeed' || state.End ? undefined : state.Next;
}

/** What a catcher's fields see. */
export function errorOutput(failure: StateFailure): { Error?: string; Cause?: string } {
  return {
    ...(failure.error === undefined ? {} : { Error: failure.error }),
    Cause: failure.reason ?? '',
  };
}
