// EventBridge: objects created and deleted under `emotions/` of the gallery bucket; and a look for what was never looked into, every few
// minutes and when a deployment has put new pages into the bucket.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { clientLimits } from '../shared/clients';
import { FRONT_PAGE } from '../shared/contract/emotions';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { applyObjectEvent } from './catalog';
import { lookAgain } from './look-again';
import { objectEventSchema } from './object-event';

const triggerSchema = z.object({
  source: z.optional(z.string()),
  time: z.iso.datetime(),
  detail: z.optional(z.object({ object: z.optional(z.object({ key: z.string() })) })),
});

const options = {
  dynamodb: new DynamoDBClient(clientLimits()),
  // Photos of tens of megabytes take a while.
  s3: new S3Client(clientLimits(20_000)),
  personalize: new PersonalizeEventsClient(clientLimits()),
  bucket: requireEnv('GALLERY_BUCKET'),
  itemsTable: requireEnv('ITEMS_TABLE'),
  itemsDatasetArn: requireEnv('ITEMS_DATASET_ARN'),
  logger,
};

/** What is left of the function's time when it begins no further picture. Milliseconds. */
const RESERVE_MS = 20_000;

export async function handler(
  event: unknown,
  context: Pick<Context, 'getRemainingTimeInMillis'>,
): Promise<void> {
  const { source, time, detail } = z.parse(triggerSchema, event);
  const isDeployment = detail?.object?.key === FRONT_PAGE;
  if (source === 'aws.events' || isDeployment) {
    const timeLeft = () => context.getRemainingTimeInMillis() > RESERVE_MS;
    logger.info('looked again', { pictures: await lookAgain(options, time, timeLeft) });
    return;
  }
  const outcome = await applyObjectEvent(options, z.parse(objectEventSchema, event));
  logger.info('object event', { outcome });
}
