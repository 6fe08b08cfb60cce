// Calls of the AWS API with a role's own temporary credentials, over HTTP, as the role's holder would make them.
import { createRequire } from 'node:module';
import type { AwsEndpoint } from '@emotion-gallery/aws-local';
import { REGION } from '../../../../local/start/account';
import type { AppRole } from './granted';

interface Client {
  send(command: unknown): Promise<unknown>;
  destroy(): void;
}

type Sdk = Readonly<Record<string, new (input: unknown) => unknown>>;

/** Package and client of a service, as action names call it. */
const CLIENTS: Readonly<Record<string, readonly [string, string]>> = {
  cloudfront: ['client-cloudfront', 'CloudFrontClient'],
  cloudwatch: ['client-cloudwatch', 'CloudWatchClient'],
  dynamodb: ['client-dynamodb', 'DynamoDBClient'],
  events: ['client-eventbridge', 'EventBridgeClient'],
  lambda: ['client-lambda', 'LambdaClient'],
  logs: ['client-cloudwatch-logs', 'CloudWatchLogsClient'],
  personalize: ['client-personalize', 'PersonalizeClient'],
  s3: ['client-s3', 'S3Client'],
  scheduler: ['client-scheduler', 'SchedulerClient'],
  sns: ['client-sns', 'SNSClient'],
  sqs: ['client-sqs', 'SQSClient'],
  states: ['client-sfn', 'SFNClient'],
};

const load = createRequire(__filename);
const sdkOf = (service: string): Sdk => {
  const found = CLIENTS[service];
  if (!found) throw new Error(`no client for ${service}`);
  // The package is named by the table above; its commands are called by name.
  return load(`@aws-sdk/${found[0]}`) as Sdk;
};

/** `service`, operation, input. */
export type ApiCall = readonly [service: string, operation: string, input: Readonly<Record<string, unknown>>];

export interface RoleSession {
  /** Resolves whatever the answer is: what was denied is seen in the record of decisions. */
  call(...call: ApiCall): Promise<unknown>;
  close(): void;
}

/** Adds the account to the role's trust policy, so that it can be assumed from here; gives a session of the role. */
export async function assume(endpoint: AwsEndpoint, { name, arn }: AppRole): Promise<RoleSession> {
  const { Role } = await endpoint.call('iam', 'GetRole', { RoleName: name });
  const trust = String((Role as { AssumeRolePolicyDocument: string }).AssumeRolePolicyDocument);
  const document = JSON.parse(trust.startsWith('%7B') ? decodeURIComponent(trust) : trust) as {
    Statement: unknown[];
  };
  const AWS = arn.replace(/:role\/.*/, ':root');
  document.Statement.push({ Effect: 'Allow', Principal: { AWS }, Action: 'sts:AssumeRole' });
  const PolicyDocument = JSON.stringify(document);
  await endpoint.call('iam', 'UpdateAssumeRolePolicy', { RoleName: name, PolicyDocument });
  const answer = await endpoint.call('sts', 'AssumeRole', { RoleArn: arn, RoleSessionName: 'trial' });
  const keys = answer.Credentials as { AccessKeyId: string; SecretAccessKey: string; SessionToken: string };
  const credentials = {
    accessKeyId: keys.AccessKeyId,
    secretAccessKey: keys.SecretAccessKey,
    sessionToken: keys.SessionToken,
  };
  const clients = new Map<string, Client>();
  const clientOf = (service: string): Client => {
    const known = clients.get(service);
    if (known) return known;
    const Constructor = sdkOf(service)[CLIENTS[service]?.[1] ?? ''];
    if (!Constructor) throw new Error(`no client class for ${service}`);
    const options = { endpoint: endpoint.endpoint, region: REGION, credentials, maxAttempts: 1 };
    const client = new Constructor({ ...options, forcePathStyle: true }) as Client;
    clients.set(service, client);
    return client;
  };
  return {
    async call(service, operation, input) {
      const Command = sdkOf(service)[`${operation}Command`];
      if (!Command) throw new Error(`there is no operation ${operation} of ${service}`);
      return clientOf(service)
        .send(new Command(input))
        .catch((error: unknown) => error);
    },
    close() {
      for (const client of clients.values()) client.destroy();
    },
  };
}
