// The retry queue's batches, and the sweep that a rule starts each minute.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import type { Context, EventBridgeEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { clientLimits } from '../shared/clients';
import { logger } from '../shared/logger';
import { requireCount, requireEnv } from '../shared/require-env';
import { sleep } from '../shared/retry';
import { redeliverBatch } from './queue';
import { sweep } from './sweep';

const options = {
  dynamodb: new DynamoDBClient(clientLimits()),
  personalize: new PersonalizeEventsClient(clientLimits()),
  eventBridge: new EventBridgeClient(clientLimits()),
  itemsTable: requireEnv('ITEMS_TABLE'),
  visitorsTable: requireEnv('VISITORS_TABLE'),
  totalsTable: requireEnv('TOTALS_TABLE'),
  undeliveredTable: requireEnv('UNDELIVERED_TABLE'),
  trackingId: requireEnv('TRACKING_ID'),
  itemsDatasetArn: requireEnv('ITEMS_DATASET_ARN'),
  usersDatasetArn: requireEnv('USERS_DATASET_ARN'),
  datasetGroupArn: requireEnv('DATASET_GROUP_ARN'),
  minimum: { users: requireCount('MINIMUM_USERS'), interactions: requireCount('MINIMUM_INTERACTIONS') },
  logger,
  now: Date.now,
  random: Math.random,
  sleep,
};

type Trigger = SQSEvent | EventBridgeEvent<string, unknown>;

export async function handler(
  event: Trigger,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<SQSBatchResponse | undefined> {
  if ('Records' in event) return redeliverBatch(options, event.Records);
  if (event.source !== 'aws.events' && event.source !== 'aws.scheduler') {
    throw new Error(`expected a queue batch or a scheduled event, got one from ${event.source}`);
  }
  logger.info('swept', { ...(await sweep(options, () => context.getRemainingTimeInMillis())) });
  return undefined;
}
