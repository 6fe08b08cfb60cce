// Takes a dataset group down, one pass at a time: each pass looks at what is left, starts every deletion that nothing blocks, and
// tells what remains. Repeated until nothing does, it survives a crash or a failure at any point, because it keeps no state.
// Order and blocks: API reference of DeleteCampaign, DeleteSolution, DeleteDataset, DeleteSchema, DeleteDatasetGroup.
import {
  DeleteCampaignCommand,
  DeleteDatasetCommand,
  DeleteDatasetGroupCommand,
  DeleteEventTrackerCommand,
  DeleteFilterCommand,
  DeleteMetricAttributionCommand,
  DeleteRecommenderCommand,
  DeleteSchemaCommand,
  DeleteSolutionCommand,
  type PersonalizeClient,
  ResourceInUseException,
  StopSolutionVersionCreationCommand,
} from '@aws-sdk/client-personalize';
import { isBeingDeleted } from '../shared/personalize/groups-of-files';
import { isInProgress, unlessGone } from '../shared/personalize/life-cycle';
import {
  findGroup,
  type Kind,
  listAttached,
  listDatasets,
  listTrained,
  type Remaining,
  schemasOf,
} from './inventory';
import { rememberedSchemas, rememberSchemas } from './schemas-of-group';

/**
 * - `trained`: campaigns, recommenders and solutions; the group and its data stay.
 * - `datasets`: what blocks the group's deletion after its stack has deleted its own datasets.
 * - `everything`: down to the group and the schemas that nobody else uses.
 */
export type Scope = 'trained' | 'datasets' | 'everything';

type Delete = (client: PersonalizeClient, arn: string) => Promise<unknown>;

const deletions: Partial<Record<Kind, Delete>> = {
  campaign: (client, campaignArn) => client.send(new DeleteCampaignCommand({ campaignArn })),
  recommender: (client, recommenderArn) => client.send(new DeleteRecommenderCommand({ recommenderArn })),
  'solution version': (client, solutionVersionArn) =>
    client.send(new StopSolutionVersionCreationCommand({ solutionVersionArn })),
  solution: (client, solutionArn) => client.send(new DeleteSolutionCommand({ solutionArn })),
  'event tracker': (client, eventTrackerArn) =>
    client.send(new DeleteEventTrackerCommand({ eventTrackerArn })),
  'metric attribution': (client, metricAttributionArn) =>
    client.send(new DeleteMetricAttributionCommand({ metricAttributionArn })),
  filter: (client, filterArn) => client.send(new DeleteFilterCommand({ filterArn })),
  dataset: (client, datasetArn) => client.send(new DeleteDatasetCommand({ datasetArn })),
  'dataset group': (client, datasetGroupArn) =>
    client.send(new DeleteDatasetGroupCommand({ datasetGroupArn })),
  schema: (client, schemaArn) => client.send(new DeleteSchemaCommand({ schemaArn })),
};

/** A training that was asked to stop stays in the list until it has; everything else in progress is left to finish. */
const canStart = ({ kind, status }: Remaining): boolean =>
  kind === 'solution version' ? !/STOPP/.test(status) : !isInProgress(status);

/** Starts the deletion; one that is blocked for now (in use, being changed) is tried again by the next pass. */
async function start(client: PersonalizeClient, item: Remaining): Promise<void> {
  const remove = deletions[item.kind];
  if (!remove || !canStart(item)) return;
  try {
    await unlessGone(remove(client, item.arn));
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

async function startAll(client: PersonalizeClient, items: readonly Remaining[]): Promise<void> {
  for (const item of items) await start(client, item);
}

/** What a scope would delete, nothing touched: for a dry run. Schemas are those of the group's datasets. */
export async function inventory(
  client: PersonalizeClient,
  datasetGroupArn: string,
  scope: Scope,
): Promise<Remaining[]> {
  const group = await findGroup(client, datasetGroupArn);
  if (!group) return [];
  const trained = await listTrained(client, datasetGroupArn);
  if (scope === 'trained') return trained;
  const datasets = await listDatasets(client, datasetGroupArn);
  if (scope === 'datasets') return datasets;
  const attached = await listAttached(client, datasetGroupArn);
  const schemas = await schemasOf(client, datasets);
  return [
    ...trained,
    ...attached,
    ...datasets,
    group,
    ...schemas.map((arn) => ({ kind: 'schema' as const, arn, status: 'ACTIVE' })),
  ];
}

/**
 * One pass. Solutions wait for their campaigns and trainings, datasets for solutions, the group for all of them.
 *
 * @returns what was there when the pass began; empty: nothing is left
 */
export async function pass(
  client: PersonalizeClient,
  datasetGroupArn: string,
  scope: Scope,
): Promise<Remaining[]> {
  const group = await findGroup(client, datasetGroupArn);
  if (!group) return [];
  // A group that is being deleted is empty, and does not tell its tags.
  if (isBeingDeleted(group.status)) return scope === 'everything' ? [group] : [];
  if (scope === 'datasets') {
    const datasets = await listDatasets(client, datasetGroupArn);
    await startAll(client, datasets);
    return datasets;
  }
  const trained = await listTrained(client, datasetGroupArn);
  await startAll(
    client,
    trained.filter(({ kind }) => kind !== 'solution'),
  );
  const isBlocked = trained.some(({ kind }) => kind !== 'solution');
  if (!isBlocked) await startAll(client, trained);
  if (scope === 'trained' || trained.length > 0) return scope === 'trained' ? trained : [...trained, group];

  const attached = await listAttached(client, datasetGroupArn);
  await startAll(client, attached);
  if (attached.length > 0) return [...attached, group];
  const datasets = await listDatasets(client, datasetGroupArn);
  await rememberSchemas(client, datasetGroupArn, datasets);
  await startAll(client, datasets);
  if (datasets.length > 0) return [...datasets, group];
  await deleteSchemas(client, await rememberedSchemas(client, datasetGroupArn));
  await start(client, group);
  return [group];
}

/** Deletes the schemas that no dataset uses any more; one that another group uses stays. */
export async function deleteSchemas(client: PersonalizeClient, schemaArns: readonly string[]): Promise<void> {
  await startAll(
    client,
    schemaArns.map((arn) => ({ kind: 'schema', arn, status: 'ACTIVE' })),
  );
}
