// EventBridge: objects deleted under `pictures/` of the gallery bucket.
import { CloudFrontClient } from '@aws-sdk/client-cloudfront';
import * as z from 'zod/mini';
import { PATIENT } from '../shared/clients';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { deletedEventSchema, invalidate } from './invalidate';

const options = { cloudFront: new CloudFrontClient(PATIENT), distributionId: requireEnv('DISTRIBUTION_ID') };

export async function handler(event: unknown): Promise<void> {
  const path = await invalidate(options, z.parse(deletedEventSchema, event));
  if (path) logger.info('invalidated', { path });
}
