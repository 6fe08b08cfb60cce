// The row of a dataset group in the runs table: what it is waiting for, what failed, since when, what comes next. The controller
// writes it after every tick; commands and pages read it. All rows are in one partition (`groups`), so that one query gives them all.
import type { Judged, Problem, Step, Waiting } from './actions';
import type { Asked } from './planning';

/** The partition; the sort key is the dataset group's ARN. */
export const GROUPS = 'groups';

/**
 * - `settled`: all is as declared; a schedule may come.
 * - `working`: something is done, or Amazon Personalize works on it.
 * - `waiting`: for likes or files.
 * - `failed`: a person has to do something; what serves goes on serving.
 */
export type GroupState = 'settled' | 'working' | 'waiting' | 'failed';

/** A call that did not succeed. Only to spare the service and people: what is right does not hang on it. */
export interface Attempt {
  /**
   * `repeat`: what had failed in the service was asked for again, so often. `nothing new`: there was nothing to train with. `exists`: it
   * was there already.
   */
  readonly kind: 'transient' | 'refused' | 'repeat' | 'nothing new' | 'exists';
  /** How often in a row. */
  readonly count: number;
  /** ISO 8601, of the first and of the last one, and when the next may be. */
  readonly since: string;
  readonly at: string;
  readonly retryAt: string;
  readonly error: string;
  readonly reason: string;
}

/** What is under way from the first action until all is settled, or stuck. */
export interface OpenRun {
  /** The sort key of its record in the group's own partition. */
  readonly key: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly step?: Step;
  /** How versions were judged before they served. */
  readonly judged: readonly Judged[];
  /** Names of solutions that there was nothing new for. */
  readonly unchanged?: readonly string[];
}

/** What answers requests, and is billed as long as it is up. */
export interface Serving {
  readonly kind: 'campaign' | 'recommender';
  readonly name: string;
  /** As Amazon Personalize names it. */
  readonly status: string;
  /** The recipe's name, such as `aws-sims`; empty where Amazon Personalize chose it. */
  readonly recipe: string;
  readonly minProvisionedTps: number;
  /** ARN of the version that a campaign serves. */
  readonly solutionVersion?: string;
}

export interface GroupRow {
  readonly datasetGroup: { readonly name: string; readonly arn: string };
  /** Who declares it; for files with the entity tag of what was read, and when that was uploaded (ISO 8601). */
  readonly sources: readonly {
    readonly name: string;
    readonly etag?: string;
    readonly uploadedAt?: string;
  }[];
  readonly state: GroupState;
  readonly step?: Step;
  /** ISO 8601: since when it is in this state. */
  readonly since: string;
  /** ISO 8601: when it was looked at last. */
  readonly observedAt: string;
  readonly waiting: readonly Waiting[];
  readonly problems: readonly Problem[];
  /** What is to be done that could not be done yet: action ids, and what has to come first. */
  readonly planned: readonly { readonly what: string; readonly after: readonly string[] }[];
  readonly serving: readonly Serving[];
  /** ISO 8601: when it is looked at again at the latest. */
  readonly lookAt: string;
  readonly next?: { readonly at: string; readonly what: string };
  /** US dollars an hour that it is billed for at least. */
  readonly pricePerHour: number;
  /** By action id. */
  readonly attempts: Readonly<Record<string, Attempt>>;
  /** Names of schemas that were made for it: they have no tags. */
  readonly schemas: readonly string[];
  /** ISO 8601: when an operator asked for a training last; versions older than it are trained again. */
  readonly trainingAskedAt?: string;
  /** ISO 8601: when an operator stopped trainings last: what was asked for before is not trained any more. */
  readonly stoppedAt?: string;
  /** Expressions of schedules that are paused. */
  readonly pausedSchedules: readonly string[];
  readonly run?: OpenRun;
  /** What people were told of last, so that they are told once. */
  readonly told?: string;
  /** ARN of the state machine's execution that ticks this group. */
  readonly execution?: string;
}

/** Whether a row's name is a dataset group's: a file that is at fault stands for itself, by its key. */
export const isGroupName = (name: string): boolean => /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}$/.test(name);

/** Nothing was declared for it any more, and nothing is left. */
export const isGone = ({ sources, state }: GroupRow): boolean => sources.length === 0 && state === 'settled';

/** What a first training waits for, in words: `6 more likes`. */
export const likesAwaited = ({ waiting }: GroupRow): string[] =>
  waiting.filter((each) => each.for === 'likes').map(({ message }) => message);

/** Of a group that no tick has come to the end with yet: it is due. */
export function newRow(datasetGroup: GroupRow['datasetGroup'], now: string): GroupRow {
  return {
    ...{ datasetGroup, sources: [], state: 'working', since: now, observedAt: now },
    lookAt: new Date(0).toISOString(),
    ...{ waiting: [], problems: [], planned: [], serving: [], pricePerHour: 0 },
    ...{ attempts: {}, schemas: [], pausedSchedules: [] },
  };
}

/** What a plan has to know of it. */
export function askedOf({ trainingAskedAt, stoppedAt, pausedSchedules, attempts }: GroupRow): Asked {
  const those = (wanted: Attempt['kind']) =>
    Object.entries(attempts).filter(([, { kind }]) => kind === wanted);
  return {
    ...(trainingAskedAt && { trainingAt: Date.parse(trainingAskedAt) }),
    ...(stoppedAt && { stoppedAt: Date.parse(stoppedAt) }),
    pausedSchedules,
    repeated: Object.fromEntries(those('repeat').map(([id, { count }]) => [id, count])),
    nothingNewAt: Object.fromEntries(those('nothing new').map(([id, { at }]) => [id, Date.parse(at)])),
  };
}
