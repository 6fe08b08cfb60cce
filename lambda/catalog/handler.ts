// EventBridge: objects created and deleted under `emotions/` of the gallery bucket, and a rule that looks for what was never looked into.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { S3Client } from '@aws-sdk/client-s3';
import type { Context } from 'aws-lambda';
import * as z from 'zod/mini';
import { clientLimits } from '../shared/clients';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { applyObjectEvent } from './catalog';
import { lookAgain } from './look-again';
import { objectEventSchema } from './object-event';

const triggerSchema = z.object({ source: z.optional(z.string()), time: z.iso.datetime() });

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
  const { source, time } = z.parse(triggerSchema, event);
  if (source === 'aws.events') {
    const timeLeft = () => context.getRemainingTimeInMillis() > RESERVE_MS;
    logger.info('looked again', { pictures: await lookAgain(options, time, timeLeft) });
    return;
  }
  const outcome = await applyObjectEvent(options, z.parse(objectEventSchema, event));
  logger.info('object event', { outcome });
}
