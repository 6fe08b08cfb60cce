// EventBridge: objects created and deleted under `emotions/` of the gallery bucket.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { clientLimits } from '../shared/clients';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { applyObjectEvent } from './catalog';
import { objectEventSchema } from './object-event';

const options = {
  dynamodb: new DynamoDBClient(clientLimits()),
  s3: new S3Client(clientLimits()),
  personalize: new PersonalizeEventsClient(clientLimits()),
  bucket: requireEnv('GALLERY_BUCKET'),
  itemsTable: requireEnv('ITEMS_TABLE'),
  itemsDatasetArn: requireEnv('ITEMS_DATASET_ARN'),
  logger,
};

export async function handler(event: unknown): Promise<void> {
  const outcome = await applyObjectEvent(options, z.parse(objectEventSchema, event));
  logger.info('object event', { outcome });
}
