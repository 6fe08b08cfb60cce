// What a run of the pipeline leaves behind, read out of the record's free-form result.

import type { Campaign, Judged, Run } from '../api/types';

/** Why a run failed. */
export interface Failure {
  readonly step: string;
  readonly reason: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function isJudged(value: unknown): value is Judged {
  return (
    isObject(value) &&
    typeof value.solution === 'string' &&
    typeof value.version === 'string' &&
    isObject(value.metrics) &&
    isObject(value.verdict)
  );
}

/** The solutions of a run; none when it failed or goes on. */
export function solutionsOf({ result }: Run): readonly Judged[] {
  return Array.isArray(result) ? result.filter(isJudged) : [];
}

/** Why the run failed, if it did and said why. */
export function failureOf({ outcome, step, result }: Run): Failure | undefined {
  if (outcome !== 'failed') return undefined;
  if (!isObject(result)) return { step, reason: '' };
  return { step: String(result.step ?? step), reason: String(result.reason ?? result.error ?? '') };
}

/** The newest result about a version, with the run that it is of. */
export function resultOfVersion(
  runs: readonly Run[],
  version: string | undefined,
): { readonly run: Run; readonly result: Judged } | undefined {
  for (const run of runs) {
    const result = solutionsOf(run).find((one) => one.version === version);
    if (result !== undefined) return { run, result };
  }
  return undefined;
}

/** The newest version of the solution that a campaign belongs to, when the campaign does not serve it. */
export function passedOver(runs: readonly Run[], { model, solutionVersion }: Campaign): Judged | undefined {
  const newest = runs.flatMap(solutionsOf).find(({ solution }) => solution.endsWith(`-${model}`));
  return newest && newest.version !== solutionVersion && !newest.verdict.passed ? newest : undefined;
}

/** One solution's values of one metric, oldest run first. */
export interface Series {
  readonly solution: string;
  readonly points: readonly { readonly run: number; readonly value: number }[];
}

/** The metrics that any run has, in the alphabet's order. */
export function metricNames(runs: readonly Run[]): readonly string[] {
  const names = runs.flatMap(solutionsOf).flatMap(({ metrics }) => Object.keys(metrics));
  return [...new Set(names)].sort();
}

/** A metric over the runs that succeeded; `run` is the run's place in time, from 0. */
export function seriesOf(
  runs: readonly Run[],
  metric: string,
): { readonly starts: readonly string[]; readonly series: readonly Series[] } {
  const finished = runs.filter((run) => solutionsOf(run).length > 0).reverse();
  const bySolution = new Map<string, { run: number; value: number }[]>();
  for (const [run, record] of finished.entries()) {
    for (const { solution, metrics } of solutionsOf(record)) {
      const value = metrics[metric];
      if (typeof value !== 'number') continue;
      bySolution.set(solution, [...(bySolution.get(solution) ?? []), { run, value }]);
    }
  }
  const series = [...bySolution].map(([solution, points]) => ({ solution, points }));
  return { starts: finished.map(({ startedAt }) => startedAt), series };
}

/** Steps that a run of four solutions takes; used before there is a run to go by. */
const USUAL_STEPS = 18;

/** How far a run is, in [0, 1]: by the number of steps that the last successful run took. */
export function progressOf(run: Run, runs: readonly Run[]): number {
  if (run.outcome === 'succeeded') return 1;
  const before = runs.find(({ outcome }) => outcome === 'succeeded')?.steps.length;
  return Math.min(0.97, Math.max(0, run.steps.length - 0.5) / (before ?? USUAL_STEPS));
}

/** A solution's or version's short name: the last part, behind the deployment's prefix. */
export function shortName(name: string): string {
  return name.split('/').at(-1) ?? name;
}
