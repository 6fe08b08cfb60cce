// Which settings a solution's recipe takes.
import type { SolutionConfig } from '@aws-sdk/client-personalize';
import type { Checked } from '../protocol/checked';
import { invalidInput } from '../protocol/errors';
import type { HyperParameterRange, Recipe } from '../recipes/recipe';
import { DAY_MS } from './durations';
import { checkParameters } from './recipe-lookup';

const WITH_OBJECTIVE = ['aws-user-personalization', 'aws-personalized-ranking'];
const WITH_EVENTS_CONFIG = ['aws-user-personalization-v2', 'aws-personalized-ranking-v2'];
const WITH_INCREMENTAL_UPDATE = ['aws-semantic-similarity'];
const DEFAULT_AUTO_TRAINING_DAYS = 7;
const LONGEST_AUTO_TRAINING_DAYS = 30;
const MOST_HPO_JOBS = 40;
const MOST_PARALLEL_HPO_JOBS = 10;

export interface SolutionSettings {
  readonly performHPO: boolean;
  readonly performIncrementalUpdate: boolean;
  readonly eventType?: string;
  readonly config?: Checked<SolutionConfig>;
}

/** @throws PersonalizeError InvalidInputException naming the setting */
export function checkSolutionSettings(recipe: Recipe, settings: SolutionSettings): void {
  const { config = {}, eventType, performHPO, performIncrementalUpdate } = settings;
  checkParameters(recipe, recipe.hyperParameters, config.algorithmHyperParameters);
  checkParameters(recipe, recipe.featureTransformationParameters, config.featureTransformationParameters);
  if (config.eventValueThreshold !== undefined) {
    if (config.eventValueThreshold.trim() === '' || !Number.isFinite(Number(config.eventValueThreshold))) {
      throw invalidInput(
        `solutionConfig.eventValueThreshold must be a number, got '${config.eventValueThreshold}'.`,
      );
    }
    if (eventType === undefined) throw invalidInput('solutionConfig.eventValueThreshold needs an eventType.');
  }
  if (config.optimizationObjective && !WITH_OBJECTIVE.includes(recipe.name)) {
    throw invalidInput(`${recipe.name} has no optimization objective; ${WITH_OBJECTIVE.join(' and ')} have.`);
  }
  if (config.eventsConfig && !WITH_EVENTS_CONFIG.includes(recipe.name)) {
    throw invalidInput(`${recipe.name} takes no eventsConfig; ${WITH_EVENTS_CONFIG.join(' and ')} do.`);
  }
  if (config.eventsConfig && eventType !== undefined) {
    throw invalidInput('Give either eventType or solutionConfig.eventsConfig, not both.');
  }
  if (performIncrementalUpdate && !WITH_INCREMENTAL_UPDATE.includes(recipe.name)) {
    throw invalidInput(`performIncrementalUpdate is only for ${WITH_INCREMENTAL_UPDATE.join(', ')}.`);
  }
  if (performHPO || config.hpoConfig) checkHpo(recipe, config.hpoConfig);
  if (config.autoTrainingConfig) autoTrainingDays(config);
}

type HpoSettings = Checked<SolutionConfig>['hpoConfig'];

function checkHpo(recipe: Recipe, config: HpoSettings): void {
  if (config?.hpoObjective) throw invalidInput('hpoConfig.hpoObjective is not supported.');
  const limits = [
    ['maxNumberOfTrainingJobs', MOST_HPO_JOBS],
    ['maxParallelTrainingJobs', MOST_PARALLEL_HPO_JOBS],
  ] as const;
  for (const [name, most] of limits) {
    const text = config?.hpoResourceConfig?.[name];
    if (text === undefined) continue;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most) {
      throw invalidInput(`hpoConfig.hpoResourceConfig.${name} must be from 1 to ${most}, got '${text}'.`);
    }
  }
  const tunable = recipe.hyperParameters.filter((range) => range.tunable);
  for (const { name, values = [] } of config?.algorithmHyperParameterRanges
    ?.categoricalHyperParameterRanges ?? []) {
    const range = tunable.find((known) => known.name === name && known.values);
    if (!range || values.length === 0 || values.some((value) => !range.values?.includes(value))) {
      throw invalidInput(
        `${name} of ${recipe.name} cannot be tuned over ${values.join(', ') || 'no values'}; see DescribeAlgorithm.`,
      );
    }
  }
  for (const given of givenRanges(config)) {
    const range = tunable.find(({ name }) => name === given.name);
    if (!range) {
      const names = tunable.map(({ name }) => name).join(', ') || 'none';
      throw invalidInput(`${given.name} of ${recipe.name} cannot be tuned; these can: ${names}.`);
    }
    const { min = 0, max = 0 } = range;
    const { minValue = min, maxValue = max } = given;
    if (minValue < min || maxValue > max || minValue > maxValue) {
      throw invalidInput(
        `The range of ${given.name} must lie in ${min} to ${max}, got ${minValue} to ${maxValue}.`,
      );
    }
  }
}

function givenRanges(config: HpoSettings) {
  const { integerHyperParameterRanges = [], continuousHyperParameterRanges = [] } =
    config?.algorithmHyperParameterRanges ?? {};
  return [...integerHyperParameterRanges, ...continuousHyperParameterRanges];
}

/** What performHPO searches: the recipe's tunable hyperparameters, in the solution's ranges where it gives some. */
export function tunableRanges(recipe: Recipe, config: HpoSettings): HyperParameterRange[] {
  const categories = config?.algorithmHyperParameterRanges?.categoricalHyperParameterRanges ?? [];
  return recipe.hyperParameters
    .filter(({ tunable }) => tunable)
    .map((range) => {
      const given = givenRanges(config).find(({ name }) => name === range.name);
      const { values = range.values } = categories.find(({ name }) => name === range.name) ?? {};
      return { ...range, min: given?.minValue ?? range.min, max: given?.maxValue ?? range.max, values };
    });
}

/** Days between two automatic trainings. @throws PersonalizeError InvalidInputException */
export function autoTrainingDays(config: Checked<SolutionConfig> | undefined): number {
  const expression = config?.autoTrainingConfig?.schedulingExpression;
  if (expression === undefined) return DEFAULT_AUTO_TRAINING_DAYS;
  const days = Number(/^rate\((\d+) days?\)$/.exec(expression)?.[1]);
  if (days >= 1 && days <= LONGEST_AUTO_TRAINING_DAYS) return days;
  throw invalidInput(
    `schedulingExpression must be rate(n days) with n from 1 to ${LONGEST_AUTO_TRAINING_DAYS}, got '${expression}'.`,
  );
}

/** Service time between two automatic trainings. */
export function autoTrainingInterval(config: Checked<SolutionConfig> | undefined): number {
  return autoTrainingDays(config) * DAY_MS;
}
