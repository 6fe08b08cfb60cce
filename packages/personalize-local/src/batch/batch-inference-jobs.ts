// Batch inference jobs: recommendations for many users or items, as files.

import { hashString } from '@emotion-gallery/local-kit/random';
import { explorationProblems } from '@emotion-gallery/personalize-rules/recipes';
import type { ScoredItem } from '../model/recipe';
import { invalidInput } from '../protocol/errors';
import type {
  CreateBatchInferenceJobRequest,
  DescribeBatchInferenceJobRequest,
  ListBatchInferenceJobsRequest,
} from '../protocol/requests';
import type { Context } from '../resources/context';
import { JOB_MS } from '../resources/durations';
import { creation, lifeCycle } from '../resources/life-cycles';
import { findResource, newRecord, requireStatus, save } from '../resources/lookup';
import { page } from '../resources/pagination';
import { findRecipe, refuse } from '../resources/recipe-lookup';
import { servingModel } from '../resources/serving-models';
import { evaluateFilter, explorationOf, historyOf, roundedScore, type Serving } from '../runtime/serving';
import type { BatchInferenceJobRecord } from '../state/records';
import { runBatchJob, textMember } from './batch-files';
import { admitBatchJob } from './batch-jobs';

const DEFAULT_RESULTS = 25;
const MOST_RESULTS = 500;

export const batchInferenceJobLifeCycle = lifeCycle('batch-inference-job', {
  ...creation<'batch-inference-job'>({
    afterMs: JOB_MS,
    take: async (job, context, signal) => {
      const serving = await servingVersion(context, job);
      const failedLine = (input: unknown, error: string) => ({ input, output: null, error });
      await runBatchJob(context, job, signal, (input) => infer(context, job, serving, input), failedLine);
      return { status: 'ACTIVE' };
    },
  }),
});

/** A solution version as a job uses it: no campaign is needed. */
async function servingVersion(context: Context, job: BatchInferenceJobRecord): Promise<Serving> {
  const version = findResource(context, 'solution-version', job.solutionVersionArn);
  const recipe = findRecipe(context, version.recipeArn);
  const influence = job.batchInferenceJobConfig?.rankingInfluence;
  return {
    arn: job.arn,
    datasetGroupArn: version.datasetGroupArn,
    recipe,
    model: await servingModel(context, version),
    data: context.data.of(findResource(context, 'dataset-group', version.datasetGroupArn)),
    trainedAt: version.trainedAt ?? version.creationDateTime,
    metadataEnabled: false,
    exploration: explorationOf(recipe, job.batchInferenceJobConfig?.itemExplorationConfig),
    rankingInfluence: influence && {
      popularity: influence.POPULARITY ?? 0,
      freshness: influence.FRESHNESS ?? 0,
    },
  };
}

function infer(
  context: Context,
  job: BatchInferenceJobRecord,
  serving: Serving,
  input: Readonly<Record<string, unknown>>,
): object {
  const { recipe, model } = serving;
  const related = recipe.type === 'RELATED_ITEMS';
  const subject = related ? { itemId: textMember(input, 'itemId') } : { userId: textMember(input, 'userId') };
  const { userId, itemId } = { userId: undefined, itemId: undefined, ...subject };
  const choice = { filterArn: job.filterArn, filterValues: textMap(input.filterValues, 'filterValues') };
  const filtered = evaluateFilter(context, serving, choice, { userId, itemId });
  const request = {
    user: userId === undefined ? undefined : historyOf(serving, userId),
    itemId,
    context: textMap(input.context, 'context'),
    allowed: filtered && ((id: string) => filtered.has(id)),
    limit: job.numResults,
    exploration: serving.exploration,
    rankingInfluence: serving.rankingInfluence,
    now: serving.data.latestInteraction(),
    seed: hashString(`${job.arn} ${userId ?? itemId}`),
  };
  let items: ScoredItem[];
  if (recipe.type === 'PERSONALIZED_RANKING') {
    const list = input.itemList;
    if (!Array.isArray(list) || list.some((id) => typeof id !== 'string'))
      throw new Error('itemList is missing.');
    const candidates = list.filter((id: string) => filtered === undefined || filtered.has(id));
    items = model.rank?.({ ...request, limit: candidates.length }, candidates) ?? [];
  } else {
    items = model.recommend(request);
  }
  const output: Record<string, unknown> = { recommendedItems: items.map((item) => item.itemId) };
  if (recipe.scores) output.scores = items.map(({ score }) => roundedScore(score) ?? null);
  if (items.some(({ reason }) => reason))
    output.reasons = items.map(({ reason }) => (reason ? [reason] : []));
  return { input, output, error: null };
}

function textMap(value: unknown, name: string): Record<string, string> | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new Error(`${name} must be an object.`);
  const entries = Object.entries(value);
  if (entries.some(([, text]) => typeof text !== 'string')) throw new Error(`${name} must have text values.`);
  return Object.fromEntries(entries);
}

export const batchInferenceJobOperations = {
  CreateBatchInferenceJob(input: CreateBatchInferenceJobRequest, context: Context) {
    const { jobName, solutionVersionArn, filterArn, numResults = DEFAULT_RESULTS } = input;
    const { batchInferenceJobMode = 'BATCH_INFERENCE', jobInput, jobOutput, roleArn } = input;
    const version = findResource(context, 'solution-version', solutionVersionArn);
    requireStatus(version, ['ACTIVE'], 'be used by a batch job');
    const recipe = findRecipe(context, version.recipeArn);
    if (!recipe.batch || recipe.type === 'USER_SEGMENTATION') {
      throw invalidInput(`${version.recipeArn} does not support batch inference.`);
    }
    if (batchInferenceJobMode === 'THEME_GENERATION') {
      throw invalidInput(
        'THEME_GENERATION needs a generative model, which Amazon Personalize on localhost has not.',
      );
    }
    refuse(
      explorationProblems('batchInferenceJobConfig', input.batchInferenceJobConfig?.itemExplorationConfig),
    );
    const wanted = { jobName, numResults, filterArn };
    const arn = admitBatchJob(context, 'batch-inference-job', wanted, MOST_RESULTS);
    save(context, {
      ...newRecord(context, 'batch-inference-job', arn, input.tags),
      batchInferenceJobArn: arn,
      jobName,
      solutionVersionArn,
      filterArn,
      numResults,
      jobInput,
      jobOutput,
      roleArn,
      batchInferenceJobConfig: input.batchInferenceJobConfig,
      batchInferenceJobMode,
      status: 'CREATE PENDING',
    });
    return { batchInferenceJobArn: arn };
  },

  DescribeBatchInferenceJob(input: DescribeBatchInferenceJobRequest, context: Context) {
    return { batchInferenceJob: findResource(context, 'batch-inference-job', input.batchInferenceJobArn) };
  },

  ListBatchInferenceJobs(input: ListBatchInferenceJobsRequest, context: Context) {
    const { solutionVersionArn } = input;
    const jobs = context.store
      .all('batch-inference-job')
      .filter((job) => solutionVersionArn === undefined || job.solutionVersionArn === solutionVersionArn);
    const { records, nextToken } = page(jobs, input, ['ListBatchInferenceJobs', solutionVersionArn]);
    return { batchInferenceJobs: records, nextToken };
  },
};
