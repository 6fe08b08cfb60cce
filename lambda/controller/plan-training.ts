// Part of the plan: solutions, and the versions that are to be trained of them.

import { createHash } from 'node:crypto';
import { isInProgress } from '../shared/personalize/life-cycle';
import { usersNeeded } from '../shared/users-needed';
import type { Difference } from './actions';
import type { ActualSolution, ActualVersion, Progress } from './actual';
import type { DeclaredSolution, SolutionSettings } from './declaration';
import { differences } from './differences';
import { hasFailed, isActive, type Planning } from './planning';
import { isDue, nextTime } from './schedule-times';

/** What UpdateSolution changes; everything else wants another solution. */
const updatable =
  /^(performAutoTraining|performIncrementalUpdate|solutionConfig\.(autoTrainingConfig|eventsConfig)\b)/;

/** A solution as it stands: what is declared, what is there, and whether a version is being or will be trained. */
export interface SolutionStanding {
  readonly declared: DeclaredSolution;
  readonly there?: ActualSolution;
  /** Of this solution, newest first. */
  readonly versions: readonly ActualVersion[];
  /** Whether a newer version is on its way. */
  readonly isTraining: boolean;
}

/**
 * @param dataNeeded what has to be imported first, in words
 */
export function planTraining(planning: Planning, dataNeeded: readonly string[]): SolutionStanding[] {
  const { declaration } = planning;
  if (declaration.solutions.length === 0) return [];
  const isEnough = hasEnoughLikes(planning);
  return declaration.solutions.map((declared) => {
    const there = standing(planning, declared);
    if (!there && !isEnough) return { declared, versions: [], isTraining: false };
    const needed = [...planning.groupNeeded(), ...dataNeeded];
    return planSolution(planning, declared, there, needed, isEnough);
  });
}

/** The name that a solution with other settings is made under while the one before serves. */
const replacementName = (declared: DeclaredSolution): string =>
  `${declared.name.slice(0, 54)}-${createHash('sha256').update(JSON.stringify(declared.settings)).digest('hex').slice(0, 8)}`;

export const isReplacementOf = (declared: string, name: string): boolean =>
  name.startsWith(`${declared.slice(0, 54)}-`) &&
  /^[0-9a-f]{8}$/.test(name.slice(declared.slice(0, 54).length + 1));

/** The solution of this name, or the one that replaces it. */
function standing({ actual }: Planning, declared: DeclaredSolution): ActualSolution | undefined {
  const named = (name: string) => actual.solutions.find((solution) => solution.name === name);
  return named(replacementName(declared)) ?? named(declared.name);
}

/** Names of solutions that are declared, as they are or as replacements. */
export function declaredSolutionNames(planning: Planning): Set<string> {
  return new Set(
    planning.declaration.solutions.map((declared) => standing(planning, declared)?.name ?? declared.name),
  );
}

const settingsOf = ({ settings }: DeclaredSolution): SolutionSettings => ({
  performAutoTraining: false,
  ...settings,
});

function planSolution(
  planning: Planning,
  declared: DeclaredSolution,
  there: ActualSolution | undefined,
  needed: readonly string[],
  isEnough: boolean,
): SolutionStanding {
  const versions = there ? versionsOf(planning, there) : [];
  const none = { declared, there, versions, isTraining: false };
  if (!there) {
    createSolution(planning, declared, declared.name, needed);
    train(planning, declared, undefined, [], { mode: 'FULL', after: [`solution ${declared.name}`] });
    return { ...none, isTraining: true };
  }
  const at = { step: 'train', kind: 'solution', name: there.name, source: declared.source } as const;
  const isBeingUpdated = there.status.startsWith('UPDATE') && isInProgress(there.status);
  if (!isBeingUpdated && !planning.isUsable(at, there)) return none;
  const changed = there.settings ? differences(settingsOf(declared), there.settings) : [];
  if (changed.length > 0) return changeSolution(planning, declared, there, versions, changed, needed);
  const isTraining = planVersion(planning, declared, there, versions, needed, isEnough);
  return { ...none, isTraining };
}

function createSolution(
  planning: Planning,
  declared: DeclaredSolution,
  name: string,
  after: readonly string[],
  replaced?: { readonly name: string; readonly differences: readonly Difference[] },
): void {
  planning.act({
    ...{ step: 'train', verb: 'create', kind: 'solution', name, source: declared.source, after },
    reason: replaced
      ? 'its settings cannot be changed: another one takes its place'
      : 'it is declared and not there',
    ...(replaced && {
      differences: replaced.differences,
      replaces: { kind: 'solution', name: replaced.name },
    }),
    operation: 'CreateSolution',
    input: {
      ...{ name, datasetGroupArn: planning.groupArn, ...settingsOf(declared) },
      tags: planning.tags(declared.tags),
    },
  });
}

function changeSolution(
  planning: Planning,
  declared: DeclaredSolution,
  there: ActualSolution,
  versions: readonly ActualVersion[],
  changed: readonly Difference[],
  needed: readonly string[],
): SolutionStanding {
  const stays = { declared, there, versions, isTraining: false };
  const at = { step: 'train', kind: 'solution', name: there.name, source: declared.source } as const;
  if (changed.every(({ what }) => updatable.test(what))) {
    const { performAutoTraining, performIncrementalUpdate, solutionConfig } = settingsOf(declared);
    const { autoTrainingConfig, eventsConfig } = solutionConfig ?? {};
    planning.act({
      ...{ ...at, verb: 'update', differences: changed },
      reason: 'it is declared otherwise; the next version is trained so',
      operation: 'UpdateSolution',
      input: {
        ...{ solutionArn: there.arn, performAutoTraining, performIncrementalUpdate },
        ...((autoTrainingConfig || eventsConfig) && {
          solutionUpdateConfig: { autoTrainingConfig, eventsConfig },
        }),
      },
    });
    return stays;
  }
  if (planning.declaration.allowReplace) {
    createSolution(planning, declared, replacementName(declared), needed, {
      name: there.name,
      differences: changed,
    });
    return { ...stays, isTraining: true };
  }
  const advice =
    'Give the new solution another name, or write "allowReplace": true: it is then trained beside the one in service, which goes when the new one serves.';
  planning.refuse(at, changed, 'a solution cannot be changed so', advice);
  return stays;
}

/** Newest first; those of an earlier solution of the same name are gone with it. */
function versionsOf({ actual }: Planning, { name }: ActualSolution): ActualVersion[] {
  return actual.versions
    .filter(({ solution }) => solution === name)
    .sort((a, b) => b.createdAt - a.createdAt);
}

interface Wish {
  readonly mode: 'FULL' | 'UPDATE';
  readonly reason: string;
}

/** @returns whether a version is on its way, or to come now */
function planVersion(
  planning: Planning,
  declared: DeclaredSolution,
  there: ActualSolution,
  versions: readonly ActualVersion[],
  needed: readonly string[],
  isEnough: boolean,
): boolean {
  const { name, source } = declared;
  const at = { step: 'train', kind: 'solution version', name, source } as const;
  const running = versions.find(({ status }) => isInProgress(status));
  if (running) {
    planning.waitForService(at, running);
    return true;
  }
  const wish = isEnough ? wishOf(planning, declared, versions, trainingId(there)) : undefined;
  if (!wish) return false;
  const newestActive = versions.findIndex(({ status }) => isActive(status));
  const failures = (newestActive < 0 ? versions : versions.slice(0, newestActive)).filter(({ status }) =>
    hasFailed(status),
  );
  const [failed] = failures;
  if (failed) {
    const since = { id: trainingId(there), times: failures.length - 1 };
    if (!planning.mayRepeat(at, { ...failed, at: failed.createdAt }, since)) return false;
  }
  const isFirst = !versions.some(({ status, trainingMode }) => isActive(status) && trainingMode !== 'UPDATE');
  const mode = isFirst ? 'FULL' : wish.mode;
  train(planning, declared, there, needed, { mode, reason: wish.reason, isRetry: failed !== undefined });
  return true;
}

/** Of the action that trains it. */
const trainingId = ({ name }: ActualSolution): string => `train solution version ${name}`;

/** What asks for a version newer than those that there are, or are to be had. */
function wishOf(
  planning: Planning,
  { name, source, training }: DeclaredSolution,
  versions: readonly ActualVersion[],
  id: string,
): Wish | undefined {
  const { asked, now } = planning;
  const good = versions.filter(({ status }) => isActive(status));
  const newest = good[0]?.createdAt;
  // An UPDATE that had nothing to bring in is as good as a new version, until something else asks for one.
  const updatedAt = newest && Math.max(newest, asked.nothingNewAt[id] ?? 0);
  const upToDate = (training.mode === 'UPDATE' ? updatedAt : newest) ?? 0;
  const stoppedAt = Math.max(
    asked.stoppedAt ?? 0,
    ...versions.filter(({ status }) => /STOPPED/.test(status)).map(({ createdAt }) => createdAt),
  );
  const declaredAt = planning.declaredAt(source);
  const askedFor = (at: number) => at > stoppedAt;
  if (asked.trainingAt && askedFor(asked.trainingAt) && upToDate < asked.trainingAt)
    return { mode: training.mode, reason: 'an operator asked for it' };
  if (newest === undefined && (stoppedAt === 0 || askedFor(declaredAt)))
    return { mode: 'FULL', reason: 'it was never trained' };
  if (
    training.withEachUpload &&
    askedFor(declaredAt) &&
    newest !== undefined &&
    upToDate < declaredAt - (training.maxAge ?? 0)
  )
    return { mode: training.mode, reason: 'it was declared after its newest version' };
  const scheduled = (expression: string | undefined, last: number) => {
    if (expression === undefined || planning.isPaused(expression)) return false;
    const from = Math.max(last, stoppedAt);
    const next = nextTime(expression, from);
    if (next !== undefined && next > now) planning.upcoming.push({ at: next, what: `training of ${name}` });
    return isDue(expression, from, now);
  };
  const newestFull = good.find(({ trainingMode }) => trainingMode !== 'UPDATE')?.createdAt;
  const [full, update] = [
    scheduled(training.schedules.full, newestFull ?? newest ?? 0),
    scheduled(training.schedules.update, updatedAt ?? 0),
  ];
  if (full) return { mode: 'FULL', reason: `its schedule ${training.schedules.full} is due` };
  if (update) return { mode: 'UPDATE', reason: `its schedule ${training.schedules.update} is due` };
  if (newest === undefined)
    planning.waiting.push({ for: 'operator', step: 'train', message: `training of ${name} was stopped` });
  return undefined;
}

function train(
  planning: Planning,
  declared: DeclaredSolution,
  there: ActualSolution | undefined,
  needed: readonly string[],
  {
    mode,
    reason = 'it was never trained',
    after = [],
    isRetry,
  }: {
    readonly mode: string;
    readonly reason?: string;
    readonly after?: readonly string[];
    readonly isRetry?: boolean;
  },
): void {
  planning.act({
    ...{ step: 'train', verb: 'train', kind: 'solution version', name: there?.name ?? declared.name },
    ...{ source: declared.source, reason, isRetry, after: [...needed, ...after] },
    operation: 'CreateSolutionVersion',
    input: {
      ...{ solutionArn: there?.arn, trainingMode: mode },
      tags: planning.tags(declared.versionTags ?? declared.tags),
    },
  });
}

/**
 * What is counted decides before the first training alone, and only where all data are counted. Whoever asks for a training before waits for
 * it as well: with less data it would fail.
 */
function hasEnoughLikes(planning: Planning): boolean {
  const { declaration, actual } = planning;
  const { minimum } = declaration;
  const isTrained = actual.versions.some(({ status }) => isActive(status));
  const isImported = actual.imports.some(({ type, status }) => type === 'Interactions' && isActive(status));
  if (!minimum || isTrained || isImported) return true;
  const none: Progress = { users: 0, qualifiedUsers: 0, interactions: 0 };
  const { users, qualifiedUsers, interactions, undelivered = 0 } = actual.progress ?? none;
  const likes = minimum.interactions - interactions;
  const people = usersNeeded(users, minimum.users) - qualifiedUsers;
  if (likes <= 0 && people <= 0) return true;
  const missing = [
    ...(likes > 0 ? [`${likes} more like${likes === 1 ? '' : 's'}`] : []),
    ...(people > 0 ? [`${people} more ${people === 1 ? 'person' : 'people'} with two likes`] : []),
  ];
  const late =
    undelivered > 0 ? `; ${undelivered} that were given are still on their way to Amazon Personalize` : '';
  planning.waiting.push({ for: 'likes', step: 'train', message: `${missing.join(' and ')}${late}` });
  return false;
}
