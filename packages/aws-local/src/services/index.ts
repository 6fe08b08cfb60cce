// The data-plane services, by id. What control-plane services need besides (credentials, the engine) is wired in endpoint.ts.
import type { AwsService, ServiceContext } from '../service';
import { createApiGateway } from './apigateway';
import { createCloudFront } from './cloudfront';
import { createCloudWatch } from './cloudwatch';
import { createDynamoDb } from './dynamodb';
import { createEvents } from './events';
import { createLambda } from './lambda';
import { createLogs } from './logs';
import { createS3 } from './s3';
import { createScheduler } from './scheduler';
import { createSecretsManager } from './secretsmanager';
import { createSns } from './sns';
import { createSqs } from './sqs';
import { createStates } from './states';

type Create = (context: ServiceContext) => Promise<AwsService> | AwsService;

export const DATA_PLANE: Readonly<Record<string, Create>> = {
  apigateway: createApiGateway,
  cloudfront: createCloudFront,
  dynamodb: createDynamoDb,
  events: createEvents,
  lambda: createLambda,
  logs: createLogs,
  monitoring: createCloudWatch,
  s3: createS3,
  scheduler: createScheduler,
  secretsmanager: createSecretsManager,
  sns: createSns,
  sqs: createSqs,
  states: createStates,
};
