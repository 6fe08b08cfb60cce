// Batch segment jobs: the users with the highest affinity for items or item attributes, as files.

import type { RecipeFacts } from '@emotion-gallery/personalize-rules/recipes';
import type { Model } from '../model/recipe';
import { invalidInput } from '../protocol/errors';
import type {
  CreateBatchSegmentJobRequest,
  DescribeBatchSegmentJobRequest,
  ListBatchSegmentJobsRequest,
} from '../protocol/requests';
import type { Context } from '../resources/context';
import { JOB_MS } from '../resources/durations';
import { creation, lifeCycle } from '../resources/life-cycles';
import { findResource, newRecord, requireStatus, save } from '../resources/lookup';
import { page } from '../resources/pagination';
import { findRecipe } from '../resources/recipe-lookup';
import { servingModel } from '../resources/serving-models';
import { evaluateFilter } from '../runtime/serving';
import type { BatchSegmentJobRecord } from '../state/records';
import { runBatchJob, textMember } from './batch-files';
import { admitBatchJob } from './batch-jobs';

const DEFAULT_USERS = 25;
const MOST_USERS = 5_000_000;
/** Queries of a job. */
const MOST_QUERIES = { itemId: 500, itemAttributes: 10 };

export const batchSegmentJobLifeCycle = lifeCycle('batch-segment-job', {
  ...creation<'batch-segment-job'>({
    afterMs: JOB_MS,
    take: async (job, context, signal) => {
      const version = findResource(context, 'solution-version', job.solutionVersionArn);
      const recipe = findRecipe(context, version.recipeArn);
      const model = await servingModel(context, version);
      const data = context.data.of(findResource(context, 'dataset-group', version.datasetGroupArn));
      const serving = { data, recipe, datasetGroupArn: version.datasetGroupArn };
      const filtered = evaluateFilter(context, serving, { filterArn: job.filterArn }, {});
      const allowed = (userId: string) => filtered === undefined || filtered.has(userId);
      const failedLine = (input: unknown, error: string) => ({ input, output: null, error });
      const { segmentsBy = 'itemId' } = recipe;
      await runBatchJob(
        context,
        job,
        signal,
        (input) => segment(job, model, input, segmentsBy, filtered ? allowed : undefined),
        failedLine,
        MOST_QUERIES[segmentsBy],
      );
      return { status: 'ACTIVE' };
    },
  }),
});

function segment(
  job: BatchSegmentJobRecord,
  model: Model,
  input: Readonly<Record<string, unknown>>,
  by: NonNullable<RecipeFacts['segmentsBy']>,
  allowed: ((userId: string) => boolean) | undefined,
): object {
  const text = textMember(input, by);
  const query = by === 'itemAttributes' ? { attributes: parseAttributes(text) } : { itemId: text };
  // A filter works on the finished ranking, so all users are asked for.
  const ranked = model.segment?.(query, allowed ? MOST_USERS : job.numResults) ?? [];
  const usersList = allowed ? ranked.filter(allowed).slice(0, job.numResults) : ranked;
  return { input, output: { usersList }, error: null };
}

/** `ITEMS.genres = "Comedy" AND ITEMS.genres = "Action"`: only `=` and AND. @throws Error that becomes the line's error */
export function parseAttributes(text: string): { column: string; value: string }[] {
  const conditions: { column: string; value: string }[] = [];
  const condition = /\s*ITEMS\.(\w+)\s*=\s*(?:"([^"]*)"|(-?\d+(?:\.\d+)?))\s*(AND\b|$)/iy;
  while (condition.lastIndex < text.length) {
    const at = condition.lastIndex;
    const found = condition.exec(text);
    if (!found?.[1])
      throw new Error(`expected ITEMS.column = "value" at character ${at + 1} of itemAttributes.`);
    conditions.push({ column: found[1].toUpperCase(), value: found[2] ?? found[3] ?? '' });
    if (found[4] === '') return conditions;
  }
  throw new Error(`expected ITEMS.column = "value" at character ${text.length + 1} of itemAttributes.`);
}

export const batchSegmentJobOperations = {
  CreateBatchSegmentJob(input: CreateBatchSegmentJobRequest, context: Context) {
    const { jobName, solutionVersionArn, filterArn, numResults = DEFAULT_USERS } = input;
    const version = findResource(context, 'solution-version', solutionVersionArn);
    requireStatus(version, ['ACTIVE'], 'be used by a batch job');
    if (findRecipe(context, version.recipeArn).type !== 'USER_SEGMENTATION') {
      throw invalidInput(`${version.recipeArn} does not make user segments.`);
    }
    const arn = admitBatchJob(context, 'batch-segment-job', { jobName, numResults, filterArn }, MOST_USERS);
    save(context, {
      ...newRecord(context, 'batch-segment-job', arn, input.tags),
      batchSegmentJobArn: arn,
      jobName,
      solutionVersionArn,
      filterArn,
      numResults,
      jobInput: input.jobInput,
      jobOutput: input.jobOutput,
      roleArn: input.roleArn,
      status: 'CREATE PENDING',
    });
    return { batchSegmentJobArn: arn };
  },

  DescribeBatchSegmentJob(input: DescribeBatchSegmentJobRequest, context: Context) {
    return { batchSegmentJob: findResource(context, 'batch-segment-job', input.batchSegmentJobArn) };
  },

  ListBatchSegmentJobs(input: ListBatchSegmentJobsRequest, context: Context) {
    const { solutionVersionArn } = input;
    const jobs = context.store
      .all('batch-segment-job')
      .filter((job) => solutionVersionArn === undefined || job.solutionVersionArn === solutionVersionArn);
    const { records, nextToken } = page(jobs, input, ['ListBatchSegmentJobs', solutionVersionArn]);
    return { batchSegmentJobs: records, nextToken };
  },
};
