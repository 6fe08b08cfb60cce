// POST /api/operator/people, for the holder of an operator link.
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientLimits } from '../shared/clients';
import { peopleRequestSchema } from '../shared/contract/schemas';
import { httpHandler } from '../shared/http/handler';
import { parseBody } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { operatorCheck } from '../shared/operator';
import { requireCount, requireEnv } from '../shared/require-env';
import { secretOf } from '../shared/secrets';
import { createPeople } from './people';

const dynamodb = new DynamoDBClient(clientLimits());
const checkOperator = operatorCheck(dynamodb);

const options = {
  dynamodb,
  personalize: new PersonalizeEventsClient(clientLimits(1500)),
  table: requireEnv('VISITORS_TABLE'),
  usersDatasetArn: requireEnv('USERS_DATASET_ARN'),
  tokens: {
    secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('VISITOR_SECRET_ARN')),
    issuer: requireEnv('DATASET_GROUP_ARN'),
    now: Date.now,
  },
  tokenDays: requireCount('VISITOR_TOKEN_DAYS'),
  logger,
  now: Date.now,
  uuid: randomUUID,
};

export const handler = httpHandler(
  {
    'POST /api/operator/people': async (event) => {
      await checkOperator(event);
      return { status: 201, body: await createPeople(options, parseBody(event, peopleRequestSchema)) };
    },
  },
  logger,
);
