// AWS Security Token Service: who am I, and role sessions.
import { z } from 'zod';
import type { CredentialStore } from '../../iam/credentials';
import type { IamDirectory } from '../../iam/directory';
import { userIdOf } from '../../iam/global-context';
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

function operations(
  context: ServiceContext,
  credentials: CredentialStore,
  directory: IamDirectory,
): Operations {
  return {
    GetCallerIdentity: operation(z.object({}), (_input, { principal }) => ({
      UserId: userIdOf(principal, directory),
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
          AssumedRoleId: userIdOf(session.principal, directory),
          Arn: session.principal.arn,
        },
      };
    }),
  };
}

export function createSts(
  context: ServiceContext,
  credentials: CredentialStore,
  directory: IamDirectory,
): AwsService {
  return queryService({
    id: 'sts',
    namespace: NAMESPACE,
    invalidInput: 'ValidationError',
    operations: operations(context, credentials, directory),
  });
}
