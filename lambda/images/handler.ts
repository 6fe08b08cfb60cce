// GET /api/images
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { clientLimits } from '../shared/clients';
import { imagesQuerySchema } from '../shared/contract/schemas';
import { catalogue } from '../shared/gallery/catalogue';
import { likedItems } from '../shared/gallery/liked';
import { httpHandler } from '../shared/http/handler';
import { parseQuery } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { visitorReader } from '../shared/visitor';
import { listImages } from './images';

const visitorOf = visitorReader();
const dynamodb = new DynamoDBClient(clientLimits());
const options = {
  catalogue: catalogue(dynamodb, requireEnv('ITEMS_TABLE'), Date.now),
  likedItems: likedItems(dynamodb, {
    likes: requireEnv('LIKES_TABLE'),
    visitors: requireEnv('VISITORS_TABLE'),
  }),
};

export const handler = httpHandler(
  {
    'GET /api/images': async (event) => {
      const visitorId = await visitorOf(event);
      const query = parseQuery(event, imagesQuerySchema);
      return { status: 200, body: await listImages(options, visitorId, query) };
    },
  },
  logger,
);
