// GET /api/status: what the training pipeline is doing; with an operator token, its runs and the campaigns.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { readGroups } from '../controller/rows';
import { clientLimits } from '../shared/clients';
import { fresh } from '../shared/fresh';
import { httpHandler } from '../shared/http/handler';
import { bearerToken } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { secretOf } from '../shared/secrets';
import { verifyToken } from '../shared/tokens';
import { readCampaigns } from './campaigns';
import { readServedByFiles } from './of-files';
import { readRuns, summarise, toGroup } from './runs';

const FRESH_MS = 1000;
const CAMPAIGNS_FRESH_MS = 5000;
/** It takes many calls, and Amazon Personalize allows one of a kind a second. */
const OF_FILES_FRESH_MS = 60_000;

const dynamodb = new DynamoDBClient(clientLimits());
const runsTable = requireEnv('RUNS_TABLE');
const issuer = requireEnv('DATASET_GROUP_ARN');
const tokens = {
  secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('OPERATOR_SECRET_ARN')),
  issuer,
  now: Date.now,
};
const runs = fresh(FRESH_MS, Date.now, () => readRuns(dynamodb, runsTable, issuer));
const groups = fresh(FRESH_MS, Date.now, () => readGroups({ dynamodb, table: runsTable }));
const gallery = async () => (await groups()).find(({ datasetGroup }) => datasetGroup.arn === issuer);
const personalize = new PersonalizeClient(clientLimits());
const campaignArns = {
  personal: requireEnv('PERSONAL_CAMPAIGN_ARN'),
  similar: requireEnv('SIMILAR_CAMPAIGN_ARN'),
  ranking: requireEnv('RANKING_CAMPAIGN_ARN'),
};
const campaigns = fresh(CAMPAIGNS_FRESH_MS, Date.now, () => readCampaigns(personalize, campaignArns));
const servedByFiles = fresh(OF_FILES_FRESH_MS, Date.now, () =>
  readServedByFiles(personalize, {
    datasetGroupArn: issuer,
    ownCampaigns: Object.values(campaignArns),
  }),
);

/** Undefined when Amazon Personalize does not answer: the runs are worth showing all the same. */
async function ifTold<T>(what: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    logger.warn(`${what} could not be read`, { reason: (error as Error).name });
    return undefined;
  }
}

/** What only operators are told. */
async function details() {
  return {
    runs: await runs(),
    groups: (await groups()).map((row) => toGroup(row, issuer)),
    campaigns: await ifTold('the campaigns', campaigns),
    servedByFiles: await ifTold('what files made', servedByFiles),
  };
}

export const handler = httpHandler(
  {
    'GET /api/status': async (event) => {
      const summary = summarise(await runs(), await gallery());
      if (event.headers.authorization === undefined) return { status: 200, body: summary };
      await verifyToken(tokens, 'operator', bearerToken(event));
      return { status: 200, body: { ...summary, ...(await details()) } };
    },
  },
  logger,
);
