// A custom resource that is there to be deleted: on deletion it takes down what the stacks do not know of (what the pipeline trained,
// the dataset that an event tracker left behind), so that the resources below it can go. CloudFormation's waiting is done by the
// CDK's provider framework, which calls `isComplete` until nothing is left.
import {
  ListDatasetGroupsCommand,
  ListTagsForResourceCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import type {
  CdkCustomResourceEvent,
  CdkCustomResourceIsCompleteEvent,
  CdkCustomResourceIsCompleteResponse,
  CdkCustomResourceResponse,
} from 'aws-lambda';
import { logger } from '../shared/logger';
import { deploymentTag } from '../shared/pipeline/deployment-tag';
import type { Remaining } from './inventory';
import { deleteSchemas, inventory, pass, type Scope } from './teardown';

// One request a second for each operation: patience instead of errors.
const client = new PersonalizeClient({ maxAttempts: 10, retryMode: 'adaptive' });

interface Properties {
  readonly datasetGroupArn: string;
  readonly scope: Scope;
}

/** Groups that configuration files made for this deployment; they go with it. */
async function groupsMadeFor(datasetGroupArn: string): Promise<string[]> {
  const owner = datasetGroupArn.slice(datasetGroupArn.indexOf('/') + 1);
  const { datasetGroups = [] } = await client.send(new ListDatasetGroupsCommand({ maxResults: 100 }));
  const made: string[] = [];
  for (const { datasetGroupArn: arn } of datasetGroups) {
    if (!arn || arn === datasetGroupArn) continue;
    const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceArn: arn }));
    if (tags.some(({ tagKey, tagValue }) => tagKey === deploymentTag && tagValue === owner)) made.push(arn);
  }
  return made;
}

/** Found when the deletion begins: schemas outlive the datasets that they are found by. */
interface MadeGroup {
  readonly arn: string;
  readonly schemas: readonly string[];
}

async function madeGroups(datasetGroupArn: string): Promise<MadeGroup[]> {
  const groups: MadeGroup[] = [];
  for (const arn of await groupsMadeFor(datasetGroupArn)) {
    const items = await inventory(client, arn, 'everything');
    groups.push({ arn, schemas: items.filter(({ kind }) => kind === 'schema').map((schema) => schema.arn) });
  }
  return groups;
}

export async function handler(event: CdkCustomResourceEvent): Promise<CdkCustomResourceResponse> {
  const { datasetGroupArn, scope } = event.ResourceProperties as unknown as Properties;
  const PhysicalResourceId = `${scope}:${datasetGroupArn}`;
  if (event.RequestType !== 'Delete' || scope !== 'trained') return { PhysicalResourceId };
  // The framework hands Data on to every call of isComplete.
  return { PhysicalResourceId, Data: { groups: JSON.stringify(await madeGroups(datasetGroupArn)) } };
}

async function passOver(groups: readonly MadeGroup[]): Promise<Remaining[]> {
  const left: Remaining[] = [];
  for (const { arn, schemas } of groups) {
    const items = await pass(client, arn, 'everything');
    if (items.length === 0) await deleteSchemas(client, schemas);
    left.push(...items);
  }
  return left;
}

export async function isComplete(
  event: CdkCustomResourceIsCompleteEvent,
): Promise<CdkCustomResourceIsCompleteResponse> {
  if (event.RequestType !== 'Delete') return { IsComplete: true };
  const { datasetGroupArn, scope } = event.ResourceProperties as unknown as Properties;
  const groups = JSON.parse(String(event.Data?.groups ?? '[]')) as MadeGroup[];
  const left = [...(await pass(client, datasetGroupArn, scope)), ...(await passOver(groups))];
  logger.info('teardown', { scope, left: left.map(({ kind, status }) => `${kind}: ${status}`) });
  return { IsComplete: left.length === 0 };
}
