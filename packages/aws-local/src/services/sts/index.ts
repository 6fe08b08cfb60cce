// AWS Security Token Service: who am I, and role sessions.
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { CredentialStore } from '../../iam/credentials';
import type { AwsService, ServiceContext } from '../../service';
import { type Operations, operation } from '../shared/operations';
import { queryService } from '../shared/query-protocol';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

const ASSUME_ROLE = z.object({
  RoleArn: z.string().min(20),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/),
  ExternalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/)
    .optional(),
  DurationSeconds: z.coerce.number().min(900).max(43_200).default(3600),
});

function operations(context: ServiceContext, credentials: CredentialStore): Operations {
  return {
    GetCallerIdentity: operation(z.object({}), (_input, { principal }) => ({
      UserId: principal.roleArn ? `AROALOCAL:${principal.arn.split('/').at(-1)}` : 'AIDALOCALBOOTSTRAP',
      Account: context.accountId,
      Arn: principal.arn,
    })),
    AssumeRole: operation(ASSUME_ROLE, (input, { principal }) => {
      const session = credentials.assume(
        principal,
        input.RoleArn,
        input.RoleSessionName,
        input.DurationSeconds,
        input.ExternalId,
      );
      return {
        Credentials: {
          AccessKeyId: session.accessKeyId,
          SecretAccessKey: session.secretAccessKey,
          SessionToken: session.sessionToken,
          Expiration: new Date(session.expiresAt),
        },
        AssumedRoleUser: {
          AssumedRoleId: `AROA${randomUUID().replace(/-/g, '').slice(0, 17).toUpperCase()}:${input.RoleSessionName}`,
          Arn: session.principal.arn,
        },
      };
    }),
  };
}

export function createSts(context: ServiceContext, credentials: CredentialStore): AwsService {
  return queryService({
    id: 'sts',
    namespace: NAMESPACE,
    invalidInput: 'ValidationError',
    operations: operations(context, credentials),
  });
}
