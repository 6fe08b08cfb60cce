// GET /api/images
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientLimits } from '../shared/clients';
import { imagesQuerySchema } from '../shared/contract/schemas';
import { catalogue } from '../shared/gallery/catalogue';
import { httpHandler } from '../shared/http/handler';
import { bearerToken, parseQuery } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { secretOf } from '../shared/secrets';
import { verifyToken } from '../shared/tokens';
import { listImages } from './images';

const tokens = {
  secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('VISITOR_SECRET_ARN')),
  issuer: requireEnv('DATASET_GROUP_ARN'),
  now: Date.now,
};
const dynamodb = new DynamoDBClient(clientLimits());
const options = {
  dynamodb,
  catalogue: catalogue(dynamodb, requireEnv('ITEMS_TABLE'), Date.now),
  likesTable: requireEnv('LIKES_TABLE'),
};

export const handler = httpHandler(
  {
    'GET /api/images': async (event) => {
      const visitorId = await verifyToken(tokens, 'visitor', bearerToken(event));
      const query = parseQuery(event, imagesQuerySchema);
      return { status: 200, body: await listImages(options, visitorId, query) };
    },
  },
  logger,
);
