// What a plan consists of: actions, each one call of Amazon Personalize, and what it waits for or cannot do. Plain JSON, so that
// `gallery plan`, the console and the controller show and do the same.

import type { Judged, Verdict } from '../shared/contract/judged';

export type { Judged, Verdict };

/** As people read it: the phases of a run, and of the state machine's graph. */
export const steps = [
  'plan',
  'resources',
  'import',
  'recommenders',
  'train',
  'judge',
  'serve',
  'batch',
  'take down',
] as const;
export type Step = (typeof steps)[number];

export type ResourceKind =
  | 'dataset group'
  | 'schema'
  | 'dataset'
  | 'import job'
  | 'event tracker'
  | 'filter'
  | 'recommender'
  | 'solution'
  | 'solution version'
  | 'campaign'
  | 'batch inference job'
  | 'batch segment job';

/** How a request or an answer names one of a kind: `eventTracker`. */
export const memberOf = (kind: ResourceKind): string =>
  kind.replaceAll(/ ./g, (next) => next.trim().toUpperCase());

/** The call on one of a kind: `DeleteEventTracker`, with its `eventTrackerArn`. */
export function callOn(verb: 'Delete' | 'Describe', kind: ResourceKind, arn: string) {
  const member = memberOf(kind);
  return {
    operation: `${verb}${member.charAt(0).toUpperCase()}${member.slice(1)}`,
    input: { [`${member}Arn`]: arn },
  };
}

export interface ResourceName {
  readonly kind: ResourceKind;
  readonly name: string;
}

/** One difference between what is declared and what is there. */
export interface Difference {
  /** The member, such as `minProvisionedTPS` or `solutionConfig.eventsConfig`. */
  readonly what: string;
  readonly from: unknown;
  readonly to: unknown;
}

export type Verb = 'create' | 'update' | 'delete' | 'start' | 'stop' | 'train' | 'import' | 'run';

export interface Action {
  /** `create campaign shop-personal`: the same for the same action in every plan. */
  readonly id: string;
  readonly step: Step;
  readonly verb: Verb;
  readonly resource: ResourceName;
  /** `settings`, or the key of the file that asks for it; empty for what nobody declares any more. */
  readonly source: string;
  /** Why, in words for people. */
  readonly reason: string;
  readonly differences: readonly Difference[];
  /** What goes with it: named because it is lost. */
  readonly deletes: readonly ResourceName[];
  /** What it is made in place of. */
  readonly replaces?: ResourceName;
  /** US dollars an hour that it adds, or (negative) takes away, while what it makes is up; list prices of us-east-1. */
  readonly pricePerHour: number;
  /** Whether it repeats what failed before. */
  readonly isRetry: boolean;
  /** Empty: it can be done now. Otherwise what has to come first, in words. */
  readonly after: readonly string[];
  /** The call: an operation of Amazon Personalize, and its input. Absent while `after` is not empty. */
  readonly call?: { readonly operation: string; readonly input: Readonly<Record<string, unknown>> };
}

/** What the group waits for, which comes without us or without a fault. */
export interface Waiting {
  readonly for: 'service' | 'likes' | 'files' | 'retry' | 'operator';
  readonly step: Step;
  /** `campaign shop-personal is being made`, `6 more likes`. */
  readonly message: string;
  /** ISO 8601, where it is known when to look again. */
  readonly until?: string;
}

/** What does not get better by itself: a person has to do something. */
export interface Problem {
  readonly step: Step;
  readonly resource?: ResourceName;
  /** `settings`, or the key of the file. */
  readonly source: string;
  /** Short and stable, such as `ReplacementRefused`, `ResourceFailed`, `LimitExceededException`. */
  readonly code: string;
  /** The service's words, or ours. */
  readonly reason: string;
  /** What to do. */
  readonly advice: string;
  readonly differences: readonly Difference[];
}

export interface Plan {
  readonly actions: readonly Action[];
  readonly waiting: readonly Waiting[];
  readonly problems: readonly Problem[];
  readonly judged: readonly Judged[];
  /** The first time at which a schedule asks for something, and for what. */
  readonly next?: { readonly at: string; readonly what: string };
  /** US dollars an hour that is billed now, and once all is done. */
  readonly pricePerHour: { readonly now: number; readonly after: number };
}
