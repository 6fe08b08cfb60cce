// GET /api/status: what the training pipeline is doing; with an operator token, its runs and the campaigns.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientLimits } from '../shared/clients';
import { fresh } from '../shared/fresh';
import { httpHandler } from '../shared/http/handler';
import { bearerToken } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { secretOf } from '../shared/secrets';
import { verifyToken } from '../shared/tokens';
import { readCampaigns } from './campaigns';
import { readRuns, summarise } from './runs';

const FRESH_MS = 1000;
const CAMPAIGNS_FRESH_MS = 5000;

const dynamodb = new DynamoDBClient(clientLimits());
const runsTable = requireEnv('RUNS_TABLE');
const issuer = requireEnv('DATASET_GROUP_ARN');
const tokens = {
  secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('OPERATOR_SECRET_ARN')),
  issuer,
  now: Date.now,
};
const runs = fresh(FRESH_MS, Date.now, () => readRuns(dynamodb, runsTable, issuer));
const personalize = new PersonalizeClient(clientLimits());
const campaigns = fresh(CAMPAIGNS_FRESH_MS, Date.now, () =>
  readCampaigns(personalize, {
    personal: requireEnv('PERSONAL_CAMPAIGN_ARN'),
    similar: requireEnv('SIMILAR_CAMPAIGN_ARN'),
    ranking: requireEnv('RANKING_CAMPAIGN_ARN'),
  }),
);

/** The runs are worth showing even when Amazon Personalize does not answer. */
async function campaignsIfTold() {
  try {
    return { campaigns: await campaigns() };
  } catch (error) {
    logger.warn('the campaigns could not be read', { reason: (error as Error).name });
    return {};
  }
}

export const handler = httpHandler(
  {
    'GET /api/status': async (event) => {
      const summary = summarise(await runs());
      if (event.headers.authorization === undefined) return { status: 200, body: summary };
      await verifyToken(tokens, 'operator', bearerToken(event));
      return { status: 200, body: { ...summary, runs: await runs(), ...(await campaignsIfTold()) } };
    },
  },
  logger,
);
