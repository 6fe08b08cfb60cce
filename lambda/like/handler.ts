// POST /api/likes
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits } from '../shared/clients';
import { likesRequestSchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { bearerToken, parseBody } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { sleep } from '../shared/retry';
import { secretOf } from '../shared/secrets';
import { verifyToken } from '../shared/tokens';
import { knownItems } from './known-items';
import { acceptLikes } from './like';
import { likeStore } from './store';

const dynamodb = new DynamoDBClient(clientLimits());
const rim = { client: dynamodb, now: Date.now, random: Math.random, sleep };

const tokens = {
  secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('VISITOR_SECRET_ARN')),
  issuer: requireEnv('DATASET_GROUP_ARN'),
  now: Date.now,
};

const options = {
  items: knownItems({ ...rim, table: requireEnv('ITEMS_TABLE') }),
  store: likeStore({
    ...rim,
    tables: {
      visitors: requireEnv('VISITORS_TABLE'),
      likes: requireEnv('LIKES_TABLE'),
      totals: requireEnv('TOTALS_TABLE'),
      undelivered: requireEnv('UNDELIVERED_TABLE'),
    },
  }),
  // Short, because the likes are durable by now and the visitor waits.
  personalize: new PersonalizeEventsClient(clientLimits(1500)),
  queue: new SQSClient(clientLimits(1000)),
  trackingId: requireEnv('TRACKING_ID'),
  retryQueueUrl: requireEnv('RETRY_QUEUE_URL'),
  logger,
  now: Date.now,
};

export const handler = httpHandler(
  {
    'POST /api/likes': async (event) => {
      const visitorId = await verifyToken(tokens, 'visitor', bearerToken(event));
      const request = parseBody(event, likesRequestSchema);
      const { requestId } = event.requestContext;
      return { status: 202, body: await acceptLikes(options, { visitorId, requestId, request }) };
    },
  },
  logger,
);
