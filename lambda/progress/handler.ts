// GET /api/progress and GET /api/latest, both public and shared by all callers of a second.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { clientLimits } from '../shared/clients';
import { type LatestResponse, LIMITS, latestQuerySchema } from '../shared/contract/schemas';
import { fresh } from '../shared/fresh';
import { catalogue } from '../shared/gallery/catalogue';
import { httpHandler } from '../shared/http/handler';
import { parseQuery } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireCount, requireEnv } from '../shared/require-env';
import { sleep } from '../shared/retry';
import { readLatest } from './latest';
import { readProgress } from './progress';

const FRESH_MS = 1000;

const dynamodb = new DynamoDBClient(clientLimits());
const likes = {
  likesTable: requireEnv('LIKES_TABLE'),
  catalogue: catalogue(dynamodb, requireEnv('ITEMS_TABLE'), Date.now),
};
const options = {
  dynamodb,
  eventBridge: new EventBridgeClient(clientLimits()),
  totalsTable: requireEnv('TOTALS_TABLE'),
  datasetGroupArn: requireEnv('DATASET_GROUP_ARN'),
  minimum: { users: requireCount('MINIMUM_USERS'), interactions: requireCount('MINIMUM_INTERACTIONS') },
  logger,
  now: Date.now,
  random: Math.random,
  sleep,
};

const progress = fresh(FRESH_MS, Date.now, () => readProgress(options));
const latest = fresh(FRESH_MS, Date.now, () => readLatest(dynamodb, likes, Date.now()));

export const handler = httpHandler(
  {
    'GET /api/progress': async () => ({ status: 200, body: await progress() }),
    'GET /api/latest': async (event) => {
      const { limit = String(LIMITS.defaultLatest) } = parseQuery(event, latestQuerySchema);
      const images = (await latest()).slice(0, Number(limit));
      return { status: 200, body: { images } satisfies LatestResponse };
    },
  },
  logger,
);
