// POST /api/operator/training, for the holder of an operator link.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { SFNClient } from '@aws-sdk/client-sfn';
import { clientLimits } from '../shared/clients';
import { trainingRequestSchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { parseBody } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { operatorCheck } from '../shared/operator';
import { requireEnv } from '../shared/require-env';
import { controlTraining } from './training';

const datasetGroupArn = requireEnv('DATASET_GROUP_ARN');
const dynamodb = new DynamoDBClient(clientLimits());
const checkOperator = operatorCheck(dynamodb);
const options = {
  stepFunctions: new SFNClient(clientLimits()),
  personalize: new PersonalizeClient(clientLimits()),
  pipelineArn: requireEnv('PIPELINE_ARN'),
  runs: { dynamodb, table: requireEnv('RUNS_TABLE') },
  datasetGroupArn,
  now: Date.now,
};

export const handler = httpHandler(
  {
    'POST /api/operator/training': async (event) => {
      await checkOperator(event);
      const request = parseBody(event, trainingRequestSchema);
      logger.info('training', { action: request.action });
      return { status: 202, body: await controlTraining(options, request) };
    },
  },
  logger,
);
