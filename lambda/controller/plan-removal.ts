// Part of the plan: what was made for this deployment and is not declared any more goes. What was only adopted stays.
import { isInProgress } from '../shared/personalize/life-cycle';
import type { ResourceKind } from './actions';
import { callOn } from './actions';
import type { Resource } from './actual';
import { priceOf } from './plan-recommenders';
import { schemaNames } from './plan-resources';
import { declaredSolutionNames } from './plan-training';
import type { Planning } from './planning';
import { pricePerHour } from './prices';

export function planRemoval(planning: Planning): void {
  const { declaration, actual } = planning;
  if (declaration.isIncomplete) return;
  const solutions = declaredSolutionNames(planning);
  const campaigns = new Set(
    declaration.solutions.flatMap((solution) => solution.campaigns.map(({ name }) => name)),
  );
  const group = isGroupGone(planning);
  const isGone = (names: ReadonlySet<string>) => (resource: Resource) =>
    !names.has(resource.name) && isOurs(planning, resource, group);
  const names = (list: readonly { readonly name: string }[]) => new Set(list.map(({ name }) => name));

  const goneCampaigns = actual.campaigns.filter(isGone(campaigns));
  for (const campaign of goneCampaigns) {
    const recipe = actual.solutions.find(({ name }) => name === campaign.solution)?.recipeArn;
    const price = -pricePerHour(recipe, campaign.minProvisionedTPS ?? 1);
    remove(planning, 'campaign', campaign, { pricePerHour: price });
  }
  const goneRecommenders = actual.recommenders.filter(isGone(names(declaration.recommenders)));
  for (const recommender of goneRecommenders) {
    const price = -priceOf(recommender.recipeArn, recommender.recommenderConfig);
    remove(planning, 'recommender', recommender, { pricePerHour: price });
  }
  const kept = new Set([...solutions, ...(group ? [] : declaration.ownNames)]);
  const goneSolutions = actual.solutions.filter(isGone(kept));
  for (const solution of goneSolutions) removeSolution(planning, solution);
  const goneFilters = actual.filters.filter(isGone(names(declaration.filters)));
  for (const filter of goneFilters) remove(planning, 'filter', filter);
  // A group has one tracker: one that is declared is the one that is there, whatever its name.
  const goneTrackers = declaration.eventTracker ? [] : actual.eventTrackers.filter(isGone(new Set()));
  for (const tracker of goneTrackers) remove(planning, 'event tracker', tracker);
  removeDatasets(
    planning,
    group,
    [...goneSolutions, ...goneRecommenders, ...goneTrackers, ...goneFilters].map(({ name }) => name),
  );
  removeSchemas(planning);
}

/** Nothing is declared for a group that was made for this deployment: all of it goes. */
function isGroupGone({ declaration, actual }: Planning): boolean {
  return declaration.sources.length === 0 && actual.datasetGroup?.isOurs === true;
}

const isOurs = ({ declaration }: Planning, resource: Resource, isGroupGoing: boolean): boolean =>
  isGroupGoing || resource.isOurs === true || declaration.ownNames.includes(resource.name);

function remove(
  planning: Planning,
  kind: ResourceKind,
  { name, arn, status, createdAt }: Resource,
  { pricePerHour: price, after }: { readonly pricePerHour?: number; readonly after?: readonly string[] } = {},
): void {
  if (isInProgress(status)) {
    planning.waitForService({ step: 'take down', kind, name }, { status, createdAt });
    return;
  }
  planning.act({
    ...{ step: 'take down', verb: 'delete', kind, name, after, pricePerHour: price },
    ...{ reason: 'it is not declared any more', deletes: [{ kind, name }] },
    ...callOn('Delete', kind, arn),
  });
}

/** Its campaigns go first; a training that nobody waits for any more is stopped, because it costs. */
function removeSolution(planning: Planning, solution: Resource): void {
  const { campaigns, versions } = planning.actual;
  const training = versions.filter(
    (version) => version.solution === solution.name && isInProgress(version.status),
  );
  for (const version of training.filter(({ status }) => !/STOPP/.test(status))) {
    planning.act({
      ...{ step: 'take down', verb: 'stop', kind: 'solution version', name: version.name },
      reason: 'its solution is not declared any more',
      operation: 'StopSolutionVersionCreation',
      input: { solutionVersionArn: version.arn },
    });
  }
  const after = [
    ...campaigns
      .filter((campaign) => campaign.solution === solution.name)
      .map(({ name }) => `campaign ${name}`),
    ...training.map(({ name }) => `training ${name}`),
  ];
  if (training.length > 0)
    planning.waiting.push({
      for: 'service',
      step: 'take down',
      message: `training of ${solution.name} is being stopped`,
    });
  remove(planning, 'solution', solution, { after });
}

/** Data are not deleted because a line was left out of a file: only with the whole group, or where the file allows it. */
function removeDatasets(planning: Planning, isGroupGoing: boolean, before: readonly string[]): void {
  const { declaration, actual } = planning;
  const types = new Set(declaration.datasets.map(({ type }) => type));
  const gone = actual.datasets.filter(
    (dataset) => !types.has(dataset.type) && isOurs(planning, dataset, isGroupGoing),
  );
  const isAllowed = isGroupGoing || declaration.allowReplace;
  for (const dataset of gone) {
    if (isAllowed) remove(planning, 'dataset', dataset, { after: before });
    else {
      planning.problem({
        ...{ step: 'take down', resource: { kind: 'dataset', name: dataset.name } },
        ...{ source: declaration.sources[0]?.name ?? '', code: 'ReplacementRefused' },
        reason: `the dataset ${dataset.type} is not declared any more, and its data would be lost`,
        advice: 'Declare it again, or write "allowReplace": true: it is deleted then.',
      });
    }
  }
  if (!isGroupGoing || !actual.datasetGroup) return;
  const after = [...before, ...actual.datasets.map(({ name }) => name)];
  remove(planning, 'dataset group', actual.datasetGroup, { after });
}

/** The schemas that were looked at are those that are declared and those that were made; one that a dataset has stays. */
function removeSchemas(planning: Planning): void {
  const { declaration, actual } = planning;
  const declared = new Set(declaration.datasets.flatMap(schemaNames));
  const used = new Set(actual.datasets.map(({ schemaArn }) => schemaArn));
  for (const { name, arn } of actual.schemas) {
    if (declared.has(name) || used.has(arn)) continue;
    planning.act({
      ...{ step: 'take down', verb: 'delete', kind: 'schema', name },
      reason: 'no dataset has it any more',
      ...callOn('Delete', 'schema', arn),
    });
  }
}
