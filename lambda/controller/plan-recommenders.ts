// Part of the plan: recommenders. One is trained when it is made, so the data are there before it; later it trains itself.
import { isInProgress } from '../shared/personalize/life-cycle';
import { callOn } from './actions';
import type { ActualRecommender } from './actual';
import type { DeclaredRecommender } from './declaration';
import { differences } from './differences';
import type { At, Planning } from './planning';
import { pricePerHour } from './prices';

export function planRecommenders(planning: Planning, dataNeeded: readonly string[]): void {
  for (const recommender of planning.declaration.recommenders) {
    const there = planning.actual.recommenders.find(({ name }) => name === recommender.name);
    if (there) keep(planning, recommender, there);
    else create(planning, recommender, dataNeeded);
  }
}

export const priceOf = (recipeArn: string, config: DeclaredRecommender['recommenderConfig']): number =>
  pricePerHour(recipeArn, config?.minRecommendationRequestsPerSecond ?? 1);

function create(planning: Planning, recommender: DeclaredRecommender, dataNeeded: readonly string[]): void {
  const { name, source, tags, ...settings } = recommender;
  planning.act({
    ...{ step: 'recommenders', verb: 'create', kind: 'recommender', name, source },
    reason: 'it is declared and not there',
    pricePerHour: priceOf(settings.recipeArn, settings.recommenderConfig),
    after: [...planning.groupNeeded(), ...dataNeeded],
    operation: 'CreateRecommender',
    input: { name, ...settings, datasetGroupArn: planning.groupArn, tags: planning.tags(tags) },
  });
}

function keep(
  planning: Planning,
  { name, source, recipeArn, recommenderConfig }: DeclaredRecommender,
  there: ActualRecommender,
): void {
  const at = { step: 'recommenders', kind: 'recommender', name, source } as const;
  if (there.update && isInProgress(there.update.status)) {
    planning.waitForService(at, there);
    return;
  }
  if (!planning.isUsable(at, there)) return;
  if (there.recipeArn !== recipeArn) {
    replace(planning, at, there, recipeArn);
    return;
  }
  if (there.status === 'INACTIVE') {
    planning.act({
      ...{ ...at, verb: 'start', reason: 'it is declared, and was stopped' },
      pricePerHour: priceOf(recipeArn, recommenderConfig),
      operation: 'StartRecommender',
      input: { recommenderArn: there.arn },
    });
    return;
  }
  const changed = differences({ recommenderConfig }, there);
  if (changed.length === 0) return;
  planning.act({
    ...{ ...at, verb: 'update', reason: 'it is declared otherwise', differences: changed },
    pricePerHour: priceOf(recipeArn, recommenderConfig) - priceOf(recipeArn, there.recommenderConfig),
    operation: 'UpdateRecommender',
    input: { recommenderArn: there.arn, recommenderConfig },
  });
}

function replace(planning: Planning, at: At, { arn, recipeArn: from }: ActualRecommender, to: string): void {
  const list = [{ what: 'recipeArn', from, to }];
  if (planning.declaration.allowReplace) {
    planning.act({
      ...{ ...at, verb: 'delete', differences: list, ...callOn('Delete', 'recommender', arn) },
      reason: 'its recipe is another one, and cannot be changed: it is made anew',
    });
    return;
  }
  const advice =
    'Give the new recommender another name, or write "allowReplace": true: it is then missing while it is trained.';
  planning.refuse(at, list, 'a recommender cannot be changed so', advice);
}
