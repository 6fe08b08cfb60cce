// Builds what most tests start from: a dataset group with data, a trained solution version, a campaign.
import {
  type CampaignConfig,
  CreateCampaignCommand,
  CreateDatasetCommand,
  CreateDatasetGroupCommand,
  CreateEventTrackerCommand,
  CreateFilterCommand,
  CreateSchemaCommand,
  CreateSolutionCommand,
  type CreateSolutionCommandInput,
  CreateSolutionVersionCommand,
  DescribeCampaignCommand,
  DescribeDatasetCommand,
  DescribeDatasetGroupCommand,
  DescribeEventTrackerCommand,
  DescribeFilterCommand,
  DescribeSolutionCommand,
  DescribeSolutionVersionCommand,
  type Domain,
} from '@aws-sdk/client-personalize';
import { PutEventsCommand, PutItemsCommand } from '@aws-sdk/client-personalize-events';
import type { Harness } from './harness';

const field = (name: string, type: unknown, extra: object = {}) => ({ name, type, ...extra });

export const avro = (name: string, fields: object[]) =>
  JSON.stringify({
    type: 'record',
    name,
    namespace: 'com.amazonaws.personalize.schema',
    fields,
    version: '1.0',
  });

export const SCHEMAS = {
  INTERACTIONS: avro('Interactions', [
    field('USER_ID', 'string'),
    field('ITEM_ID', 'string'),
    field('TIMESTAMP', 'long'),
    field('EVENT_TYPE', 'string'),
    field('EVENT_VALUE', ['float', 'null']),
  ]),
  ITEMS: avro('Items', [
    field('ITEM_ID', 'string'),
    field('EMOTION', 'string', { categorical: true }),
    field('PRICE', ['null', 'float']),
  ]),
  USERS: avro('Users', [field('USER_ID', 'string'), field('EMOTION', 'string', { categorical: true })]),
  ACTIONS: avro('Actions', [field('ACTION_ID', 'string'), field('VALUE', ['null', 'long'])]),
  ACTION_INTERACTIONS: avro('Action_interactions', [
    field('USER_ID', 'string'),
    field('ACTION_ID', 'string'),
    field('EVENT_TYPE', 'string'),
    field('TIMESTAMP', 'long'),
  ]),
};

export type DatasetName = keyof typeof SCHEMAS;

export const recipe = (name: string) => `arn:aws:personalize:::recipe/${name}`;

/** Waits until a Describe call shows a final status, and returns that. */
export async function settled(h: Harness, describe: () => Promise<string | undefined>): Promise<string> {
  let status = '';
  await h.until(async () => {
    status = (await describe()) ?? '';
    return !/PENDING|PROGRESS|STOPPING/.test(status);
  });
  return status;
}

/** Waits until a Describe call finds nothing any more. */
export function gone(h: Harness, describe: () => Promise<unknown>): Promise<void> {
  return h.until(async () => {
    try {
      await describe();
      return false;
    } catch (error) {
      return (error as Error).name === 'ResourceNotFoundException';
    }
  });
}

export async function makeGroup(h: Harness, name: string, domain?: Domain): Promise<string> {
  const { datasetGroupArn = '' } = await h.control.send(new CreateDatasetGroupCommand({ name, domain }));
  await settled(h, async () => {
    const { datasetGroup } = await h.control.send(new DescribeDatasetGroupCommand({ datasetGroupArn }));
    return datasetGroup?.status;
  });
  return datasetGroupArn;
}

export async function makeSchema(h: Harness, name: string, schema: string, domain?: Domain): Promise<string> {
  const { schemaArn = '' } = await h.control.send(new CreateSchemaCommand({ name, schema, domain }));
  return schemaArn;
}

export async function makeDataset(
  h: Harness,
  datasetGroupArn: string,
  datasetType: string,
  schemaArn: string,
): Promise<string> {
  const { datasetArn = '' } = await h.control.send(
    new CreateDatasetCommand({ name: datasetType.toLowerCase(), datasetGroupArn, datasetType, schemaArn }),
  );
  await settled(
    h,
    async () => (await h.control.send(new DescribeDatasetCommand({ datasetArn }))).dataset?.status,
  );
  return datasetArn;
}

export async function makeTracker(h: Harness, datasetGroupArn: string, name: string) {
  const { eventTrackerArn = '', trackingId = '' } = await h.control.send(
    new CreateEventTrackerCommand({ name, datasetGroupArn }),
  );
  await settled(h, async () => {
    const { eventTracker } = await h.control.send(new DescribeEventTrackerCommand({ eventTrackerArn }));
    return eventTracker?.status;
  });
  return { eventTrackerArn, trackingId };
}

export async function makeFilter(
  h: Harness,
  datasetGroupArn: string,
  name: string,
  filterExpression: string,
) {
  const { filterArn = '' } = await h.control.send(
    new CreateFilterCommand({ name, datasetGroupArn, filterExpression }),
  );
  await settled(
    h,
    async () => (await h.control.send(new DescribeFilterCommand({ filterArn }))).filter?.status,
  );
  return filterArn;
}

export async function makeSolution(
  h: Harness,
  input: Omit<CreateSolutionCommandInput, 'recipeArn'> & { recipeArn?: string },
): Promise<string> {
  const { solutionArn = '' } = await h.control.send(
    new CreateSolutionCommand({
      recipeArn: recipe('aws-popularity-count'),
      performAutoTraining: false,
      ...input,
    }),
  );
  await settled(
    h,
    async () => (await h.control.send(new DescribeSolutionCommand({ solutionArn }))).solution?.status,
  );
  return solutionArn;
}

export async function describeVersion(h: Harness, solutionVersionArn: string) {
  const { solutionVersion } = await h.control.send(
    new DescribeSolutionVersionCommand({ solutionVersionArn }),
  );
  return solutionVersion;
}

export async function makeVersion(h: Harness, solutionArn: string): Promise<string> {
  const { solutionVersionArn = '' } = await h.control.send(new CreateSolutionVersionCommand({ solutionArn }));
  const status = await settled(h, async () => (await describeVersion(h, solutionVersionArn))?.status);
  if (status !== 'ACTIVE') throw new Error((await describeVersion(h, solutionVersionArn))?.failureReason);
  return solutionVersionArn;
}

export async function makeCampaign(
  h: Harness,
  name: string,
  solutionVersionArn: string,
  campaignConfig?: CampaignConfig,
): Promise<string> {
  const { campaignArn = '' } = await h.control.send(
    new CreateCampaignCommand({ name, solutionVersionArn, campaignConfig }),
  );
  await settled(h, () => campaignStatus(h, campaignArn));
  return campaignArn;
}

export async function campaignStatus(h: Harness, campaignArn: string): Promise<string | undefined> {
  return (await h.control.send(new DescribeCampaignCommand({ campaignArn }))).campaign?.status;
}

/** Sends `requests` × 10 likes of 50 users for `item-0` … `item-9`; `item-9` is liked by most users. */
export async function like(h: Harness, trackingId: string, from: number, to: number): Promise<void> {
  await Promise.all(
    Array.from({ length: to - from }, (_, k) => {
      const request = from + k;
      const user = request % 50;
      return h.events.send(
        new PutEventsCommand({
          trackingId,
          userId: `user-${user}`,
          sessionId: `session-${user}`,
          eventList: Array.from({ length: 10 }, (_, i) => ({
            eventType: 'like',
            eventId: `event-${request}-${i}`,
            itemId: `item-${Math.max(i, (request * 7) % 10)}`,
            eventValue: i,
            sentAt: new Date(Date.UTC(2025, 11, 1) + request * 60_000 + i * 1000),
          })),
        }),
      );
    }),
  );
}

export const EMOTIONS = ['happy', 'sad'];

/** `item-0` … `item-9`, by turns happy and sad, at prices from 0. */
export async function putItems(h: Harness, datasetArn: string): Promise<void> {
  await h.events.send(
    new PutItemsCommand({
      datasetArn,
      items: Array.from({ length: 10 }, (_, i) => ({
        itemId: `item-${i}`,
        properties: JSON.stringify({ emotion: EMOTIONS[i % 2], price: i }),
      })),
    }),
  );
}

export type World = Awaited<ReturnType<typeof makeWorld>>;

/** Everything up to an ACTIVE campaign. Names begin with `prefix`. */
export async function makeWorld(h: Harness, prefix: string, recipeName = 'aws-popularity-count') {
  const datasetGroupArn = await makeGroup(h, prefix);
  const datasetArns: Partial<Record<DatasetName, string>> = {};
  const schemaArns: Partial<Record<DatasetName, string>> = {};
  for (const type of ['INTERACTIONS', 'ITEMS', 'USERS'] as const) {
    const schemaArn = await makeSchema(h, `${prefix}-${type}`, SCHEMAS[type]);
    schemaArns[type] = schemaArn;
    datasetArns[type] = await makeDataset(h, datasetGroupArn, type, schemaArn);
  }
  const { eventTrackerArn, trackingId } = await makeTracker(h, datasetGroupArn, prefix);
  await putItems(h, datasetArns.ITEMS ?? '');
  await like(h, trackingId, 0, 101);
  const solutionArn = await makeSolution(h, { name: prefix, datasetGroupArn, recipeArn: recipe(recipeName) });
  const solutionVersionArn = await makeVersion(h, solutionArn);
  const campaignArn = await makeCampaign(h, prefix, solutionVersionArn);
  return {
    datasetGroupArn,
    datasetArns: datasetArns as Record<'INTERACTIONS' | 'ITEMS' | 'USERS', string>,
    schemaArns: schemaArns as Record<'INTERACTIONS' | 'ITEMS' | 'USERS', string>,
    eventTrackerArn,
    trackingId,
    solutionArn,
    solutionVersionArn,
    campaignArn,
  };
}
