// Part of the plan: files that are newer than their dataset's last import.
import { isInProgress } from '../shared/personalize/life-cycle';
import type { ActualFiles, ActualImport } from './actual';
import type { DeclaredImport } from './declaration';
import { hasFailed, isActive, type Planning } from './planning';
import { isDue, nextTime } from './schedule-times';

/** S3 tells times in whole seconds. */
const SECOND = 1000;

/** @returns what has to be imported before anything can be trained, in words */
export function planImports(planning: Planning): string[] {
  return planning.declaration.imports.flatMap((declared) => planImport(planning, declared));
}

function planImport(planning: Planning, declared: DeclaredImport): string[] {
  const { actual } = planning;
  const dataset = actual.datasets.find(({ type }) => type === declared.type);
  // Jobs outlive the dataset, and a dataset that is made again has the ARN of the one before.
  const jobs = actual.imports
    .filter(({ type, createdAt }) => type === declared.type && createdAt >= (dataset?.createdAt ?? Infinity))
    .sort((a, b) => b.createdAt - a.createdAt);
  const running = jobs.find(({ status }) => isInProgress(status));
  const after = `import of ${declared.type}`;
  if (running) {
    planning.waitForService(
      { step: 'import', kind: 'import job', ...running, source: declared.source },
      running,
    );
    return [after];
  }
  const files = actual.files.find(({ type }) => type === declared.type);
  if (files?.newestAt === undefined) return missing(planning, declared, jobs, files?.found ?? []);
  const done = jobs.find(({ status }) => isActive(status));
  const isImported = (job: ActualImport) => hasTaken(job, files);
  if (done && isImported(done)) return [];
  if (done && !isTime(planning, declared, done.createdAt)) return [];
  const failed = jobs.find((job) => hasFailed(job.status) && isImported(job));
  if (failed && !isCorrected(planning, declared, failed)) return [after];
  const mode = done ? dueMode(planning, declared, done.createdAt) : 'FULL';
  const name = `${declared.name.slice(0, 36)}-f${files.fingerprint}-t${(dataset?.createdAt ?? 0).toString(36)}-`;
  planning.act({
    ...{ step: 'import', verb: 'import', kind: 'import job', name: declared.name, source: declared.source },
    reason: done ? 'files are newer than its last import' : 'its files were never imported',
    isRetry: failed !== undefined,
    after: dataset && isActive(dataset.status) ? [] : [`dataset of ${declared.type}`],
    operation: 'CreateDatasetImportJob',
    input: {
      // A call that is repeated has the same name, and makes no second job.
      jobName: `${name}${actual.imports.filter((job) => job.name.startsWith(name)).length}`,
      datasetArn: dataset?.arn,
      dataSource: { dataLocation: `s3://${declared.bucket}/${files.place ?? declared.prefix}` },
      ...{ roleArn: declared.roleArn, importMode: mode, tags: declared.tags ?? [] },
    },
  });
  return [after];
}

/**
 * By the fingerprint in the name of a job of ours; of jobs that others made only their time tells what they took. Times alone would not do:
 * S3 tells whole seconds, and an upload in parts has the time of its beginning.
 */
function hasTaken({ name, createdAt }: ActualImport, { newestAt = 0, fingerprint }: ActualFiles): boolean {
  const [, taken] = /-f([0-9a-f]{8})-t[0-9a-z]+-\d+$/.exec(name) ?? [];
  return taken === undefined ? createdAt - SECOND > newestAt : taken === fingerprint;
}

/** With schedules, later files wait for their time, unless the declaration was said anew since. */
function isTime(planning: Planning, { schedules, source }: DeclaredImport, last: number): boolean {
  const expressions = Object.values(schedules).filter((each) => each !== undefined);
  if (expressions.length === 0 || planning.declaredAt(source) > last) return true;
  const active = expressions.filter((each) => !planning.isPaused(each));
  for (const expression of active) {
    const next = nextTime(expression, last);
    if (next !== undefined && next > planning.now) planning.upcoming.push({ at: next, what: 'import' });
  }
  return active.some((expression) => isDue(expression, last, planning.now));
}

/** A full import takes all files, so that an incremental one of the same time has nothing to add. */
function dueMode(planning: Planning, { mode, schedules }: DeclaredImport, last: number): string {
  const due = (expression: string | undefined) =>
    expression !== undefined && !planning.isPaused(expression) && isDue(expression, last, planning.now);
  if (due(schedules.full)) return 'FULL';
  return due(schedules.incremental) ? 'INCREMENTAL' : mode;
}

/** A faulty file is not imported again before it is another one, or somebody asks for it. */
function isCorrected(planning: Planning, declared: DeclaredImport, failed: ActualImport): boolean {
  const askedAt = Math.max(planning.declaredAt(declared.source), planning.asked.trainingAt ?? 0);
  if (askedAt > failed.createdAt) return true;
  planning.problem({
    ...{ step: 'import', resource: { kind: 'import job', name: failed.name }, source: declared.source },
    code: 'ResourceFailed',
    reason: failed.failureReason ?? failed.status,
    advice: `Correct the files under ${declared.prefix} and upload them again: they are imported then.`,
  });
  return false;
}

/** Only interactions are indispensable, and only where none are streamed. */
function missing(
  planning: Planning,
  declared: DeclaredImport,
  jobs: readonly ActualImport[],
  found: readonly string[],
): string[] {
  const { declaration, actual } = planning;
  const isFed =
    declaration.eventTracker || actual.eventTrackers.length > 0 || declaration.datasetGroup.isMadeElsewhere;
  if (declared.type !== 'Interactions' || isFed || jobs.some(({ status }) => isActive(status))) return [];
  const near = found.length > 0 ? `found ${found.slice(0, 5).join(', ')}` : 'found none near by';
  planning.waiting.push({
    ...{ for: 'files', step: 'import' },
    message: `no file under s3://${declared.bucket}/${declared.prefix}, ${near}`,
  });
  return [`files under ${declared.prefix}`];
}
