// The AWS clients that commands use. Region, credentials and AWS_ENDPOINT_URL come from the environment, as for every SDK.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SFNClient } from '@aws-sdk/client-sfn';
import { PATIENT } from '../lambda/shared/clients';

export function awsClients() {
  return {
    cloudFormation: new CloudFormationClient(),
    dynamodb: new DynamoDBClient(),
    personalize: new PersonalizeClient(PATIENT),
    events: new PersonalizeEventsClient(PATIENT),
    runtime: new PersonalizeRuntimeClient(PATIENT),
    s3: new S3Client(process.env.AWS_ENDPOINT_URL ? { forcePathStyle: true } : {}),
    scheduler: new SchedulerClient(),
    secretsManager: new SecretsManagerClient(),
    stepFunctions: new SFNClient(),
  };
}

export type Clients = ReturnType<typeof awsClients>;
