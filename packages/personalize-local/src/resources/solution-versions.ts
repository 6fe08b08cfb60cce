// Solution versions: trained models.

import { MOST_TRAININGS_UNDER_WAY, TOO_MANY_UNDER_WAY } from '@emotion-gallery/personalize-rules/limits';
import { recipeArn, recipesThat } from '@emotion-gallery/personalize-rules/recipes';
import { alreadyExists, invalidInput } from '../protocol/errors';
import type {
  CreateSolutionVersionRequest,
  DescribeSolutionVersionRequest,
  GetSolutionMetricsRequest,
  ListSolutionVersionsRequest,
  StopSolutionVersionCreationRequest,
} from '../protocol/requests';
import { ModelStore } from '../state/model-store';
import type { SolutionRecord, SolutionVersionRecord } from '../state/records';
import { followLatestVersion } from './campaigns';
import type { Context } from './context';
import { STOPPING_MS, TRAINING_MS } from './durations';
import { creation, lifeCycle } from './life-cycles';
import { change, findResource, isUnderWay, newRecord, requireRoom, requireStatus, save } from './lookup';
import { page } from './pagination';
import { findRecipe } from './recipe-lookup';
import { train } from './training';

export const solutionVersionLifeCycle = lifeCycle('solution-version', {
  ...creation<'solution-version'>({
    afterMs: TRAINING_MS,
    take: trainVersion,
    done: (version, context) => {
      if (version.status !== 'ACTIVE') return;
      noteChoice(context, version);
      followLatestVersion(context, version);
    },
  }),
  'CREATE STOPPING': { afterMs: STOPPING_MS, take: () => ({ status: 'CREATE STOPPED' }) },
});

/** Tells the solution what AutoML has chosen. */
function noteChoice(
  context: Context,
  { solutionArn, recipeArn: bestRecipeArn, performAutoML }: SolutionVersionRecord,
) {
  const solution = context.store.get('solution', solutionArn);
  if (!performAutoML || !solution || bestRecipeArn === undefined) return;
  change<'solution'>(context, solution, { autoMLResult: { bestRecipeArn } });
}

async function trainVersion(
  version: SolutionVersionRecord,
  context: Context,
  signal: AbortSignal,
): Promise<Partial<SolutionVersionRecord>> {
  const dimensions = { SolutionArn: version.solutionArn };
  const base =
    version.trainingMode === 'UPDATE' ? latestFullVersion(context, version.solutionArn) : undefined;
  try {
    const { recipe, metrics, tuned, note, trainedAt, trainingHours } = await train(context, {
      datasetGroupArn: version.datasetGroupArn,
      recipe: version.recipeArn === undefined ? undefined : findRecipe(context, version.recipeArn),
      eventType: version.eventType,
      config: version.solutionConfig,
      performHPO: version.performHPO,
      withMetrics: version.trainingMode !== 'UPDATE',
      previous: base && (await context.models.readAll(ModelStore.folderOf(base.arn))),
      folder: ModelStore.folderOf(version.arn),
      signal,
    });
    context.putMetric(
      'SolutionTrainingJobExecutionTime',
      trainingHours * 3_600_000,
      'Milliseconds',
      dimensions,
    );
    return {
      status: 'ACTIVE',
      recipeArn: recipeArn(recipe.name),
      metrics,
      note,
      trainedAt,
      trainingHours,
      tunedHPOParams: tuned && { algorithmHyperParameters: tuned },
    };
  } catch (error) {
    context.putMetric('SolutionTrainingJobError', 1, 'Count', dimensions);
    throw error;
  }
}

function versionsOf(context: Context, solutionArn: string): SolutionVersionRecord[] {
  return context.store.all('solution-version').filter((version) => version.solutionArn === solutionArn);
}

function latestFullVersion(context: Context, solutionArn: string): SolutionVersionRecord | undefined {
  return versionsOf(context, solutionArn).findLast(
    ({ status, trainingMode }) => status === 'ACTIVE' && trainingMode !== 'UPDATE',
  );
}

function hasNewData(
  context: Context,
  { datasetGroupArn, trainedAt, creationDateTime }: SolutionVersionRecord,
): boolean {
  const { latest } = context.data.of(findResource(context, 'dataset-group', datasetGroupArn)).arrivals();
  return Object.values(latest).some((at) => at > (trainedAt ?? creationDateTime));
}

/** Makes a version and sets its training off. */
export function startTraining(
  context: Context,
  solution: SolutionRecord,
  options: {
    readonly name?: string;
    readonly trainingMode?: 'FULL' | 'UPDATE';
    readonly trainingType: 'AUTOMATIC' | 'MANUAL';
    readonly tags?: SolutionVersionRecord['tags'];
  },
): string {
  const arn = context.arns.newSolutionVersion(solution.arn);
  save(context, {
    ...newRecord(context, 'solution-version', arn, options.tags),
    name: options.name,
    solutionVersionArn: arn,
    solutionArn: solution.arn,
    datasetGroupArn: solution.datasetGroupArn,
    recipeArn: solution.recipeArn,
    performHPO: solution.performHPO,
    performAutoML: solution.performAutoML,
    performIncrementalUpdate: solution.performIncrementalUpdate,
    eventType: solution.eventType,
    solutionConfig: solution.solutionConfig,
    trainingMode: options.trainingMode ?? 'FULL',
    trainingType: options.trainingType,
    status: 'CREATE PENDING',
  });
  context.putMetric('SolutionTrainingJobRequests', 1, 'Count', { SolutionArn: solution.arn });
  return arn;
}

export const solutionVersionOperations = {
  CreateSolutionVersion(input: CreateSolutionVersionRequest, context: Context) {
    const { name, solutionArn, trainingMode = 'FULL' } = input;
    const solution = findResource(context, 'solution', solutionArn);
    requireStatus(solution, ['ACTIVE'], 'be trained');
    if (trainingMode === 'AUTOTRAIN') {
      throw invalidInput('trainingMode AUTOTRAIN is for versions that automatic training makes.');
    }
    if (trainingMode === 'UPDATE') {
      if (!findRecipe(context, solution.recipeArn).updatable) {
        throw invalidInput(
          `trainingMode UPDATE is only for ${recipesThat('updatable')}, not for ${solution.recipeArn}; use FULL.`,
        );
      }
      const full = latestFullVersion(context, solutionArn);
      if (!full) {
        throw invalidInput(
          'trainingMode UPDATE needs an ACTIVE solution version that was trained with FULL.',
        );
      }
      // As AWS's own pipeline tells of it (Maintaining Personalized Experiences with Machine Learning, "Training Mode").
      if (!hasNewData(context, full)) {
        throw invalidInput(
          'There should be updates to at least one dataset after last active solution version with training mode set to FULL',
        );
      }
    }
    if (name !== undefined && versionsOf(context, solutionArn).some((version) => version.name === name)) {
      throw alreadyExists(`Another version of ${solutionArn} with name ${name} already exists.`);
    }
    const underWay = context.store.all('solution-version').filter(({ status }) => isUnderWay(status)).length;
    requireRoom(context, underWay, MOST_TRAININGS_UNDER_WAY, TOO_MANY_UNDER_WAY(MOST_TRAININGS_UNDER_WAY));
    const arn = startTraining(context, solution, {
      name,
      trainingMode,
      trainingType: 'MANUAL',
      tags: input.tags,
    });
    return { solutionVersionArn: arn };
  },

  DescribeSolutionVersion({ solutionVersionArn }: DescribeSolutionVersionRequest, context: Context) {
    const version = findResource(context, 'solution-version', solutionVersionArn);
    // As recorded, a version without a name of its own is called <solution>/<id>, and shows an empty configuration, but for
    // user segments.
    const isSegmentation =
      version.recipeArn && findRecipe(context, version.recipeArn).segmentsBy !== undefined;
    const {
      name = solutionVersionArn.split(':solution/')[1],
      solutionConfig = isSegmentation ? undefined : {},
    } = version;
    return { solutionVersion: { ...version, name, solutionConfig } };
  },

  ListSolutionVersions(input: ListSolutionVersionsRequest, context: Context) {
    const { solutionArn } = input;
    if (solutionArn !== undefined) findResource(context, 'solution', solutionArn);
    const versions = solutionArn ? versionsOf(context, solutionArn) : context.store.all('solution-version');
    const { records, nextToken } = page(versions, input, ['ListSolutionVersions', solutionArn]);
    return { solutionVersions: records, nextToken };
  },

  StopSolutionVersionCreation(input: StopSolutionVersionCreationRequest, context: Context) {
    const version = findResource(context, 'solution-version', input.solutionVersionArn);
    requireStatus(version, ['CREATE PENDING', 'CREATE IN_PROGRESS'], 'be stopped');
    const status = version.status === 'CREATE PENDING' ? 'CREATE STOPPED' : 'CREATE STOPPING';
    change<'solution-version'>(context, version, { status });
    return {};
  },

  GetSolutionMetrics({ solutionVersionArn }: GetSolutionMetricsRequest, context: Context) {
    const version = findResource(context, 'solution-version', solutionVersionArn);
    if (version.status !== 'ACTIVE') {
      throw invalidInput(`The given solution must be in the ACTIVE state: ${solutionVersionArn}`);
    }
    return { solutionVersionArn, metrics: version.metrics ?? {} };
  },
};
