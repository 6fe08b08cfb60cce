// From a dataset group's data to a stored model.
import type { SolutionConfig } from '@aws-sdk/client-personalize';
import { type DatasetType, type TrainingSelection, trainingMinimumProblem } from '../data';
import type { Checked } from '../protocol/checked';
import { chooseRecipe } from '../recipes/auto-ml';
import {
  type DataSnapshot,
  type Model,
  type Recipe,
  TrainingFailed,
  type TrainingOptions,
} from '../recipes/recipe';
import { seedOf } from '../runtime/seed';
import { recipeArn } from './arns';
import type { Context } from './context';
import { findResource } from './lookup';
import { findRecipe, withDefaults } from './recipe-lookup';

/** HPO without a given number of jobs tries so many. */
const DEFAULT_HPO_JOBS = 10;
/** Semantic-Similarity learns from the items' text alone. */
const WITHOUT_INTERACTIONS = ['aws-semantic-similarity'];

export interface TrainingRequest {
  readonly datasetGroupArn: string;
  /** Absent: AutoML chooses. */
  readonly recipe?: Recipe;
  readonly eventType?: string;
  readonly config?: Checked<SolutionConfig>;
  readonly performHPO?: boolean;
  readonly withMetrics: boolean;
  readonly previous?: Model;
  /** Folder of the model store. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

export interface TrainingOutcome {
  readonly recipe: Recipe;
  readonly metrics: Readonly<Record<string, number>>;
  readonly tuned?: Readonly<Record<string, string>>;
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
    checkMinimum(request, data, selection);
    const snapshot = data.snapshot(selection);
    const recipe = request.recipe ?? (await choose(context, snapshot, folder, signal));
    const result = await recipe.train(snapshot, optionsOf(request, recipe));
    if (result.note) context.log(`${folder}: ${result.note}`);
    await context.models.save(folder, result.model);
    const trainingHours = Math.max(0.001, (performance.now() - startedAt) / 3_600_000);
    return { recipe, metrics: result.metrics, tuned: result.tuned, trainedAt, trainingHours };
  });
}

async function choose(
  context: Context,
  snapshot: DataSnapshot,
  folder: string,
  signal: AbortSignal,
): Promise<Recipe> {
  return findRecipe(context, recipeArn(await chooseRecipe(snapshot, seedOf(folder), signal)));
}

function checkMinimum(
  { recipe, eventType }: TrainingRequest,
  data: ReturnType<Context['data']['of']>,
  selection: TrainingSelection,
): void {
  if (recipe && WITHOUT_INTERACTIONS.includes(recipe.name)) return;
  const needed: DatasetType =
    recipe?.type === 'PERSONALIZED_ACTIONS' ? 'ACTION_INTERACTIONS' : 'INTERACTIONS';
  if (!data.schemas.has(needed)) {
    throw new TrainingFailed(`Create failed. The dataset group has no dataset of type ${needed}.`);
  }
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
  const sensitivity = objective?.objectiveSensitivity;
  const jobs = config?.hpoConfig?.hpoResourceConfig?.maxNumberOfTrainingJobs;
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
      objective?.itemAttribute && sensitivity !== 'OFF'
        ? { column: objective.itemAttribute, sensitivity: sensitivity ?? 'MEDIUM' }
        : undefined,
    performHpo: performHPO
      ? { maxTrainingJobs: jobs === undefined ? DEFAULT_HPO_JOBS : Number(jobs) }
      : undefined,
    // The same version trains to the same model when a crash makes it start again.
    seed: seedOf(folder),
    previous,
    withMetrics,
    signal,
  };
}
