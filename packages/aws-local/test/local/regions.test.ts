// A request's region is the region of what it makes: each has a namespace of its own, as on AWS.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateRoleCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { type AwsEndpoint, createAwsEndpoint } from '../../src/endpoint';

const ACCOUNT = '000000000000';
const state = mkdtempSync(join(tmpdir(), 'regions-'));
let endpoint: AwsEndpoint;

const open = () =>
  createAwsEndpoint({
    stateDir: state,
    region: 'us-east-1',
    accountId: ACCOUNT,
    awsPort: 0,
    sitePort: 0,
    clock: new RealClock(1),
    personalizeClock: new RealClock(60),
    log: () => undefined,
  });
const at = (region: string) => ({
  endpoint: endpoint.endpoint,
  region,
  credentials: endpoint.credentials,
  maxAttempts: 1,
});
const named = (error: unknown) => (error as Error).name;

beforeAll(async () => {
  endpoint = await open();
});
afterAll(async () => {
  await endpoint.close();
  rmSync(state, { recursive: true, force: true });
});

test('the same name is another resource in another region, and stays one after a restart', async () => {
  const there = new SSMClient(at('ap-northeast-2'));
  await there.send(new PutParameterCommand({ Name: '/mood', Value: 'calm', Type: 'String' }));
  const { Parameter } = await there.send(new GetParameterCommand({ Name: '/mood' }));
  expect(Parameter?.ARN).toBe(`arn:aws:ssm:ap-northeast-2:${ACCOUNT}:parameter/mood`);
  const here = new SSMClient(at('us-east-1'));
  await expect(here.send(new GetParameterCommand({ Name: '/mood' })).catch(named)).resolves.toBe(
    'ParameterNotFound',
  );
  await endpoint.close();
  endpoint = await open();
  const again = new SSMClient(at('ap-northeast-2'));
  expect((await again.send(new GetParameterCommand({ Name: '/mood' }))).Parameter?.Value).toBe('calm');
});

test('a topic tells a queue of another region', async () => {
  const sqs = new SQSClient(at('eu-west-1'));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'far' }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  const Endpoint = Attributes?.QueueArn;
  expect(Endpoint).toBe(`arn:aws:sqs:eu-west-1:${ACCOUNT}:far`);
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:*', Resource: Endpoint },
    ],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  const sns = new SNSClient(at('us-east-1'));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'near' }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  await sns.send(new PublishCommand({ TopicArn, Message: 'hello' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
  expect(JSON.parse(Messages?.[0]?.Body ?? '{}')).toMatchObject({ Message: 'hello' });
});

test('a bucket is in the region that made it, and another one is told which', async () => {
  const there = new S3Client({ ...at('eu-west-1'), forcePathStyle: true });
  const Bucket = 'pictures-of-ireland';
  await there.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  await there.send(new PutObjectCommand({ Bucket, Key: 'green', Body: 'grass' }));
  const here = new S3Client({ ...at('us-east-1'), forcePathStyle: true });
  expect((await here.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-west-1');
  const refusal = await here.send(new GetObjectCommand({ Bucket, Key: 'green' })).catch((error) => error);
  expect(refusal).toMatchObject({ name: 'PermanentRedirect' });
  expect(refusal.$response.headers['x-amz-bucket-region']).toBe('eu-west-1');
  const follows = new S3Client({ ...at('us-east-1'), forcePathStyle: true, followRegionRedirects: true });
  const { Body } = await follows.send(new GetObjectCommand({ Bucket, Key: 'green' }));
  expect(await Body?.transformToString()).toBe('grass');
});

test('IAM is one for all regions, and policies see which one is asked', async () => {
  const trust = {
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'sts:AssumeRole',
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] });
  await new IAMClient(at('eu-west-1')).send(
    new CreateRoleCommand({ RoleName: 'one', AssumeRolePolicyDocument }),
  );
  const { Role } = await new IAMClient(at('us-east-1')).send(new GetRoleCommand({ RoleName: 'one' }));
  expect(Role?.Arn).toBe(`arn:aws:iam::${ACCOUNT}:role/one`);
  const only = {
    Effect: 'Allow',
    Action: 'sqs:*',
    Resource: '*',
    Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
  };
  await endpoint.call('iam', 'PutRolePolicy', {
    RoleName: 'one',
    PolicyName: 'only-there',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [only] }),
  });
  const { Credentials } = await endpoint.call('sts', 'AssumeRole', {
    RoleArn: Role?.Arn,
    RoleSessionName: 'ann',
  });
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials as Record<string, string>;
  const credentials = {
    accessKeyId: AccessKeyId ?? '',
    secretAccessKey: SecretAccessKey ?? '',
    sessionToken: SessionToken,
  };
  const create = (region: string) =>
    new SQSClient({ ...at(region), credentials })
      .send(new CreateQueueCommand({ QueueName: 'allowed' }))
      .then(({ QueueUrl }) => QueueUrl !== undefined, named);
  expect(await create('eu-west-1')).toBe(true);
  expect(await create('us-east-1')).toBe('AccessDenied');
});

test('what is no region is refused', async () => {
  const moon = new SQSClient(at('moon-base-1'));
  const refused = moon.send(new SendMessageCommand({ QueueUrl: 'http://127.0.0.1/0/q', MessageBody: 'x' }));
  await expect(refused).rejects.toThrow(
    "Credential should be scoped to a valid region. 'moon-base-1' is none.",
  );
});
