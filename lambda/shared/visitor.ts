// Who asks: the visitor of a request's signed token. Made once an instance by the functions that answer visitors.
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { clientLimits } from './clients';
import { bearerToken } from './http/parse';
import { requireEnv } from './require-env';
import { secretOf } from './secrets';
import { tokenVerifier } from './tokens';

/** @throws HttpProblem 401 when the request has no token, or none that is valid here */
export type VisitorOf = (event: APIGatewayProxyEventV2) => Promise<string>;

/** Reads the visitor id of requests, with the secret and the issuer that the environment names. */
export function visitorReader(): VisitorOf {
  const verify = tokenVerifier(
    {
      secret: secretOf(new SecretsManagerClient(clientLimits()), requireEnv('VISITOR_SECRET_ARN')),
      issuer: requireEnv('DATASET_GROUP_ARN'),
      now: Date.now,
    },
    'visitor',
  );
  return async (event) => verify(bearerToken(event));
}
