// Solutions: a recipe with its settings, from which versions are trained.

import { MOST_SOLUTIONS, TOO_MANY_ACTIVE } from '@emotion-gallery/personalize-rules/limits';
import {
  AUTO_ML_RECIPE,
  autoTrainingDays,
  recipeArn as recipeArnOf,
  type SolutionConfig,
  solutionProblems,
} from '@emotion-gallery/personalize-rules/recipes';
import { inUse, invalidInput } from '../protocol/errors';
import type {
  CreateSolutionRequest,
  DeleteSolutionRequest,
  DescribeSolutionRequest,
  ListSolutionsRequest,
  UpdateSolutionRequest,
} from '../protocol/requests';
import { ModelStore } from '../state/model-store';
import { checkAutoMlConfig } from './auto-ml';
import { nextAutoTraining, trainAutomatically } from './automatic-training';
import type { Context } from './context';
import { findActiveGroup } from './dataset-groups';
import { DAY_MS, FIRST_AUTO_TRAINING_MS, SOLUTION_UPDATE_MS } from './durations';
import { deletion, type LifeCycle, lifeCycle } from './life-cycles';
import {
  findResource,
  isUnderWay,
  newRecord,
  requireNewArn,
  requireRoom,
  requireStatus,
  save,
  startDeletion,
} from './lookup';
import { page } from './pagination';
import { findRecipe, refuse } from './recipe-lookup';
import { phaseOf, requireNoUpdate, startUpdate, updating } from './updates';

const recipeOf = (context: Context, arn = recipeArnOf(AUTO_ML_RECIPE)) => findRecipe(context, arn);

/** Service time between two automatic trainings; the expression was checked when it was given. */
const autoTrainingInterval = (config: SolutionConfig | undefined): number =>
  (autoTrainingDays(config) as number) * DAY_MS;

const statuses = lifeCycle(
  'solution',
  {
    ...deletion<'solution'>(async (solution, context) => {
      const versions = context.store
        .all('solution-version')
        .filter(({ solutionArn }) => solutionArn === solution.arn)
        .map(({ arn }) => arn);
      context.store.commit({ remove: versions });
      for (const arn of versions) await context.models.remove(ModelStore.folderOf(arn));
    }),
    ...updating<'solution'>({
      afterMs: SOLUTION_UPDATE_MS,
      take: (solution, context) => {
        const { performAutoTraining, performIncrementalUpdate, solutionUpdateConfig } =
          solution.latestSolutionUpdate ?? {};
        const switchedOn = performAutoTraining && !solution.performAutoTraining;
        return {
          ...(switchedOn && { autoTrainingSince: context.clock.now() }),
          performAutoTraining: performAutoTraining ?? solution.performAutoTraining,
          performIncrementalUpdate: performIncrementalUpdate ?? solution.performIncrementalUpdate,
          solutionConfig: { ...solution.solutionConfig, ...solutionUpdateConfig },
        };
      },
    }),
  },
  phaseOf,
);

/** At rest, a solution with automatic training waits for its next one. */
export const solutionLifeCycle: LifeCycle<'solution'> = {
  kind: 'solution',
  next: (solution) => {
    const due = statuses.next(solution);
    if (due || solution.status !== 'ACTIVE' || !solution.performAutoTraining) return due;
    const interval = autoTrainingInterval(solution.solutionConfig);
    const round = solution.autoTrainingRound;
    return {
      phase: `AUTO TRAINING ${round} every ${interval} ms`,
      step: {
        afterMs: round === 0 ? FIRST_AUTO_TRAINING_MS : interval,
        since: solution.autoTrainingSince,
        take: trainAutomatically,
        failed: (_solution, _reason, context) => nextAutoTraining(solution, context),
      },
    };
  },
};

export const solutionOperations = {
  CreateSolution(input: CreateSolutionRequest, context: Context) {
    const { name, datasetGroupArn, recipeArn, eventType, solutionConfig } = input;
    const { performHPO = false, performAutoML = false, performAutoTraining = true } = input;
    const { performIncrementalUpdate = false } = input;
    findActiveGroup(context, datasetGroupArn, 'get a solution');
    if (performAutoML && recipeArn !== undefined)
      throw invalidInput('With performAutoML, recipeArn must be omitted.');
    if (!performAutoML && recipeArn === undefined)
      throw invalidInput('recipeArn is required without performAutoML.');
    const recipe = recipeOf(context, recipeArn);
    if (performAutoML) checkAutoMlConfig(context, solutionConfig);
    if (recipe.domain) throw invalidInput(`${recipeArn} is for recommenders, not for solutions.`);
    refuse(solutionProblems(recipe, { performHPO, performIncrementalUpdate, eventType, solutionConfig }));
    const arn = context.arns.of('solution', name);
    requireNewArn(context, arn);
    const count = context.store
      .all('solution')
      .filter((other) => other.datasetGroupArn === datasetGroupArn).length;
    requireRoom(context, count, MOST_SOLUTIONS, TOO_MANY_ACTIVE('solution', MOST_SOLUTIONS));
    save(context, {
      ...newRecord(context, 'solution', arn, input.tags),
      solutionArn: arn,
      name,
      datasetGroupArn,
      recipeArn,
      performHPO,
      performAutoML,
      performAutoTraining,
      performIncrementalUpdate,
      eventType,
      solutionConfig,
      autoTrainingRound: 0,
      autoTrainingSince: context.clock.now(),
      // As recorded: it is described as ACTIVE in the second of its creation, and its first version can be made at once.
      status: 'ACTIVE',
    });
    return { solutionArn: arn };
  },

  DescribeSolution({ solutionArn }: DescribeSolutionRequest, context: Context) {
    const solution = findResource(context, 'solution', solutionArn);
    const latestSolutionVersion = context.store
      .all('solution-version')
      .findLast((version) => version.solutionArn === solutionArn);
    return { solution: { ...solution, latestSolutionVersion } };
  },

  ListSolutions(input: ListSolutionsRequest, context: Context) {
    const { datasetGroupArn } = input;
    const solutions = context.store
      .all('solution')
      .filter((solution) => datasetGroupArn === undefined || solution.datasetGroupArn === datasetGroupArn);
    const { records, nextToken } = page(solutions, input, ['ListSolutions', datasetGroupArn]);
    return { solutions: records, nextToken };
  },

  UpdateSolution(input: UpdateSolutionRequest, context: Context) {
    const { solutionArn, performAutoTraining, performIncrementalUpdate, solutionUpdateConfig } = input;
    const solution = findResource(context, 'solution', solutionArn);
    requireStatus(solution, ['ACTIVE'], 'be updated');
    requireNoUpdate(solution);
    if ([performAutoTraining, performIncrementalUpdate, solutionUpdateConfig].every((m) => m === undefined)) {
      throw invalidInput('An update needs at least one of the members that it may change.');
    }
    const settings = {
      performHPO: solution.performHPO,
      performIncrementalUpdate: performIncrementalUpdate ?? solution.performIncrementalUpdate,
      eventType: solution.eventType,
      solutionConfig: { ...solution.solutionConfig, ...solutionUpdateConfig },
    };
    refuse(solutionProblems(recipeOf(context, solution.recipeArn), settings));
    startUpdate<'solution'>(context, solution, {
      performAutoTraining,
      performIncrementalUpdate,
      solutionUpdateConfig,
    });
    return { solutionArn };
  },

  DeleteSolution({ solutionArn }: DeleteSolutionRequest, context: Context) {
    const solution = findResource(context, 'solution', solutionArn);
    const versions = context.store.all('solution-version').filter((v) => v.solutionArn === solutionArn);
    const training = versions.find(({ status }) => isUnderWay(status));
    if (training) throw inUse(`${training.arn} is in status ${training.status}.`);
    const isOwn = (arn?: string) => arn?.startsWith(`${solutionArn}/`) ?? false;
    const campaign = context.store
      .all('campaign')
      .find((c) => isOwn(c.solutionVersionArn) || isOwn(c.latestCampaignUpdate?.solutionVersionArn));
    if (campaign) throw inUse(`${solutionArn} is used by ${campaign.arn}; delete that first.`);
    startDeletion(context, solution);
    return {};
  },
};
