// The AWS clients that commands use. Region, credentials and AWS_ENDPOINT_URL come from the environment, as for every SDK.
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { PersonalizeClient } from '@aws-sdk/client-personalize';
import { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntimeClient } from '@aws-sdk/client-personalize-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import { PATIENT } from '../lambda/shared/clients';

export function awsClients() {
  return {
    cloudFormation: new CloudFormationClient(),
    cloudWatch: new CloudWatchClient(),
    logs: new CloudWatchLogsClient(),
    dynamodb: new DynamoDBClient(),
    lambda: new LambdaClient(),
    personalize: new PersonalizeClient(PATIENT),
    events: new PersonalizeEventsClient(PATIENT),
    runtime: new PersonalizeRuntimeClient(PATIENT),
    s3: new S3Client(process.env.AWS_ENDPOINT_URL ? { forcePathStyle: true } : {}),
    scheduler: new SchedulerClient(),
    secretsManager: new SecretsManagerClient(),
    serviceQuotas: new ServiceQuotasClient(),
    sns: new SNSClient(),
    sqs: new SQSClient(),
    ssm: new SSMClient(),
    stepFunctions: new SFNClient(),
    sts: new STSClient(),
  };
}

export type Clients = ReturnType<typeof awsClients>;
