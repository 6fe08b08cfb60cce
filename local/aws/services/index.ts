// The data-plane services, by id. What control-plane services need besides (credentials, the engine) is wired in endpoint.ts.
import type { AwsService, ServiceContext } from '../service';
import { createDynamoDb } from './dynamodb';
import { createLambda } from './lambda';
import { createLogs } from './logs';
import { createS3 } from './s3';
import { createSecretsManager } from './secretsmanager';

type Create = (context: ServiceContext) => Promise<AwsService> | AwsService;

export const DATA_PLANE: Readonly<Record<string, Create>> = {
  dynamodb: createDynamoDb,
  lambda: createLambda,
  logs: createLogs,
  s3: createS3,
  secretsmanager: createSecretsManager,
};
