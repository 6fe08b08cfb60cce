// Recommenders of domain dataset groups: they train themselves, once a week, and can be stopped and started.

import { MOST_RECOMMENDERS, TOO_MANY_ACTIVE } from '@emotion-gallery/personalize-rules/limits';
import { explorationProblems } from '@emotion-gallery/personalize-rules/recipes';
import { eightHex } from '../protocol/arns';
import { invalidInput } from '../protocol/errors';
import type {
  CreateRecommenderRequest,
  DeleteRecommenderRequest,
  DescribeRecommenderRequest,
  ListRecommendersRequest,
  RecommenderConfig,
  StartRecommenderRequest,
  StopRecommenderRequest,
  UpdateRecommenderRequest,
} from '../protocol/requests';
import { ModelStore } from '../state/model-store';
import type { RecommenderRecord } from '../state/records';
import type { Context } from './context';
import { findActiveGroup } from './dataset-groups';
import { DAY_MS, PENDING_MS, RECOMMENDER_MS } from './durations';
import { creation, deletion, type LifeCycle, lifeCycle, type Step } from './life-cycles';
import {
  change,
  findResource,
  newRecord,
  requireNewArn,
  requireRoom,
  requireStatus,
  save,
  startDeletion,
} from './lookup';
import { page } from './pagination';
import { findRecipe, refuse } from './recipe-lookup';
import { train } from './training';
import { phaseOf, requireNoUpdate, startUpdate, updating } from './updates';

const RETRAINING_MS = 7 * DAY_MS;

/** Trains a new model; the previous one serves until this is written, and its folder is removed by the next start. */
async function trainRecommender(recommender: RecommenderRecord, context: Context, signal: AbortSignal) {
  const recipe = findRecipe(context, recommender.recipeArn);
  const folder = `${ModelStore.folderOf(recommender.arn)}.${eightHex()}`;
  const { trainingDataConfig } = recommender.recommenderConfig;
  const { metrics, trainedAt } = await train(context, {
    datasetGroupArn: recommender.datasetGroupArn,
    recipe,
    eventType: recipe.countsEventType,
    config: { trainingDataConfig },
    withMetrics: true,
    folder,
    signal,
  });
  return { modelFolder: folder, modelMetrics: metrics, trainedAt };
}

const move = (afterMs: number, status: string): Step<'recommender'> => ({
  afterMs,
  take: () => ({ status }),
});

const statuses = lifeCycle(
  'recommender',
  {
    ...creation<'recommender'>({
      afterMs: RECOMMENDER_MS,
      take: async (recommender, context, signal) => ({
        ...(await trainRecommender(recommender, context, signal)),
        status: 'ACTIVE',
      }),
    }),
    ...deletion<'recommender'>(async (recommender, context) => {
      if (recommender.modelFolder !== undefined) await context.models.remove(recommender.modelFolder);
    }),
    'STOP PENDING': move(PENDING_MS, 'STOP IN_PROGRESS'),
    'STOP IN_PROGRESS': move(PENDING_MS, 'INACTIVE'),
    'START PENDING': move(PENDING_MS, 'START IN_PROGRESS'),
    'START IN_PROGRESS': move(RECOMMENDER_MS, 'ACTIVE'),
    ...updating<'recommender'>({
      afterMs: RECOMMENDER_MS,
      take: async (recommender, context, signal) => {
        const { recommenderConfig } = recommender.latestRecommenderUpdate ?? recommender;
        const trained = await trainRecommender({ ...recommender, recommenderConfig }, context, signal);
        return { ...trained, recommenderConfig };
      },
    }),
  },
  phaseOf,
);

/** At rest, a recommender waits for its weekly training. */
export const recommenderLifeCycle: LifeCycle<'recommender'> = {
  kind: 'recommender',
  next: (recommender) => {
    const due = statuses.next(recommender);
    if (due || recommender.status !== 'ACTIVE') return due;
    const since = recommender.lastUpdatedDateTime;
    const step: Step<'recommender'> = {
      afterMs: RETRAINING_MS,
      since,
      take: trainRecommender,
      failed: () => ({}),
    };
    return { phase: `RETRAINING after ${since}`, step };
  },
};

function checkConfig(config: RecommenderConfig): void {
  refuse(explorationProblems('recommenderConfig', config.itemExplorationConfig));
}

export const recommenderOperations = {
  CreateRecommender(input: CreateRecommenderRequest, context: Context) {
    const { name, datasetGroupArn, recipeArn, recommenderConfig = {} } = input;
    const group = findActiveGroup(context, datasetGroupArn, 'get a recommender');
    const recipe = findRecipe(context, recipeArn);
    if (group.domain === undefined) throw invalidInput('Recommenders need a domain dataset group.');
    if (recipe.domain !== group.domain) {
      throw invalidInput(`${recipeArn} is not a recipe for the domain ${group.domain}.`);
    }
    checkConfig(recommenderConfig);
    const arn = context.arns.of('recommender', name);
    requireNewArn(context, arn);
    const count = context.store
      .all('recommender')
      .filter((r) => r.datasetGroupArn === datasetGroupArn).length;
    requireRoom(context, count, MOST_RECOMMENDERS, TOO_MANY_ACTIVE('recommender', MOST_RECOMMENDERS));
    save(context, {
      ...newRecord(context, 'recommender', arn, input.tags),
      recommenderArn: arn,
      name,
      datasetGroupArn,
      recipeArn,
      recommenderConfig: { minRecommendationRequestsPerSecond: 1, ...recommenderConfig },
      status: 'CREATE PENDING',
    });
    return { recommenderArn: arn };
  },

  DescribeRecommender({ recommenderArn }: DescribeRecommenderRequest, context: Context) {
    return { recommender: findResource(context, 'recommender', recommenderArn) };
  },

  ListRecommenders(input: ListRecommendersRequest, context: Context) {
    const { datasetGroupArn } = input;
    const recommenders = context.store
      .all('recommender')
      .filter((r) => datasetGroupArn === undefined || r.datasetGroupArn === datasetGroupArn);
    const { records, nextToken } = page(recommenders, input, ['ListRecommenders', datasetGroupArn]);
    return { recommenders: records, nextToken };
  },

  UpdateRecommender(input: UpdateRecommenderRequest, context: Context) {
    const { recommenderArn, recommenderConfig } = input;
    const recommender = findResource(context, 'recommender', recommenderArn);
    requireStatus(recommender, ['ACTIVE'], 'be updated');
    requireNoUpdate(recommender);
    checkConfig(recommenderConfig);
    startUpdate<'recommender'>(context, recommender, {
      recommenderConfig: { ...recommender.recommenderConfig, ...recommenderConfig },
    });
    return { recommenderArn };
  },

  StopRecommender({ recommenderArn }: StopRecommenderRequest, context: Context) {
    const recommender = findResource(context, 'recommender', recommenderArn);
    requireStatus(recommender, ['ACTIVE'], 'be stopped');
    requireNoUpdate(recommender);
    change<'recommender'>(context, recommender, { status: 'STOP PENDING' });
    return { recommenderArn };
  },

  StartRecommender({ recommenderArn }: StartRecommenderRequest, context: Context) {
    const recommender = findResource(context, 'recommender', recommenderArn);
    requireStatus(recommender, ['INACTIVE'], 'be started');
    change<'recommender'>(context, recommender, { status: 'START PENDING' });
    return { recommenderArn };
  },

  DeleteRecommender({ recommenderArn }: DeleteRecommenderRequest, context: Context) {
    const recommender = findResource(context, 'recommender', recommenderArn);
    requireNoUpdate(recommender);
    startDeletion(context, recommender, ['ACTIVE', 'INACTIVE', 'CREATE FAILED']);
    return {};
  },
};
