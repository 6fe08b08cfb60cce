// What is on disk of a branch of a running execution: the state that it is in and how far it got there. An interpreter that begins
// with it does what is left, and nothing again: what has an outcome is not tried once more, what waits waits for the rest.
import { parseDocument } from '../language/document';
import { StateFailure } from '../language/failure';
import type { Variables } from '../query/jsonata';

/** A failure as it is kept. */
export interface KeptFailure {
  readonly error?: string;
  readonly cause?: string;
}

/** Service milliseconds from a moment of the wall clock on. */
export interface Delay {
  readonly since: number;
  readonly ms: number;
}

/** A task that was handed to its service. What it is called with stays the same when a new process has to call again. */
export interface ScheduledTask {
  /** JSON. */
  readonly input: string;
  readonly at: number;
  readonly timeoutSeconds?: number;
  /** Makes a repeated call of the same task recognisable. */
  readonly token: string;
  /** The execution that a `.sync` task started and waits for. */
  readonly submitted?: string;
}

/** The branches of a Parallel state, or the iterations of a Map state. */
export interface Children {
  /** The index of the next one to begin. */
  readonly started: number;
  readonly count: number;
  /** 0 for all at once. */
  readonly maxConcurrency: number;
}

export interface Checkpoint {
  readonly state: string;
  /** JSON, as it came. */
  readonly input: string;
  readonly variables: Variables;
  /** Milliseconds since the epoch. */
  readonly enteredAt: number;
  /** The event that says so, and the one before it. */
  readonly enteredEvent: number;
  readonly enteredAfter: number;
  /** What the branch's next event follows. */
  readonly lastEvent: number;
  /** How often each retrier was used, by its place in the list. */
  readonly attempts: readonly number[];
  /** The next attempt begins after it. */
  readonly retry?: Delay;
  /** A Wait state's. */
  readonly pause?: Delay;
  readonly task?: ScheduledTask;
  readonly children?: Children;
  /** The result (JSON) or failure of a task or of the children. */
  readonly outcome?: Outcome;
}

export type Outcome = { readonly result: string } | { readonly failure: KeptFailure };

/** @throws StateFailure if it was one */
export function resultOf(outcome: Outcome): unknown {
  if ('result' in outcome) return parseDocument(outcome.result);
  throw new StateFailure(outcome.failure.error, outcome.failure.cause);
}

/** A branch that has come to its end and waits for its siblings. */
export interface EndedBranch {
  /** JSON. */
  readonly output: string;
  readonly lastEvent: number;
}

/** A branch that was started and has not entered its first state. */
export interface ReadyBranch {
  /** JSON of its input. */
  readonly ready: string;
  readonly lastEvent: number;
}

/** A Map state's items, beside the state's own record: they do not change. */
export interface ItemsRecord {
  /** JSON. */
  readonly items: string;
}

export type BranchRecord = Checkpoint | EndedBranch | ReadyBranch;
