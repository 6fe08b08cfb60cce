// POST /api/ranking
import { rankingRequestSchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { parseBody } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { servingOptions } from '../shared/serving/rim';
import { visitorReader } from '../shared/visitor';
import { rank } from './ranking';

const visitorOf = visitorReader();
const options = servingOptions('RANKING_CAMPAIGN_ARN');

export const handler = httpHandler(
  {
    'POST /api/ranking': async (event) => {
      const visitorId = await visitorOf(event);
      return { status: 200, body: await rank(options, visitorId, parseBody(event, rankingRequestSchema)) };
    },
  },
  logger,
);
