// Which settings a solution's recipe takes.
import type { Path, Problem } from '../problem';
import { parameterProblems } from './parameters';
import type { HyperParameterRange, RecipeFacts } from './recipe';
import { recipesThat } from './recipes';

const DEFAULT_AUTO_TRAINING_DAYS = 7;
const LONGEST_AUTO_TRAINING_DAYS = 30;
const MOST_HPO_JOBS = 40;
const MOST_PARALLEL_HPO_JOBS = 10;

type Parameters = Readonly<Record<string, string>>;
type Columns = Readonly<Record<string, readonly string[]>>;
interface NumberRange {
  readonly name?: string;
  readonly minValue?: number;
  readonly maxValue?: number;
}

/** The members of CreateSolution's solutionConfig that depend on each other or on the recipe. */
export interface SolutionConfig {
  readonly eventValueThreshold?: string;
  readonly algorithmHyperParameters?: Parameters;
  readonly featureTransformationParameters?: Parameters;
  readonly hpoConfig?: {
    readonly hpoObjective?: object;
    readonly hpoResourceConfig?: {
      readonly maxNumberOfTrainingJobs?: string;
      readonly maxParallelTrainingJobs?: string;
    };
    readonly algorithmHyperParameterRanges?: {
      readonly integerHyperParameterRanges?: readonly NumberRange[];
      readonly continuousHyperParameterRanges?: readonly NumberRange[];
      readonly categoricalHyperParameterRanges?: ReadonlyArray<{
        readonly name?: string;
        readonly values?: readonly string[];
      }>;
    };
  };
  readonly optimizationObjective?: { readonly itemAttribute?: string };
  readonly eventsConfig?: object;
  readonly trainingDataConfig?: {
    readonly excludedDatasetColumns?: Columns;
    readonly includedDatasetColumns?: Columns;
  };
  readonly autoTrainingConfig?: { readonly schedulingExpression?: string };
}

export interface SolutionSettings {
  readonly performHPO?: boolean;
  readonly performIncrementalUpdate?: boolean;
  readonly eventType?: string;
  readonly solutionConfig?: SolutionConfig;
}

type Hpo = SolutionConfig['hpoConfig'];

/** What the recipe does not take of the settings, by the names of CreateSolution's members. */
export function solutionProblems(recipe: RecipeFacts, settings: SolutionSettings): Problem[] {
  const { solutionConfig: config = {}, eventType, performHPO, performIncrementalUpdate } = settings;
  const problems: Problem[] = [
    ...parameterProblems(recipe, recipe.hyperParameters, config.algorithmHyperParameters, [
      'solutionConfig',
      'algorithmHyperParameters',
    ]),
    ...parameterProblems(
      recipe,
      recipe.featureTransformationParameters,
      config.featureTransformationParameters,
      ['solutionConfig', 'featureTransformationParameters'],
    ),
  ];
  const report = (member: string, message: string) => problems.push({ path: member.split('.'), message });
  const { eventValueThreshold: threshold } = config;
  if (threshold !== undefined && (threshold.trim() === '' || !Number.isFinite(Number(threshold)))) {
    const member = 'solutionConfig.eventValueThreshold';
    report(member, `${member} must be a number, got '${threshold}'.`);
  }
  if (threshold !== undefined && eventType === undefined) {
    report('solutionConfig.eventValueThreshold', 'solutionConfig.eventValueThreshold needs an eventType.');
  }
  if (config.optimizationObjective && !recipe.optimizesObjective) {
    report(
      'solutionConfig.optimizationObjective',
      `${recipe.name} has no optimization objective; ${recipesThat('optimizesObjective')} have.`,
    );
  }
  if (config.eventsConfig && !recipe.weighsEvents) {
    report(
      'solutionConfig.eventsConfig',
      `${recipe.name} takes no eventsConfig; ${recipesThat('weighsEvents')} do.`,
    );
  }
  if (config.eventsConfig && eventType !== undefined) {
    report('eventType', 'Give either eventType or solutionConfig.eventsConfig, not both.');
  }
  if (performIncrementalUpdate && !recipe.updatesIncrementally) {
    report(
      'performIncrementalUpdate',
      `performIncrementalUpdate is only for ${recipesThat('updatesIncrementally')}.`,
    );
  }
  if (performHPO || config.hpoConfig) problems.push(...hpoProblems(recipe, config.hpoConfig));
  if (config.autoTrainingConfig && autoTrainingDays(config) === undefined) {
    report(
      'solutionConfig.autoTrainingConfig.schedulingExpression',
      `schedulingExpression must be rate(n days) with n from 1 to ${LONGEST_AUTO_TRAINING_DAYS}, got '${config.autoTrainingConfig.schedulingExpression}'.`,
    );
  }
  return problems;
}

function hpoProblems(recipe: RecipeFacts, config: Hpo): Problem[] {
  const problems: Problem[] = [];
  const report = ([member, ...more]: [string, ...Path], message: string) =>
    problems.push({ path: ['solutionConfig', 'hpoConfig', ...member.split('.'), ...more], message });
  if (config?.hpoObjective) report(['hpoObjective'], 'hpoConfig.hpoObjective is not supported.');
  const limits = [
    ['maxNumberOfTrainingJobs', MOST_HPO_JOBS],
    ['maxParallelTrainingJobs', MOST_PARALLEL_HPO_JOBS],
  ] as const;
  for (const [name, most] of limits) {
    const text = config?.hpoResourceConfig?.[name];
    if (text === undefined) continue;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > most) {
      const member = `hpoResourceConfig.${name}`;
      report([member], `hpoConfig.${member} must be from 1 to ${most}, got '${text}'.`);
    }
  }
  const tunable = recipe.hyperParameters.filter((range) => range.tunable);
  const ranges = 'algorithmHyperParameterRanges';
  for (const [index, given] of (config?.[ranges]?.categoricalHyperParameterRanges ?? []).entries()) {
    const { name, values = [] } = given;
    const range = tunable.find((known) => known.name === name && known.values);
    if (!range || values.length === 0 || values.some((value) => !range.values?.includes(value))) {
      report(
        [`${ranges}.categoricalHyperParameterRanges`, index],
        `${name} of ${recipe.name} cannot be tuned over ${values.join(', ') || 'no values'}; see DescribeAlgorithm.`,
      );
    }
  }
  for (const kind of ['integerHyperParameterRanges', 'continuousHyperParameterRanges'] as const) {
    for (const [index, given] of (config?.[ranges]?.[kind] ?? []).entries()) {
      const member = `${ranges}.${kind}`;
      const range = tunable.find(({ name }) => name === given.name);
      if (!range) {
        const names = tunable.map(({ name }) => name).join(', ') || 'none';
        report(
          [member, index, 'name'],
          `${given.name} of ${recipe.name} cannot be tuned; these can: ${names}.`,
        );
        continue;
      }
      const { min = 0, max = 0 } = range;
      const { minValue = min, maxValue = max } = given;
      if (minValue < min || maxValue > max || minValue > maxValue) {
        report(
          [member, index],
          `The range of ${given.name} must lie in ${min} to ${max}, got ${minValue} to ${maxValue}.`,
        );
      }
    }
  }
  return problems;
}

function givenRanges(config: Hpo) {
  const { integerHyperParameterRanges = [], continuousHyperParameterRanges = [] } =
    config?.algorithmHyperParameterRanges ?? {};
  return [...integerHyperParameterRanges, ...continuousHyperParameterRanges];
}

/** What performHPO searches: the recipe's tunable hyperparameters, in the solution's ranges where it gives some. */
export function tunableRanges(recipe: RecipeFacts, config: Hpo): HyperParameterRange[] {
  const categories = config?.algorithmHyperParameterRanges?.categoricalHyperParameterRanges ?? [];
  return recipe.hyperParameters
    .filter(({ tunable }) => tunable)
    .map((range) => {
      const given = givenRanges(config).find(({ name }) => name === range.name);
      const { values = range.values } = categories.find(({ name }) => name === range.name) ?? {};
      return { ...range, min: given?.minValue ?? range.min, max: given?.maxValue ?? range.max, values };
    });
}

/** Days between two automatic trainings; undefined for an expression that Amazon Personalize does not take. */
export function autoTrainingDays(config: SolutionConfig | undefined): number | undefined {
  const expression = config?.autoTrainingConfig?.schedulingExpression;
  if (expression === undefined) return DEFAULT_AUTO_TRAINING_DAYS;
  const days = Number(/^rate\((\d+) days?\)$/.exec(expression)?.[1]);
  return days >= 1 && days <= LONGEST_AUTO_TRAINING_DAYS ? days : undefined;
}
