// GET /api/recommendations
import { recommendationsQuerySchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { parseQuery } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { servingOptions } from '../shared/serving/rim';
import { visitorReader } from '../shared/visitor';
import { recommend } from './recommend';

const visitorOf = visitorReader();
const serving = servingOptions('PERSONAL_CAMPAIGN_ARN');
const options = {
  ...serving,
  filters: {
    inGallery: requireEnv('IN_GALLERY_FILTER_ARN'),
    byEmotion: requireEnv('BY_EMOTION_FILTER_ARN'),
    notLiked: requireEnv('NOT_LIKED_FILTER_ARN'),
    byEmotionNotLiked: requireEnv('BY_EMOTION_NOT_LIKED_FILTER_ARN'),
  },
};

export const handler = httpHandler(
  {
    'GET /api/recommendations': async (event) => {
      const visitorId = await visitorOf(event);
      const query = parseQuery(event, recommendationsQuerySchema);
      return { status: 200, body: await recommend(options, visitorId, query) };
    },
  },
  logger,
);
