// The whole life of somebody else's CDK app: deployed by the unmodified CDK CLI, used, updated, destroyed.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { type AwsEndpoint, createAwsEndpoint } from '../../src/endpoint';
import type { Shape } from '../../src/service';
import { awsEnvironment } from '../../src/standalone/environment';
import { eventually } from './harness';
import { ACCOUNT, type Board, REGION, STACK, synthesize } from './second-app/app';

const CDK = join(dirname(require.resolve('aws-cdk/package.json')), 'bin', 'cdk');
const folder = mkdtempSync(join(tmpdir(), 'second-app-'));
let aws: AwsEndpoint;

beforeAll(async () => {
  aws = await createAwsEndpoint({
    stateDir: join(folder, 'state'),
    region: REGION,
    accountId: ACCOUNT,
    awsPort: 0,
    sitePort: 0,
    clock: new RealClock(1),
    personalizeClock: new RealClock(1000),
    statesClock: new RealClock(100),
    log: (line) => process.env.DEBUG_SERVICES && console.log(line),
  });
});

afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (service: string, operation: string, input: Shape) => aws.call(service, operation, input);

/** Rejects with what the CLI printed. */
function cdk(...args: string[]): Promise<string> {
  const { credentials, endpoint } = aws;
  const own = awsEnvironment({ endpoint, credentials, region: REGION, accountId: ACCOUNT });
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const env = {
    ...Object.fromEntries(kept),
    ...own,
    NO_PROXY: '127.0.0.1,localhost',
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
  const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [CDK, ...args, '--no-notices'], options, (error, stdout, stderr) =>
      error ? reject(new Error(stdout + stderr)) : resolve(stdout + stderr),
    );
  });
}

async function deploy(name: string, board: Board): Promise<Record<string, string>> {
  const assembly = join(folder, name);
  synthesize(assembly, board);
  await cdk('deploy', '--app', assembly, '--require-approval=never', '--progress=events');
  const { Stacks } = await call('cloudformation', 'DescribeStacks', { StackName: STACK });
  const [{ Outputs }] = Stacks as [{ Outputs: { OutputKey: string; OutputValue: string }[] }];
  return Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
}

/** Opens a link as a browser does, which finds every name under localhost on this machine. */
async function open(url: string, method = 'GET', headers: Record<string, string> = {}) {
  const { hostname, port, pathname } = new URL(url);
  const options = { port, path: pathname, method, headers: { host: `${hostname}:${port}`, ...headers } };
  return new Promise<{ status?: number; headers: Record<string, unknown>; body: string }>(
    (resolve, reject) => {
      const sent = request({ host: '127.0.0.1', ...options }, (answer) => {
        text(answer).then(
          (body) => resolve({ status: answer.statusCode, headers: answer.headers, body }),
          reject,
        );
      });
      sent.on('error', reject).end();
    },
  );
}

async function notes(out: Record<string, string>): Promise<{ title: string; notes: string[] }> {
  const { status, body } = await open(String(out.ApiUrl));
  expect(status).toBe(200);
  return JSON.parse(body);
}

/** Takes messages out of the queue until one contains the text. */
async function news(out: Record<string, string>, wanted: string): Promise<void> {
  const QueueUrl = out.NewsUrl;
  await eventually(async () => {
    const { Messages = [] } = await call('sqs', 'ReceiveMessage', {
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 1,
    });
    let isThere: true | undefined;
    for (const { Body, ReceiptHandle } of Messages as { Body: string; ReceiptHandle: string }[]) {
      if (Body.includes(wanted)) isThere = true;
      await call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
    }
    return isThere;
  });
}

/** Another person's app, in a template of its own: a page and an API. Its bucket lets every distribution of the account read. */
const NEIGHBOUR = {
  Resources: {
    Pages: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'neighbour-pages' } },
    Readable: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Pages' },
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              ...{
                Effect: 'Allow',
                Principal: { Service: 'cloudfront.amazonaws.com' },
                Action: 's3:GetObject',
              },
              Resource: 'arn:aws:s3:::neighbour-pages/*',
              Condition: { StringEquals: { 'AWS:SourceAccount': ACCOUNT } },
            },
          ],
        },
      },
    },
    Access: {
      Type: 'AWS::CloudFront::OriginAccessControl',
      Properties: {
        OriginAccessControlConfig: {
          ...{ Name: 'neighbour', OriginAccessControlOriginType: 's3' },
          ...{ SigningBehavior: 'always', SigningProtocol: 'sigv4' },
        },
      },
    },
    Site: {
      Type: 'AWS::CloudFront::Distribution',
      Properties: {
        DistributionConfig: {
          Enabled: true,
          DefaultRootObject: 'index.html',
          Origins: [
            {
              Id: 'pages',
              DomainName: { 'Fn::GetAtt': ['Pages', 'RegionalDomainName'] },
              OriginAccessControlId: { Ref: 'Access' },
              S3OriginConfig: { OriginAccessIdentity: '' },
            },
          ],
          DefaultCacheBehavior: {
            ...{ TargetOriginId: 'pages', ViewerProtocolPolicy: 'allow-all' },
            CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
          },
        },
      },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
          ],
        },
      },
    },
    Hello: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...{ Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Runtime: 'nodejs22.x', Handler: 'index.handler' },
        Code: { ZipFile: "exports.handler = async () => 'the neighbour'" },
      },
    },
    Api: {
      Type: 'AWS::ApiGatewayV2::Api',
      Properties: { Name: 'neighbour', ProtocolType: 'HTTP' },
    },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ...{ ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', PayloadFormatVersion: '2.0' },
        IntegrationUri: { 'Fn::GetAtt': ['Hello', 'Arn'] },
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ...{ ApiId: { Ref: 'Api' }, RouteKey: '$default' },
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
    Stage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: { ApiId: { Ref: 'Api' }, StageName: '$default', AutoDeploy: true },
    },
    Invoke: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        ...{ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' },
        FunctionName: { Ref: 'Hello' },
      },
    },
  },
  Outputs: {
    SiteUrl: { Value: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': ['Site', 'DomainName'] }]] } },
    ApiUrl: { Value: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
  },
};

/** Deployed beside the other, used at the addresses that it prints, and taken away again. */
async function liveNextDoor(): Promise<void> {
  const stack = { StackName: 'neighbour' };
  const TemplateBody = JSON.stringify(NEIGHBOUR);
  await call('cloudformation', 'CreateStack', { ...stack, TemplateBody, Capabilities: ['CAPABILITY_IAM'] });
  const { Stacks } = await call('cloudformation', 'DescribeStacks', stack);
  expect(Stacks).toMatchObject([{ StackStatus: 'CREATE_COMPLETE' }]);
  const [{ Outputs }] = Stacks as [{ Outputs: { OutputKey: string; OutputValue: string }[] }];
  const urlOf = (name: string) => String(Outputs.find(({ OutputKey }) => OutputKey === name)?.OutputValue);
  await call('s3', 'PutObject', {
    ...{ Bucket: 'neighbour-pages', Key: 'index.html', Body: Buffer.from('next door') },
  });
  expect((await open(urlOf('SiteUrl'))).body).toBe('next door');
  expect((await open(`${urlOf('ApiUrl')}/`)).body).toBe('the neighbour');
  await call('s3', 'DeleteObject', { Bucket: 'neighbour-pages', Key: 'index.html' });
  await call('cloudformation', 'DeleteStack', stack);
  await eventually(async () => {
    const { StackSummaries } = await call('cloudformation', 'ListStacks', {});
    const found = (StackSummaries as Shape[]).filter(({ StackName }) => StackName === 'neighbour');
    return found[0]?.StackStatus === 'DELETE_COMPLETE' ? true : undefined;
  });
}

test('an app of all kinds is deployed, works beside another, is updated and destroyed', async () => {
  const out = await deploy('first', { title: 'Notes & "news"' });
  const { Bucket = '', Pages = '', Table = '', TopicArn = '' } = out;

  // The CDK's own helpers: an SDK call, a slow resource, files with values of the stack.
  expect(out.ReadText).toBe('Notes & "news"');
  expect(out.Seeded).toBe('Notes & "news" yes');
  const page = await open(String(out.SiteUrl));
  expect(page.body).toBe(`<h1>Notes & "news"</h1><p>${Table}</p>`);
  await liveNextDoor();
  expect((await open(String(out.SiteUrl))).body).toBe(page.body);
  const config = JSON.parse((await open(`${out.SiteUrl}/config.json`)).body);
  expect(config).toEqual({
    table: expect.stringContaining(Table),
    nested: { api: expect.stringContaining('execute-api') },
  });
  const { logGroups } = await call('logs', 'DescribeLogGroups', {
    logGroupNamePrefix: `/aws/lambda/${out.Function}`,
  });
  expect(logGroups).toMatchObject([{ retentionInDays: 7 }]);

  // A file comes in by a notification, its text goes out by lib-storage, a presigned link and the document client.
  await call('s3', 'PutObject', { Bucket, Key: 'in/a b.txt', Body: Buffer.from('x') });
  const told = await eventually(async () => {
    const answer = await notes(out);
    return answer.notes.length > 1 ? answer : undefined;
  });
  expect(told).toEqual({
    title: 'Notes & "news"',
    notes: ['in/a+b.txt: ObjectCreated:Put', 'seed: Notes & "news"'],
  });
  await call('s3', 'PutObject', { Bucket, Key: 'queue/b', Body: Buffer.from('x') });
  await news(out, 's3:TestEvent');
  await news(out, '"key":"queue/b"');
  await call('s3', 'DeleteObject', { Bucket, Key: 'queue/b' });
  await news(out, '"ObjectRemoved:Delete"');
  await call('s3', 'PutObject', { Bucket, Key: 'rule/c', Body: Buffer.from('x') });
  await news(out, '"detail-type":"Object Created"');

  const { executionArn } = await call('states', 'StartExecution', { stateMachineArn: out.MachineArn });
  await eventually(async () =>
    (await call('states', 'DescribeExecution', { executionArn })).status === 'SUCCEEDED' ? true : undefined,
  );
  expect((await notes(out)).notes).toContain('machine: ran');
  const kind = (StringValue: string) => ({ kind: { DataType: 'String', StringValue } });
  await call('sns', 'Publish', { TopicArn, Message: 'not wanted', MessageAttributes: kind('other') });
  await call('sns', 'Publish', { TopicArn, Message: 'wanted', MessageAttributes: kind('note') });
  await news(out, 'wanted');
  const entry = { EventBusName: 'board', Source: 'board', DetailType: 'said', Detail: '{"on":"the bus"}' };
  await call('events', 'PutEvents', { Entries: [entry] });
  await news(out, '"on":"the bus"');
  expect(
    (await call('secretsmanager', 'GetSecretValue', { SecretId: out.SecretArn })).SecretString,
  ).toHaveLength(32);
  const preflight = { origin: 'https://board.example', 'access-control-request-method': 'GET' };
  // The guarded port takes no foreign origin from a browser; a service behind another name may be asked by one.
  expect((await open(String(out.ApiUrl), 'OPTIONS', preflight)).status).toBe(403);

  const { Table: described } = await call('dynamodb', 'DescribeTable', { TableName: Table });
  expect(described).toMatchObject({ ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 } });
  const { StackEvents } = await call('cloudformation', 'DescribeStackEvents', { StackName: STACK });
  expect(JSON.stringify(StackEvents)).toContain('nothing is throttled by it');

  const after = await deploy('second', { title: 'Board' });
  expect(after).toMatchObject({ Bucket, ReadText: 'Board', Seeded: 'Board yes' });
  expect(await notes(after)).toMatchObject({ title: 'Board' });
  expect((await open(String(after.SiteUrl))).body).toContain('<h1>Board</h1>');

  await cdk('destroy', '--app', join(folder, 'second'), '--force');
  const { Stacks } = await call('cloudformation', 'DescribeStacks', {});
  expect(Stacks).toEqual([]);
  for (const name of [Bucket, Pages]) {
    await expect(call('s3', 'HeadBucket', { Bucket: name })).rejects.toThrow();
  }
  await expect(call('dynamodb', 'DescribeTable', { TableName: Table })).rejects.toThrow('not found');
});

const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] },
        },
      ],
    },
  },
};
const RoleArn = { 'Fn::GetAtt': ['Role', 'Arn'] };

test.each([
  [
    'a FIFO queue',
    { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    'FIFO queues are not supported',
  ],
  [
    'an express state machine',
    {
      Type: 'AWS::StepFunctions::StateMachine',
      Properties: {
        RoleArn,
        StateMachineType: 'EXPRESS',
        DefinitionString: '{"StartAt":"a","States":{"a":{"Type":"Succeed"}}}',
      },
    },
    'express state machines are not supported on localhost',
  ],
  [
    'a function of another runtime',
    {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Role: RoleArn,
        Runtime: 'python3.13',
        Handler: 'index.handler',
        Code: { ZipFile: 'pass' },
      },
    },
    'has the runtime python3.13; functions run on localhost only with a Node.js runtime',
  ],
])('%s is refused, and says so', async (kind, resource, reason) => {
  const StackName = kind.replaceAll(' ', '-');
  const TemplateBody = JSON.stringify({ Resources: { Role: ROLE, It: resource } });
  await call('cloudformation', 'CreateStack', { StackName, TemplateBody, Capabilities: ['CAPABILITY_IAM'] });
  const { Stacks } = await call('cloudformation', 'DescribeStacks', { StackName });
  expect(Stacks).toMatchObject([{ StackStatus: 'ROLLBACK_COMPLETE' }]);
  const { StackEvents } = await call('cloudformation', 'DescribeStackEvents', { StackName });
  expect(JSON.stringify(StackEvents)).toContain(reason);
});

test('an authorizer is refused before anything begins', async () => {
  const Authorizer = { Type: 'AWS::ApiGatewayV2::Authorizer', Properties: { AuthorizerType: 'JWT' } };
  const TemplateBody = JSON.stringify({ Resources: { Authorizer } });
  await expect(call('cloudformation', 'CreateStack', { StackName: 'jwt', TemplateBody })).rejects.toThrow(
    'resource types not supported on localhost: [AWS::ApiGatewayV2::Authorizer]',
  );
});
