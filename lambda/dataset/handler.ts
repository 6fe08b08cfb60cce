// A custom resource that is a dataset of Amazon Personalize with its schema. CloudFormation's own type replaces the dataset when
// the schema changes, which the service does not allow in a group; here the dataset and its data stay. CloudFormation's waiting is
// done by the CDK's provider framework, which calls `isComplete` until it is.
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import type {
  CdkCustomResourceEvent,
  CdkCustomResourceIsCompleteEvent,
  CdkCustomResourceIsCompleteResponse,
  CdkCustomResourceResponse,
} from 'aws-lambda';
import { PATIENT } from '../shared/clients';
import { logger } from '../shared/logger';
import { datasetArnOf, lastUpdate, remove, settle, type WantedDataset } from './dataset';

const client = new PersonalizeClient(PATIENT);

/**
 * Makes nothing, so that whatever fails later is reported with the physical id that CloudFormation needs to delete the rest.
 */
export async function handler(event: CdkCustomResourceEvent): Promise<CdkCustomResourceResponse> {
  const wanted = event.ResourceProperties as unknown as WantedDataset;
  if (event.RequestType === 'Delete') return { PhysicalResourceId: event.PhysicalResourceId };
  return {
    PhysicalResourceId: datasetArnOf(wanted),
    // The framework hands it on to every call of isComplete.
    Data: { lastUpdate: await lastUpdate(client, wanted) },
  };
}

export async function isComplete(
  event: CdkCustomResourceIsCompleteEvent,
): Promise<CdkCustomResourceIsCompleteResponse> {
  const wanted = event.ResourceProperties as unknown as WantedDataset;
  const IsComplete =
    event.RequestType === 'Delete'
      ? await remove(client, wanted)
      : await settle(client, wanted, String(event.Data?.lastUpdate ?? ''));
  logger.info('dataset', { request: event.RequestType, dataset: wanted.datasetName, isComplete: IsComplete });
  return { IsComplete };
}
