// A dataset of Amazon Personalize and its schema, one pass at a time: each pass looks at what is there, takes the next step, and
// tells whether it was the last one. It keeps no state, so it may be repeated and begin anywhere.
// Rules: Amazon Personalize Developer Guide, "Replacing a dataset's schema to add new columns".
import {
  CreateDatasetCommand,
  CreateSchemaCommand,
  type Dataset,
  DeleteDatasetCommand,
  DeleteSchemaCommand,
  DescribeDatasetCommand,
  DescribeSchemaCommand,
  type PersonalizeClient,
  paginateListSchemas,
  ResourceAlreadyExistsException,
  ResourceInUseException,
  UpdateDatasetCommand,
} from '@aws-sdk/client-personalize';
import { isInProgress, unlessGone } from '../shared/personalize/life-cycle';
import { covers } from './coverage';

/** What the template asks for. */
export interface WantedDataset {
  readonly datasetGroupArn: string;
  /** The names of its schemas begin with it. */
  readonly datasetName: string;
  readonly datasetType: 'Interactions' | 'Items' | 'Users';
  /** `<dataset name>-<8 hex of the content's SHA-256>` */
  readonly schemaName: string;
  /** The Avro schema as JSON. */
  readonly schema: string;
}

/** The group's name and the type make it, so it is known before there is a dataset. */
export function datasetArnOf({ datasetGroupArn, datasetType }: WantedDataset): string {
  return `${datasetGroupArn.replace(':dataset-group/', ':dataset/')}/${datasetType.toUpperCase()}`;
}

const schemaArnOf = ({ datasetGroupArn, schemaName }: WantedDataset): string =>
  datasetGroupArn.replace(/:dataset-group\/.*/, `:schema/${schemaName}`);

/** When the service was last asked for another schema; empty: never. */
export async function lastUpdate(client: PersonalizeClient, wanted: WantedDataset): Promise<string> {
  const dataset = await describe(client, wanted);
  return dataset?.latestDatasetUpdate?.creationDateTime?.toISOString() ?? '';
}

/**
 * Makes the dataset, or gives it the wanted schema.
 *
 * A dataset whose schema has more than what is wanted stays as it is, because the service lets no column be taken away:
 * so a change can be rolled back or reverted, and the columns that it added stay empty.
 *
 * @param lastUpdateBefore of `lastUpdate`, from before this change: a failure of that one is not this one's
 * @returns whether the dataset is active and serves for the schema
 * @throws Error when it cannot, with the reason
 */
export async function settle(
  client: PersonalizeClient,
  wanted: WantedDataset,
  lastUpdateBefore: string,
): Promise<boolean> {
  const dataset = await describe(client, wanted);
  if (!dataset) return begin(client, wanted);
  const { status = '', latestDatasetUpdate: update, schemaArn = '' } = dataset;
  if (isInProgress(status) || isInProgress(update?.status ?? '')) return false;
  if (status.includes('FAILED')) throw new Error(`${datasetArnOf(wanted)}: ${status}`);
  if (dataset.name !== wanted.datasetName) {
    throw new Error(
      `${wanted.datasetGroupArn} has a dataset of type ${wanted.datasetType} already, ${dataset.name}, and allows no second one`,
    );
  }
  if (await serves(client, schemaArn, wanted)) {
    await deleteSchemas(client, wanted, schemaArn);
    return true;
  }
  const isOwnUpdate = update?.creationDateTime?.toISOString() !== (lastUpdateBefore || undefined);
  if (isOwnUpdate && update?.status?.includes('FAILED')) {
    throw new Error(`${datasetArnOf(wanted)} did not take its new schema: ${update.failureReason}`);
  }
  if (wanted.datasetType === 'Interactions') {
    throw new Error(
      `the schema of ${datasetArnOf(wanted)} cannot change: Amazon Personalize replaces schemas of Items and Users only; ` +
        'the runbook says under "Change a schema" how to begin a new dataset group',
    );
  }
  await createSchema(client, wanted);
  const replacement = { datasetArn: datasetArnOf(wanted), schemaArn: schemaArnOf(wanted) };
  await unlessHeld(client.send(new UpdateDatasetCommand(replacement)));
  return false;
}

/**
 * Deletes the dataset, then its schemas. What an import or a training holds, or what a creation is still busy with, is left to the
 * next pass.
 *
 * @returns whether nothing is left
 */
export async function remove(client: PersonalizeClient, wanted: WantedDataset): Promise<boolean> {
  const dataset = await describe(client, wanted);
  if (!dataset || dataset.name !== wanted.datasetName) {
    await deleteSchemas(client, wanted);
    return true;
  }
  const { status = '', latestDatasetUpdate: update } = dataset;
  if (isInProgress(status) || isInProgress(update?.status ?? '')) return false;
  await unlessHeld(unlessGone(client.send(new DeleteDatasetCommand({ datasetArn: datasetArnOf(wanted) }))));
  return false;
}

async function describe(client: PersonalizeClient, wanted: WantedDataset): Promise<Dataset | undefined> {
  const answer = await unlessGone(
    client.send(new DescribeDatasetCommand({ datasetArn: datasetArnOf(wanted) })),
  );
  return answer?.dataset;
}

async function begin(client: PersonalizeClient, wanted: WantedDataset): Promise<false> {
  const { datasetGroupArn, datasetType, datasetName: name } = wanted;
  await createSchema(client, wanted);
  const schemaArn = schemaArnOf(wanted);
  await unlessThere(client.send(new CreateDatasetCommand({ name, datasetGroupArn, datasetType, schemaArn })));
  return false;
}

/** One of that name has that content: the name carries its hash. */
async function createSchema(client: PersonalizeClient, { schemaName, schema }: WantedDataset): Promise<void> {
  await unlessThere(client.send(new CreateSchemaCommand({ name: schemaName, schema })));
}

/** An earlier pass made it. */
async function unlessThere(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if (!(error instanceof ResourceAlreadyExistsException)) throw error;
  }
}

/** Something else has it for now. */
async function unlessHeld(change: Promise<unknown>): Promise<void> {
  try {
    await change;
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw error;
  }
}

async function serves(client: PersonalizeClient, schemaArn: string, wanted: WantedDataset): Promise<boolean> {
  if (schemaArn === schemaArnOf(wanted)) return true;
  const { schema } = await client.send(new DescribeSchemaCommand({ schemaArn }));
  return covers(schema?.schema ?? '', wanted.schema);
}

/** Those that the dataset had, or was to get, except the one that it has; one that another group uses stays. */
async function deleteSchemas(
  client: PersonalizeClient,
  { datasetName }: WantedDataset,
  exceptArn?: string,
): Promise<void> {
  const own = new RegExp(`^${datasetName}-[0-9a-f]{8}$`);
  for await (const { schemas = [] } of paginateListSchemas({ client }, {})) {
    for (const { name = '', schemaArn } of schemas) {
      if (!own.test(name) || schemaArn === exceptArn) continue;
      await unlessHeld(unlessGone(client.send(new DeleteSchemaCommand({ schemaArn }))));
    }
  }
}
