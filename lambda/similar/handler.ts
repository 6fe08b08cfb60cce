// GET /api/similar/{itemId}
import { similarQuerySchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { parseQuery } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { servingOptions } from '../shared/serving/rim';
import { visitorReader } from '../shared/visitor';
import { listSimilar, similarItems } from './similar';

const visitorOf = visitorReader();
const serving = {
  ...servingOptions('SIMILAR_CAMPAIGN_ARN'),
  inGalleryFilterArn: requireEnv('IN_GALLERY_FILTER_ARN'),
};
const options = { ...serving, similarItems: similarItems(serving, Date.now) };

export const handler = httpHandler(
  {
    'GET /api/similar/{itemId}': async (event) => {
      const visitorId = await visitorOf(event);
      const query = parseQuery(event, similarQuerySchema);
      // API Gateway decodes it, slashes written as %2F included.
      const itemId = (event.pathParameters?.itemId ?? '').normalize('NFC');
      return { status: 200, body: await listSimilar(options, visitorId, itemId, query) };
    },
  },
  logger,
);
