// From a dataset group's data to a stored model.

import { hashString } from '@emotion-gallery/local-kit/random';
import { eventTypesProblem, trainingMinimumProblem } from '@emotion-gallery/personalize-rules/limits';
import { columnProblems, tunableRanges, withDefaults } from '@emotion-gallery/personalize-rules/recipes';
import type { DatasetType } from '@emotion-gallery/personalize-rules/schemas';
import type { TrainingSelection } from '../data';
import type { Buffers } from '../engine/buffers';
import {
  type DataSnapshot,
  type Recipe,
  TrainingFailed,
  type TrainingOptions,
  type TrainingResult,
} from '../model/recipe';
import type { SolutionConfig } from '../protocol/requests';
import { autoMlCandidates, DEFAULT_AUTO_ML_METRIC } from './auto-ml';
import type { Context } from './context';
import { findResource } from './lookup';

/** HPO without a given number of jobs tries so many. */
const DEFAULT_HPO_JOBS = 10;

export interface TrainingRequest {
  readonly datasetGroupArn: string;
  /** Absent: AutoML chooses. */
  readonly recipe?: Recipe;
  readonly eventType?: string;
  readonly config?: SolutionConfig;
  readonly performHPO?: boolean;
  readonly withMetrics: boolean;
  /** What a FULL training has stored, for trainingMode UPDATE. */
  readonly previous?: Buffers;
  /** Folder of the model store. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface TrainingOutcome {
  readonly recipe: Recipe;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tuned?: Readonly<Record<string, string>>;
  readonly note?: string;
  readonly trainedAt: number;
  readonly trainingHours: number;
}

/** Trains and stores a model. @throws TrainingFailed with the documented texts */
export function train(context: Context, request: TrainingRequest): Promise<TrainingOutcome> {
  return context.trainings.run(async () => {
    const { folder, signal } = request;
    if (signal.aborted) throw new TrainingFailed('The training was stopped.');
    const startedAt = performance.now();
    const trainedAt = context.clock.now();
    const data = context.data.of(findResource(context, 'dataset-group', request.datasetGroupArn));
    const selection = selectionOf(request);
    const [unknown] = columnProblems(request.config, data.schemas);
    if (unknown) throw new TrainingFailed(`Create failed. ${unknown.message}`);
    checkMinimum(request, data, selection);
    const snapshot = data.snapshot(selection);
    const { recipe, result } = request.recipe
      ? await trainRecipe(request.recipe, snapshot, request)
      : await trainBest(context, snapshot, request);
    if (result.note) context.log(`${folder}: ${result.note}`);
    await context.models.save(folder, result.model, result.buffers);
    // Three decimals, as recorded.
    const trainingHours = Math.max(1, Math.round((performance.now() - startedAt) / 3600)) / 1000;
    const { metrics, tuned, note } = result;
    return { recipe, metrics, tuned, note, trainedAt, trainingHours };
  });
}

interface TrainedRecipe {
  readonly recipe: Recipe;
  readonly result: TrainingResult;
}

async function trainRecipe(
  recipe: Recipe,
  snapshot: DataSnapshot,
  request: TrainingRequest,
): Promise<TrainedRecipe> {
  return { recipe, result: await recipe.train(snapshot, optionsOf(request, recipe)) };
}

/** AutoML: trains each candidate; the first one wins a tie. */
async function trainBest(
  context: Context,
  snapshot: DataSnapshot,
  request: TrainingRequest,
): Promise<TrainedRecipe> {
  const metric = request.config?.autoMLConfig?.metricName ?? DEFAULT_AUTO_ML_METRIC;
  const meritOf = ({ result }: TrainedRecipe) => result.metrics[metric] ?? 0;
  let best: TrainedRecipe | undefined;
  for (const recipe of autoMlCandidates(context, request.config)) {
    const trained = await trainRecipe(recipe, snapshot, { ...request, withMetrics: true });
    if (!best || meritOf(trained) > meritOf(best)) best = trained;
  }
  if (!best) throw new TrainingFailed('Create failed. AutoML has no recipe to choose from.');
  return best;
}

function checkMinimum(
  { recipe, eventType }: TrainingRequest,
  data: ReturnType<Context['data']['of']>,
  selection: TrainingSelection,
): void {
  if (recipe?.withoutInteractions) return;
  const needed: DatasetType =
    recipe?.type === 'PERSONALIZED_ACTIONS' ? 'ACTION_INTERACTIONS' : 'INTERACTIONS';
  if (!data.schemas.has(needed)) {
    throw new TrainingFailed(`Create failed. The dataset group has no dataset of type ${needed}.`);
  }
  const interactions = data.schemas.get('INTERACTIONS');
  const tooMany = interactions && eventTypesProblem(interactions, data.eventTypes());
  if (tooMany) throw new TrainingFailed(tooMany);
  // Next-Best-Action scores 0.0 until there is enough data, it does not fail.
  if (recipe?.type === 'PERSONALIZED_ACTIONS') return;
  const problem = trainingMinimumProblem(data.trainingCounts(selection), eventType);
  if (problem) throw new TrainingFailed(problem);
}

const asDatasetType = (key: string) => key.toUpperCase() as DatasetType;

function selectionOf({ eventType, config }: TrainingRequest): TrainingSelection {
  const byType = (columns?: Readonly<Record<string, readonly string[] | undefined>>) =>
    columns &&
    Object.fromEntries(Object.entries(columns).map(([key, names]) => [asDatasetType(key), names ?? []]));
  const threshold = config?.eventValueThreshold;
  return {
    eventType,
    eventValueThreshold: threshold === undefined ? undefined : Number(threshold),
    events: config?.eventsConfig?.eventParametersList?.flatMap(({ eventType: type, eventValueThreshold }) =>
      type === undefined ? [] : [{ eventType: type, eventValueThreshold }],
    ),
    excludedColumns: byType(config?.trainingDataConfig?.excludedDatasetColumns),
    includedColumns: byType(config?.trainingDataConfig?.includedDatasetColumns),
  };
}

function optionsOf(request: TrainingRequest, recipe: Recipe): TrainingOptions {
  const { config, performHPO, withMetrics, previous, signal, folder } = request;
  const objective = config?.optimizationObjective;
  const jobs = config?.hpoConfig?.hpoResourceConfig?.maxNumberOfTrainingJobs;
  const ranges = performHPO ? tunableRanges(recipe, config?.hpoConfig) : [];
  const weights = config?.eventsConfig?.eventParametersList?.flatMap(({ eventType, weight }) =>
    eventType === undefined ? [] : [[eventType, weight ?? 1] as const],
  );
  return {
    hyperParameters: {
      ...withDefaults(recipe.hyperParameters, config?.algorithmHyperParameters),
      ...withDefaults(recipe.featureTransformationParameters, config?.featureTransformationParameters),
    },
    eventWeights: weights && Object.fromEntries(weights),
    objective:
      objective?.itemAttribute === undefined
        ? undefined
        : { column: objective.itemAttribute, sensitivity: objective.objectiveSensitivity ?? 'MEDIUM' },
    // A recipe without tunable hyperparameters has nothing to search.
    performHpo:
      ranges.length > 0
        ? { ranges, maxTrainingJobs: jobs === undefined ? DEFAULT_HPO_JOBS : Number(jobs) }
        : undefined,
    // The same version trains to the same model when a crash makes it start again.
    seed: hashString(folder),
    previous,
    withMetrics,
    signal,
  };
}
