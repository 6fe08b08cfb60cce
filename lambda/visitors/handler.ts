// POST /api/visitors
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientLimits } from '../shared/clients';
import { type VisitorResponse, visitorRequestSchema } from '../shared/contract/schemas';
import { createVisitors } from '../shared/data/visitors';
import { httpHandler } from '../shared/http/handler';
import { parseBody } from '../shared/http/parse';
import { logger } from '../shared/logger';
import { requireCount, requireEnv } from '../shared/require-env';
import { secretOf } from '../shared/secrets';

const options = {
  dynamodb: new DynamoDBClient(clientLimits()),
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
    'POST /api/visitors': async (event) => {
      const wanted = parseBody(event, visitorRequestSchema);
      const [visitor] = await createVisitors(options, [wanted]);
      if (!visitor) throw new Error('no visitor was made');
      const { visitorId, token, expiresAt } = visitor;
      return { status: 201, body: { visitorId, token, expiresAt } satisfies VisitorResponse };
    },
  },
  logger,
);
