// GET /api/status: what the training pipeline is doing; with an operator token, its runs and the campaigns. All of it is what the
// controller wrote down: pages ask every two seconds, and Amazon Personalize allows one control-plane call of a kind a second.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isGone } from '../controller/group-row';
import { readGroups } from '../controller/rows';
import { clientLimits } from '../shared/clients';
import { fresh } from '../shared/fresh';
import { httpHandler } from '../shared/http/handler';
import { logger } from '../shared/logger';
import { operatorCheck } from '../shared/operator';
import { requireEnv } from '../shared/require-env';
import { readRuns, summarise, toGroup } from './runs';
import { servedIn } from './served';

const FRESH_MS = 1000;

const dynamodb = new DynamoDBClient(clientLimits());
const runsTable = requireEnv('RUNS_TABLE');
const issuer = requireEnv('DATASET_GROUP_ARN');
const checkOperator = operatorCheck(dynamodb);
const runs = fresh(FRESH_MS, Date.now, () => readRuns(dynamodb, runsTable, issuer));
const groups = fresh(FRESH_MS, Date.now, () => readGroups({ dynamodb, table: runsTable }));
const gallery = async () => (await groups()).find(({ datasetGroup }) => datasetGroup.arn === issuer);

/** What only operators are told. */
async function details() {
  const rows = (await groups()).filter((row) => !isGone(row));
  return {
    ...{ runs: await runs(), groups: rows.map((row) => toGroup(row, issuer)) },
    ...servedIn(await gallery()),
  };
}

export const handler = httpHandler(
  {
    'GET /api/status': async (event) => {
      const summary = summarise(await runs(), await gallery());
      if (event.headers.authorization === undefined) return { status: 200, body: summary };
      await checkOperator(event);
      return { status: 200, body: { ...summary, ...(await details()) } };
    },
  },
  logger,
);
