// A custom resource that is there to be deleted: on deletion it takes down what the stacks do not know of (what the pipeline trained,
// the dataset that an event tracker left behind), so that the resources below it can go. CloudFormation's waiting is done by the
// CDK's provider framework, which calls `isComplete` until nothing is left.
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import type {
  CdkCustomResourceEvent,
  CdkCustomResourceIsCompleteEvent,
  CdkCustomResourceIsCompleteResponse,
  CdkCustomResourceResponse,
} from 'aws-lambda';
import { PATIENT } from '../shared/clients';
import { logger } from '../shared/logger';
import { passOverMadeGroups } from './made-groups';
import { pass, type Scope } from './teardown';

const client = new PersonalizeClient(PATIENT);

interface Properties {
  readonly datasetGroupArn: string;
  readonly scope: Scope;
}

/** Begins nothing: what is deleted leaves no trace in the answer, which may have 4,096 bytes and would not hold the names of many groups. */
export async function handler(event: CdkCustomResourceEvent): Promise<CdkCustomResourceResponse> {
  const { datasetGroupArn, scope } = event.ResourceProperties as unknown as Properties;
  return { PhysicalResourceId: `${scope}:${datasetGroupArn}` };
}

export async function isComplete(
  event: CdkCustomResourceIsCompleteEvent,
): Promise<CdkCustomResourceIsCompleteResponse> {
  if (event.RequestType !== 'Delete') return { IsComplete: true };
  const { datasetGroupArn, scope } = event.ResourceProperties as unknown as Properties;
  const left = [
    ...(await pass(client, datasetGroupArn, scope)),
    ...(scope === 'trained' ? await passOverMadeGroups(client, datasetGroupArn) : []),
  ];
  logger.info('teardown', { scope, left: left.map(({ kind, status }) => `${kind}: ${status}`) });
  return { IsComplete: left.length === 0 };
}
