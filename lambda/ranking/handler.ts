// POST /api/ranking
import { rankingRequestSchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { bearerToken, parseBody } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { servingRim } from '../shared/serving/rim';
import { verifyToken } from '../shared/tokens';
import { rank } from './ranking';

const { options, tokens } = servingRim('RANKING_CAMPAIGN_ARN');

export const handler = httpHandler(
  {
    'POST /api/ranking': async (event) => {
      const visitorId = await verifyToken(tokens, 'visitor', bearerToken(event));
      return { status: 200, body: await rank(options, visitorId, parseBody(event, rankingRequestSchema)) };
    },
  },
  logger,
);
