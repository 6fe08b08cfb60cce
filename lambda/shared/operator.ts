// Who may act as an operator: the holder of a link that is signed with the operator secret, and that nobody has revoked.
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { clientLimits } from './clients';
import { bearerToken } from './http/parse';
import { unauthorized } from './http/problem';
import { requireEnv } from './require-env';
import { secretOf } from './secrets';
import { tokenVerifier } from './tokens';

/** A row of the operators table; its id is the subject of the link's token. */
export interface OperatorRow {
  readonly operatorId: string;
  readonly name: string;
  /** ISO 8601, as the other times. */
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt?: string;
}

/** @throws HttpProblem 401 when the request has no token, or one that is not, or no longer, an operator's */
export type CheckOperator = (event: APIGatewayProxyEventV2) => Promise<void>;

/** Made once an instance. The row is read with each call, so that a revoked link ends at once. */
export function operatorCheck(dynamodb: Pick<DynamoDBClient, 'send'>): CheckOperator {
  const TableName = requireEnv('OPERATORS_TABLE');
  const verify = tokenVerifier(
    {
      secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('OPERATOR_SECRET_ARN')),
      issuer: requireEnv('DATASET_GROUP_ARN'),
      now: Date.now,
    },
    'operator',
  );
  return async (event) => {
    const operatorId = await verify(bearerToken(event));
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName, Key: { operatorId: { S: operatorId } }, ConsistentRead: true }),
    );
    if (!Item) throw unauthorized('This operator link is of an earlier release, or of nobody any more.');
    const { revokedAt } = unmarshall(Item) as OperatorRow;
    if (revokedAt) throw unauthorized('This operator link has been revoked.');
  };
}
