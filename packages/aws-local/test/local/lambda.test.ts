// Lambda through the SDK's own client: real processes, the Runtime API, logs, queues as event sources.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import type { AwsService } from '../../src/service';
import { createCloudWatch } from '../../src/services/cloudwatch';
import { createEvents } from '../../src/services/events';
import { createLambda } from '../../src/services/lambda';
import { createLogs } from '../../src/services/logs';
import { createS3 } from '../../src/services/s3';
import { createSqs } from '../../src/services/sqs';
import { eventually, type Harness, ROOT, startServices } from './harness';
import { createFunction, ROLE, zip } from './lambda-fixture';

let harness: Harness;
let lambda: LambdaClient;
let sqs: SQSClient;

beforeAll(async () => {
  const services = {
    s3: createS3,
    logs: createLogs,
    monitoring: createCloudWatch,
    events: createEvents,
    sqs: createSqs,
    lambda: createLambda,
  };
  // Fast service time: the minutes between asynchronous attempts last a tenth of a second.
  harness = await startServices(services, { clock: new RealClock(600) });
  lambda = new LambdaClient(harness.client);
  sqs = new SQSClient(harness.client);
});
afterAll(() => harness.close());

const invoke = async (FunctionName: string, input: unknown = {}) => {
  const answer = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(input) }));
  return {
    error: answer.FunctionError,
    payload: JSON.parse(Buffer.from(answer.Payload ?? []).toString() || 'null'),
  };
};

test('a function from a zip file in S3 answers, with its environment and credentials', async () => {
  const s3 = harness.service<AwsService>('s3');
  await s3.call('CreateBucket', { Bucket: 'assets' }, ROOT);
  const source = `exports.handler = async (event, context) => ({ event, name: context.functionName, env: process.env.COLOUR,
    key: process.env.AWS_ACCESS_KEY_ID, endpoint: process.env.AWS_ENDPOINT_URL, left: context.getRemainingTimeInMillis() > 0 });`;
  await s3.call(
    'PutObject',
    { Bucket: 'assets', Key: 'a.zip', Body: await zip({ 'index.js': source }) },
    ROOT,
  );
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'hello',
      Role: ROLE,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { S3Bucket: 'assets', S3Key: 'a.zip' },
      Environment: { Variables: { COLOUR: 'blue' } },
    }),
  );
  const { payload } = await invoke('hello', { a: 1 });
  expect(payload).toMatchObject({
    event: { a: 1 },
    name: 'hello',
    env: 'blue',
    endpoint: harness.endpoint,
    left: true,
  });
  expect(payload.key).toMatch(/^ROLE/);
  const passed = harness.asked.find((request) => request.action === 'iam:PassRole');
  expect(passed).toMatchObject({
    resource: ROLE,
    context: { 'iam:passedtoservice': 'lambda.amazonaws.com' },
  });
});

test('new code answers from the next invocation on', async () => {
  const ZipFile = await zip({ 'index.js': 'exports.handler = async () => "changed"' });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName: 'hello', ZipFile }));
  expect((await invoke('hello')).payload).toBe('changed');
});

test('a module may be an ES module', async () => {
  const ZipFile = await zip({ 'app.mjs': 'export const run = async () => import.meta.url.length > 0;' });
  await harness
    .service<AwsService>('lambda')
    .call(
      'CreateFunction',
      { FunctionName: 'module', Role: ROLE, Runtime: 'nodejs24.x', Handler: 'app.run', Code: { ZipFile } },
      ROOT,
    );
  expect((await invoke('module')).payload).toBe(true);
});

test('an error, an exit and a missing handler are said to be what they are, and the next invocation works', async () => {
  await createFunction(
    harness,
    'moody',
    `exports.handler = async (event) => { if (event.die) process.exit(7); if (event.fail) throw new TypeError('no'); return 'fine'; };`,
  );
  expect(await invoke('moody', { fail: true })).toMatchObject({
    error: 'Unhandled',
    payload: { errorType: 'TypeError', errorMessage: 'no' },
  });
  expect(await invoke('moody', { die: true })).toMatchObject({
    error: 'Unhandled',
    payload: { errorType: 'Runtime.ExitError' },
  });
  expect((await invoke('moody')).payload).toBe('fine');
  await createFunction(harness, 'empty', 'exports.other = 1');
  expect((await invoke('empty')).payload.errorType).toBe('Runtime.HandlerNotFound');
});

test('a function that hangs is killed at its timeout', async () => {
  await createFunction(harness, 'hangs', 'exports.handler = () => new Promise(() => {})', { Timeout: 1 });
  const { error, payload } = await invoke('hangs');
  expect(error).toBe('Unhandled');
  expect(payload.errorMessage).toMatch(/Task timed out after 1.00 seconds/);
});

test('a function of another runtime is not made, and told why', async () => {
  const made = createFunction(harness, 'python', '', { Runtime: 'python3.13' });
  await expect(made).rejects.toThrow(/only with a Node.js runtime/);
});

test('modules find the SDK that is not in their bundle, and what they will miss is told when they are made', async () => {
  const source = `
    import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
    import { Upload } from '@aws-sdk/lib-storage';
    import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
    export const handler = async () => [DynamoDBDocumentClient, Upload, getSignedUrl].map((one) => typeof one);`;
  expect((await createFunction(harness, 'imports', source, {}, 'index.mjs')).StateReason).toBeUndefined();
  expect(await invoke('imports')).toMatchObject({ payload: ['function', 'function', 'function'] });
  const missing = `exports.handler = async () => require('@aws-sdk/client-braket')`;
  expect((await createFunction(harness, 'misses', missing)).StateReason).toContain('@aws-sdk/client-braket');
});

test('an invocation tells the end of its log when it is asked to', async () => {
  await createFunction(harness, 'tail', `exports.handler = async () => console.log('said')`);
  const { LogResult = '' } = await lambda.send(new InvokeCommand({ FunctionName: 'tail', LogType: 'Tail' }));
  const log = Buffer.from(LogResult, 'base64').toString();
  expect(log).toMatch(/^START RequestId: [\s\S]*\tINFO\tsaid\n[\s\S]*REPORT RequestId: [\s\S]*$/);
});

test('what a function prints is in its log group, between start and report', async () => {
  await createFunction(
    harness,
    'talks',
    `exports.handler = async () => { console.log('hello\\nworld'); console.error('oops'); };`,
  );
  await invoke('talks');
  const logs = new CloudWatchLogsClient(harness.client);
  const messages = await eventually(async () => {
    const { events } = await logs
      .send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/talks' }))
      .catch(() => ({ events: [] }));
    const lines = (events ?? []).map((event) => event.message ?? '');
    return lines.some((line) => line.startsWith('REPORT')) ? lines : undefined;
  });
  expect(messages[0]).toMatch(/^START RequestId: /);
  expect(messages.filter((line) => /\tINFO\thello\rworld|\tERROR\toops/.test(line))).toHaveLength(2);
});

test('concurrent invocations run side by side', async () => {
  await createFunction(
    harness,
    'slow',
    `exports.handler = () => new Promise((done) => setTimeout(() => done(process.pid), 150));`,
  );
  const answers = await Promise.all(Array.from({ length: 8 }, () => invoke('slow')));
  expect(new Set(answers.map((answer) => answer.payload)).size).toBeGreaterThan(1);
});

test('an asynchronous event that fails is tried three times and then goes to the dead-letter queue', async () => {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead' }));
  const DeadLetterConfig = { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead' };
  await createFunction(harness, 'fails', `exports.handler = async () => { throw new Error('no'); };`, {
    DeadLetterConfig,
  });
  const accepted = await lambda.send(
    new InvokeCommand({ FunctionName: 'fails', InvocationType: 'Event', Payload: '{"n":1}' }),
  );
  expect(accepted.StatusCode).toBe(202);
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  expect(Messages?.[0]?.Body).toBe('{"n":1}');
});

test('a queue feeds a function; only the messages that it names come back, and at last go to the dead-letter queue', async () => {
  const { QueueUrl: dead } = await sqs.send(new CreateQueueCommand({ QueueName: 'work-dead' }));
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: 'work',
      Attributes: {
        // Four seconds: the clock is 600 times as fast.
        VisibilityTimeout: '2400',
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:work-dead',
          maxReceiveCount: 2,
        }),
      },
    }),
  );
  await createFunction(
    harness,
    'worker',
    `exports.handler = async (event) => ({ batchItemFailures: event.Records.filter((record) => record.body === 'bad')
      .map((record) => ({ itemIdentifier: record.messageId })) });`,
  );
  // A process that is still starting when the messages come would let their visibility timeout pass.
  await invoke('worker', { Records: [] });
  await harness.service<AwsService>('lambda').call(
    'CreateEventSourceMapping',
    {
      FunctionName: 'worker',
      EventSourceArn: 'arn:aws:sqs:us-east-1:000000000000:work',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    },
    ROOT,
  );
  for (const MessageBody of ['good', 'bad', 'good'])
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead, WaitTimeSeconds: 20 }));
  expect(Messages?.map((message) => message.Body)).toEqual(['bad']);
  await eventually(async () => {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }),
    );
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes ?? {};
    return (
      (ApproximateNumberOfMessages === '0' && ApproximateNumberOfMessagesNotVisible === '0') || undefined
    );
  });
});

test('who may not invoke is told so, and the policy of the function is part of the question', async () => {
  const permission = {
    FunctionName: 'hello',
    StatementId: 'api',
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
  };
  await harness
    .service<AwsService>('lambda')
    .call('AddPermission', { ...permission, SourceArn: 'arn:aws:x' }, ROOT);
  harness.deny = (request) => request.action === 'lambda:InvokeFunction';
  await expect(invoke('hello')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  harness.deny = () => false;
  expect(
    harness.asked.findLast((request) => request.action === 'lambda:InvokeFunction')?.resourcePolicy,
  ).toMatchObject({
    Statement: [
      {
        Sid: 'api',
        Principal: { Service: 'apigateway.amazonaws.com' },
        Condition: { ArnLike: { 'AWS:SourceArn': 'arn:aws:x' } },
      },
    ],
  });
});

// The last one, because it restarts everything.
test('a function that goes on and on does not keep the endpoint from closing; its event is for the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'endless-'));
  const [first, second] = [join(folder, 'first'), join(folder, 'second')];
  const source = `const { existsSync, writeFileSync } = require('node:fs');
    exports.handler = async () => {
      if (existsSync('${first}')) return writeFileSync('${second}', '');
      writeFileSync('${first}', '');
      await new Promise((resolve) => setTimeout(resolve, 800_000));
    };`;
  await createFunction(harness, 'endless', source, { Timeout: 900 });
  await lambda.send(new InvokeCommand({ FunctionName: 'endless', InvocationType: 'Event' }));
  await eventually(() => existsSync(first));
  await harness.restart();
  await eventually(() => existsSync(second));
  rmSync(folder, { recursive: true });
});
