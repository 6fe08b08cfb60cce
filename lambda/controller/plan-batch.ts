// Part of the plan: batch jobs, with every version or at times of their own.
import { isInProgress } from '../shared/personalize/life-cycle';
import type { ActualBatchJob, ActualVersion } from './actual';
import type { DeclaredBatchJob } from './declaration';
import type { SolutionStanding } from './plan-training';
import { hasFailed, isActive, type Planning } from './planning';
import { isDue, nextTime } from './schedule-times';

export function planBatchJobs(planning: Planning, standings: readonly SolutionStanding[]): void {
  for (const { declared, versions, isTraining } of standings) {
    const newest = versions.find(({ status }) => isActive(status));
    for (const job of declared.batchJobs) {
      if (job.schedule !== undefined || !isTraining) planJob(planning, job, newest, isTraining);
    }
  }
}

const kindOf = ({ kind }: DeclaredBatchJob) => `batch ${kind} job` as const;

function planJob(
  planning: Planning,
  job: DeclaredBatchJob,
  version: ActualVersion | undefined,
  isTraining: boolean,
): void {
  const at = { step: 'batch', kind: kindOf(job), name: job.name, source: job.source } as const;
  const jobs = planning.actual.batchJobs
    .filter(({ kind, name }) => kind === job.kind && name.startsWith(`${job.name.slice(0, 40)}-`))
    .sort((a, b) => b.createdAt - a.createdAt);
  const running = jobs.find(({ status }) => isInProgress(status));
  if (running) {
    planning.waitForService({ ...at, name: running.name }, running);
    return;
  }
  if (!version) {
    if (isTraining) run(planning, job, undefined, '', false);
    return;
  }
  const occasion = occasionOf(planning, job, jobs, version);
  if (occasion === undefined) return;
  const name = `${job.name.slice(0, 40)}-${occasion}`;
  const failures = jobs.filter((each) => hasFailed(each.status) && each.name.startsWith(name));
  const [failed] = failures;
  if (failed) {
    const since = { id: `run ${at.kind} ${job.name}`, times: failures.length - 1 };
    if (!planning.mayRepeat(at, { ...failed, at: failed.createdAt }, since)) return;
  }
  run(
    planning,
    job,
    version,
    `${name}${failures.length > 0 ? `-${failures.length}` : ''}`,
    failures.length > 0,
  );
}

/** What the job is run for, as a part of its name: the version, or the time. The same occasion twice is the same name. */
function occasionOf(
  planning: Planning,
  { schedule, source }: DeclaredBatchJob,
  jobs: readonly ActualBatchJob[],
  version: ActualVersion,
): string | undefined {
  const good = jobs.filter(({ status }) => !hasFailed(status));
  if (schedule === undefined) {
    if (good.some(({ solutionVersionArn }) => solutionVersionArn === version.arn)) return undefined;
    return version.arn.slice(version.arn.lastIndexOf('/') + 1);
  }
  if (planning.isPaused(schedule)) return undefined;
  const last = good[0]?.createdAt ?? planning.declaredAt(source);
  const next = nextTime(schedule, last);
  if (next === undefined) return undefined;
  if (isDue(schedule, last, planning.now)) return next.toString(36);
  planning.upcoming.push({ at: next, what: 'batch job' });
  return undefined;
}

function run(
  planning: Planning,
  job: DeclaredBatchJob,
  version: ActualVersion | undefined,
  jobName: string,
  isRetry: boolean,
): void {
  const { kind, name, source, tags, schedule, input, output, filterName, ...settings } = job;
  const filter = planning.actual.filters.find((each) => each.name === filterName);
  const isFilterMissing = filterName !== undefined && !(filter && isActive(filter.status));
  planning.act({
    ...{ step: 'batch', verb: 'run', kind: kindOf(job), name, source, isRetry },
    reason: schedule === undefined ? 'there is a new version' : `its schedule ${schedule} is due`,
    after: [...(version ? [] : ['a trained version']), ...(isFilterMissing ? [`filter ${filterName}`] : [])],
    operation: kind === 'inference' ? 'CreateBatchInferenceJob' : 'CreateBatchSegmentJob',
    input: {
      ...settings,
      ...{ jobName, solutionVersionArn: version?.arn, filterArn: filter?.arn },
      ...{ jobInput: { s3DataSource: { path: input } }, jobOutput: { s3DataDestination: { path: output } } },
      tags: tags ?? [],
    },
  });
}
