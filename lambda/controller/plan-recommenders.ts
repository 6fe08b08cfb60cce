// Part of the plan: recommenders. One is trained when it is made, so the data are there before it; later it trains itself.
import type { ActualRecommender } from './actual';
import type { DeclaredRecommender } from './declaration';
import { differences, inWords } from './differences';
import { hasFailed, isInProgress, type Planning } from './planning';
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
  if (isInProgress(there.status) || (there.update && isInProgress(there.update.status))) {
    planning.waitForService('recommenders', 'recommender', there, source);
    return;
  }
  const remove = (more: Partial<Parameters<Planning['act']>[0]> & { readonly reason: string }) =>
    planning.act({
      ...{ ...at, verb: 'delete', operation: 'DeleteRecommender', input: { recommenderArn: there.arn } },
      ...more,
    });
  if (hasFailed(there.status)) {
    const id = `delete recommender ${name}`;
    if (planning.mayRepeat('recommenders', 'recommender', { ...there, at: there.createdAt }, { id, source }))
      remove({ reason: 'it could not be made, and is made anew', isRetry: true });
    return;
  }
  if (there.recipeArn !== recipeArn) {
    replace(planning, at, { from: there.recipeArn, to: recipeArn }, remove);
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

function replace(
  planning: Planning,
  at: {
    readonly step: 'recommenders';
    readonly kind: 'recommender';
    readonly name: string;
    readonly source: string;
  },
  change: { readonly from: string; readonly to: string },
  remove: (more: {
    readonly reason: string;
    readonly differences: readonly { what: string; from: string; to: string }[];
  }) => void,
): void {
  const list = [{ what: 'recipeArn', ...change }];
  if (planning.declaration.allowReplace) {
    remove({
      reason: 'its recipe is another one, and cannot be changed: it is made anew',
      differences: list,
    });
    return;
  }
  planning.problem({
    ...{ step: at.step, resource: { kind: at.kind, name: at.name }, source: at.source },
    ...{
      code: 'ReplacementRefused',
      differences: list,
      reason: `a recommender cannot be changed so: ${inWords(list)}`,
    },
    advice:
      'Give the new recommender another name, or write "allowReplace": true: it is then missing while it is trained.',
  });
}
