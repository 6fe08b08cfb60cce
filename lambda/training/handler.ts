// POST /api/operator/training, for the holder of an operator link.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { clientLimits } from '../shared/clients';
import { trainingRequestSchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { bearerToken, parseBody } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireEnv } from '../shared/require-env';
import { secretOf } from '../shared/secrets';
import { verifyToken } from '../shared/tokens';
import { controlTraining } from './training';

const datasetGroupArn = requireEnv('DATASET_GROUP_ARN');
const tokens = {
  secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('OPERATOR_SECRET_ARN')),
  issuer: datasetGroupArn,
  now: Date.now,
};
const options = {
  stepFunctions: new SFNClient(clientLimits()),
  personalize: new PersonalizeClient(clientLimits()),
  pipelineArn: requireEnv('PIPELINE_ARN'),
  runs: { dynamodb: new DynamoDBClient(clientLimits()), table: requireEnv('RUNS_TABLE') },
  datasetGroupArn,
  now: Date.now,
};

export const handler = httpHandler(
  {
    'POST /api/operator/training': async (event) => {
      await verifyToken(tokens, 'operator', bearerToken(event));
      const request = parseBody(event, trainingRequestSchema);
      logger.info('training', { action: request.action });
      return { status: 202, body: await controlTraining(options, request) };
    },
  },
  logger,
);
