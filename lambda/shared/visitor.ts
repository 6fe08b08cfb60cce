// Who asks: the visitor of a request's signed token. Made once an instance by the functions that answer visitors.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { clientLimits } from './clients';
import { bearerToken } from './http/parse';
import { requireEnv } from './require-env';
import { previousSecretOf, secretOf } from './secrets';
import { tokenVerifier } from './tokens';

/** @throws HttpProblem 401 when the request has no token, or none that is valid here */
export type VisitorOf = (event: APIGatewayProxyEventV2) => Promise<string>;

/** Reads the visitor id of requests, with the secret and the issuer that the environment names. */
export function visitorReader(): VisitorOf {
  const secrets = new SecretsManagerClient(clientLimits());
  const secretArn = requireEnv('VISITOR_SECRET_ARN');
  const verify = tokenVerifier(
    {
      secret: secretOf(secrets, secretArn),
      previousSecret: previousSecretOf(secrets, secretArn),
      issuer: requireEnv('DATASET_GROUP_ARN'),
      now: Date.now,
    },
    'visitor',
  );
  return async (event) => verify(bearerToken(event));
}
