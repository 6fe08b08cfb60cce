// POST /api/likes
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits, queueLimits } from '../shared/clients';
import { likesRequestSchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { parseBody } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { sleep } from '../shared/retry';
import { visitorReader } from '../shared/visitor';
import { knownItems } from './known-items';
import { acceptLikes } from './like';
import { likeStore } from './store';

const dynamodb = new DynamoDBClient(clientLimits());
const rim = { client: dynamodb, now: Date.now, random: Math.random, sleep };

const visitorOf = visitorReader();

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
  queue: new SQSClient(queueLimits(1000)),
  trackingId: requireEnv('TRACKING_ID'),
  retryQueueUrl: requireEnv('RETRY_QUEUE_URL'),
  logger,
  now: Date.now,
};

export const handler = httpHandler(
  {
    'POST /api/likes': async (event) => {
      const visitorId = await visitorOf(event);
      const request = parseBody(event, likesRequestSchema);
      const { requestId } = event.requestContext;
      return { status: 202, body: await acceptLikes(options, { visitorId, requestId, request }) };
    },
  },
  logger,
);
