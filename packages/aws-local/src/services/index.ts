// The services of the local AWS, in the order in which they are made. To add one is a folder and a line here.

import type { ResourceProvider } from '../cloudformation/provider';
import { customResource } from '../cloudformation/resources/custom';
import type { ServiceDeclaration } from '../declaration';
import { apiGateway } from './apigateway/declaration';
import { cloudFormation } from './cloudformation/declaration';
import { cloudFront } from './cloudfront/declaration';
import { cloudWatch } from './cloudwatch/declaration';
import { dynamoDb } from './dynamodb/declaration';
import { events } from './events/declaration';
import { iam } from './iam/declaration';
import { lambda } from './lambda/declaration';
import { logs } from './logs/declaration';
import { personalize } from './personalize/declaration';
import { s3 } from './s3/declaration';
import { scheduler } from './scheduler/declaration';
import { secretsManager } from './secretsmanager/declaration';
import { sns } from './sns/declaration';
import { sqs } from './sqs/declaration';
import { ssm } from './ssm/declaration';
import { states } from './states/declaration';
import { sts } from './sts/declaration';

export const SERVICES: readonly ServiceDeclaration[] = [
  apiGateway,
  cloudFront,
  dynamoDb,
  events,
  lambda,
  logs,
  cloudWatch,
  s3,
  scheduler,
  secretsManager,
  sns,
  sqs,
  states,
  sts,
  ssm,
  iam,
  personalize,
  cloudFormation,
];

const PROVIDERS = new Map(SERVICES.flatMap(({ resources = {} }) => Object.entries(resources)));

/** The CloudFormation types of all services, sorted. */
export const RESOURCE_TYPES: readonly string[] = [...PROVIDERS.keys()].sort();

/** The provider of a type; every other `Custom::*` type is served by its own function. */
export function providerFor(type: string): ResourceProvider | undefined {
  return PROVIDERS.get(type) ?? (type.startsWith('Custom::') ? customResource : undefined);
}
