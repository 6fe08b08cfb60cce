// A plan in the making: what its parts have in common.
import type { Tag } from '@aws-sdk/client-personalize';
import { isInProgress } from '../shared/personalize/life-cycle';
import {
  type Action,
  callOn,
  type Difference,
  type Judged,
  type Problem,
  type ResourceKind,
  type Step,
  type Verb,
  type Waiting,
} from './actions';
import type { Actual, Resource } from './actual';
import { type Declaration, type Declared, deploymentTag } from './declaration';
import { inWords } from './differences';

/** What people asked for besides, and what went wrong before: kept in the group's row. Times in milliseconds since 1970. */
export interface Asked {
  /** An operator asked for a training then. */
  readonly trainingAt?: number;
  /** An operator stopped trainings then: what was asked for before is not trained any more. */
  readonly stoppedAt?: number;
  /** Expressions of schedules. */
  readonly pausedSchedules: readonly string[];
  /** By action id, how often what failed was repeated. */
  readonly repeated: Readonly<Record<string, number>>;
  /** By action id, when an UPDATE training had nothing to bring in. */
  readonly nothingNewAt: Readonly<Record<string, number>>;
}

export const nothingAsked: Asked = { pausedSchedules: [], repeated: {}, nothingNewAt: {} };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The first wait before what failed is done again, doubled each time. */
const FIRST_RETRY_MS = 5 * MINUTE;
const LONGEST_RETRY_MS = 6 * HOUR;

export const backOff = (times: number): number => Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** times);

/** After so long a person should look at what Amazon Personalize works on. */
const DEADLINES: Partial<Record<ResourceKind, number>> = {
  'import job': 12 * HOUR,
  recommender: 48 * HOUR,
  'solution version': 48 * HOUR,
  campaign: 4 * HOUR,
  'batch inference job': 48 * HOUR,
  'batch segment job': 48 * HOUR,
};

export const hasFailed = (status: string): boolean => /FAILED/.test(status);
export const isActive = (status: string): boolean => status === 'ACTIVE';
const isBeingDeleted = (status: string): boolean => status.startsWith('DELETE');

/** The code of the one problem that is no failure: the service counts too little data yet. */
export const NOT_ENOUGH = 'NotEnoughData';
const isTooLittle = (reason: string): boolean => /fewer than/i.test(reason);

/** What is spoken of: in which step, and who declares it. */
export interface At {
  readonly step: Step;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly source?: string;
}

export interface Act extends At {
  readonly verb: Verb;
  readonly reason: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly after?: readonly string[];
  readonly differences?: readonly Difference[];
  readonly deletes?: Action['deletes'];
  readonly replaces?: Action['replaces'];
  readonly pricePerHour?: number;
  readonly isRetry?: boolean;
}

export class Planning {
  readonly actions: Action[] = [];
  readonly waiting: Waiting[] = [];
  readonly problems: Problem[] = [];
  readonly judged: Judged[] = [];
  /** Times at which a schedule asks for something. */
  readonly upcoming: { readonly at: number; readonly what: string }[] = [];

  constructor(
    readonly declaration: Declaration,
    readonly actual: Actual,
    readonly now: number,
    readonly asked: Asked,
  ) {}

  act({ step, verb, kind, name, operation, input, after = [], ...rest }: Act): void {
    this.actions.push({
      id: `${verb} ${kind} ${name}`,
      step,
      verb,
      resource: { kind, name },
      source: rest.source ?? '',
      reason: rest.reason,
      differences: rest.differences ?? [],
      deletes: rest.deletes ?? [],
      ...(rest.replaces && { replaces: rest.replaces }),
      pricePerHour: rest.pricePerHour ?? 0,
      isRetry: rest.isRetry ?? false,
      after,
      ...(after.length === 0 && { call: { operation, input } }),
    });
  }

  /** Waits for what the service works on, and tells when it takes too long. */
  waitForService(
    { step, kind, name, source = '' }: At,
    { status, createdAt }: Pick<Resource, 'status' | 'createdAt'>,
  ): void {
    const doing = isBeingDeleted(status) ? 'being deleted' : status.toLowerCase().replaceAll('_', ' ');
    this.waiting.push({ for: 'service', step, message: `${kind} ${name}: ${doing}` });
    const limit = DEADLINES[kind] ?? HOUR;
    if (isBeingDeleted(status) || this.now - createdAt < limit) return;
    this.problem({
      step,
      resource: { kind, name },
      source,
      code: 'DeadlinePassed',
      reason: `still ${status} after ${Math.round((this.now - createdAt) / MINUTE)} minutes`,
      advice: 'Look at it in the console of Amazon Personalize, and ask AWS support if nothing shows why.',
    });
  }

  /**
   * Whether what is there can be used. What the service works on is awaited; what it could not make, and what serves nobody, is deleted
   * to be made anew, when that may be.
   */
  isUsable(at: At, there: Resource): boolean {
    const { status, createdAt, arn } = there;
    if (isInProgress(status)) this.waitForService(at, there);
    if (isInProgress(status) || !hasFailed(status)) return !isInProgress(status);
    if (this.mayRepeat(at, { ...there, at: createdAt }, { id: `delete ${at.kind} ${at.name}` })) {
      this.act({
        ...{ ...at, verb: 'delete', isRetry: true, reason: 'it could not be made, and is made anew' },
        ...callOn('Delete', at.kind, arn),
      });
    }
    return false;
  }

  /** What only a replacement could change, and that nobody allowed. */
  refuse(
    { step, kind, name, source = '' }: At,
    changed: readonly Difference[],
    reason: string,
    advice: string,
  ): void {
    this.problem({
      ...{ step, resource: { kind, name }, source, code: 'ReplacementRefused', differences: changed },
      reason: `${reason}: ${inWords(changed)}`,
      advice,
    });
  }

  problem(problem: Omit<Problem, 'differences'> & Partial<Pick<Problem, 'differences'>>): void {
    this.problems.push({ differences: [], ...problem });
  }

  /**
   * What could not be made is told, and made again: after a while, or at once when somebody asked for it, declared it anew, or, of what
   * had too little data, more were imported since.
   *
   * @param times how often it failed already, before this one; by default as often as it was repeated
   * @returns whether it may be repeated now
   */
  mayRepeat(
    { step, kind, name, source = '' }: At,
    failed: { readonly failureReason?: string; readonly status: string; readonly at: number },
    { id, times }: { readonly id: string; readonly times?: number },
  ): boolean {
    const reason = failed.failureReason ?? failed.status;
    const since = [this.declaredAt(source), this.asked.trainingAt ?? 0];
    if (isTooLittle(reason)) since.push(...this.importedAt());
    if (Math.max(...since) > failed.at) return true;
    const retryAt = failed.at + backOff(times ?? this.asked.repeated[id] ?? 0);
    if (retryAt <= this.now) return true;
    this.problem({
      step,
      resource: { kind, name },
      source,
      code: isTooLittle(reason) ? NOT_ENOUGH : 'ResourceFailed',
      reason,
      advice: isTooLittle(reason)
        ? 'More data are needed. It is tried again by itself, at once when more were imported.'
        : 'It is tried again by itself, at once when it is declared anew or a training is started.',
    });
    this.waiting.push({
      for: 'retry',
      step,
      message: `${kind} ${name} is tried again: ${reason}`,
      until: new Date(retryAt).toISOString(),
    });
    return false;
  }

  private importedAt(): number[] {
    return this.actual.imports.filter(({ status }) => isActive(status)).map(({ createdAt }) => createdAt);
  }

  /** When a source was said last; files of seconds, as S3 tells them. */
  declaredAt(source: string): number {
    const found = this.declaration.sources.find(({ name }) => name === source);
    return found ? Date.parse(found.declaredAt) : 0;
  }

  /** Whether a schedule's time came since `last`; its next time is noted otherwise. */
  isPaused(expression: string): boolean {
    return this.asked.pausedSchedules.includes(expression);
  }

  /** The tags of something that is made: its own, and the deployment's, by which it is known later. */
  tags(own: Declared['tags']): readonly Tag[] {
    const mark = { tagKey: deploymentTag, tagValue: this.declaration.deployment };
    return [...(own ?? []).filter(({ tagKey }) => tagKey !== deploymentTag), mark];
  }

  /** What has to be there before anything is made in the group; empty when it is. */
  groupNeeded(): string[] {
    const { datasetGroup } = this.actual;
    return datasetGroup && isActive(datasetGroup.status)
      ? []
      : [`dataset group ${this.declaration.datasetGroup.name}`];
  }

  get groupArn(): string {
    return this.actual.datasetGroup?.arn ?? '';
  }
}
