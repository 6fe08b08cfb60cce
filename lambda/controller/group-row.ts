// The row of a dataset group in the runs table: what it is waiting for, what failed, since when, what comes next. The controller
// writes it after every tick; commands and pages read it. All rows are in one partition (`groups`), so that one query gives them all.
import type { Problem, Step, Waiting } from './actions';

/** The partition; the sort key is the dataset group's ARN. */
export const GROUPS = 'groups';

/**
 * - `settled`: all is as declared; a schedule may come.
 * - `working`: something is done, or Amazon Personalize works on it.
 * - `waiting`: for likes or files.
 * - `failed`: a person has to do something; what serves goes on serving.
 * - `stopped`: an operator stopped it; it goes on when an operator starts it, or when what is declared changes.
 */
export type GroupState = 'settled' | 'working' | 'waiting' | 'failed' | 'stopped';

/** A call that was refused, or failed again and again. */
export interface Attempt {
  /** How often in a row. */
  readonly count: number;
  /** ISO 8601, of the first one. */
  readonly since: string;
  /** ISO 8601, not before. */
  readonly retryAt: string;
  readonly error: string;
  readonly reason: string;
}

export interface GroupRow {
  readonly datasetGroup: { readonly name: string; readonly arn: string };
  /** `settings` and keys of files. */
  readonly sources: readonly string[];
  readonly state: GroupState;
  readonly step?: Step;
  /** ISO 8601: since when it is in this state. */
  readonly since: string;
  /** ISO 8601: when it was looked at last. */
  readonly observedAt: string;
  readonly waiting: readonly Waiting[];
  readonly problems: readonly Problem[];
  /** ISO 8601: when it is looked at again at the latest. */
  readonly lookAt: string;
  readonly next?: { readonly at: string; readonly what: string };
  /** US dollars an hour that it is billed for at least. */
  readonly pricePerHour: number;
  /** By action id. Only to spare the service: what is right does not hang on it. */
  readonly attempts: Readonly<Record<string, Attempt>>;
  /** ISO 8601: when an operator asked for a training last; versions older than it are trained again. */
  readonly trainingAskedAt?: string;
  /** Expressions of schedules that are paused. */
  readonly pausedSchedules: readonly string[];
  /** The run that is under way: key of its record in the group's own partition, and who asked for it. */
  readonly run?: { readonly key: string; readonly reason: string; readonly startedAt: string };
  /** ARN of the state machine's execution that ticks this group. */
  readonly execution?: string;
}
