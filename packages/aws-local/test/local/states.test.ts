// Step Functions and what calls for it: executions through the SDK's client, rules, schedules, topics.
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import type { AwsService } from '../../src/service';
import { createCloudWatch } from '../../src/services/cloudwatch';
import { createDynamoDb } from '../../src/services/dynamodb';
import { createEvents } from '../../src/services/events';
import { createLogs } from '../../src/services/logs';
import { createScheduler } from '../../src/services/scheduler';
import { createSns } from '../../src/services/sns';
import { createSqs } from '../../src/services/sqs';
import { createStates } from '../../src/services/states';
import { ACCOUNT, eventually, type Harness, ROOT, startServices } from './harness';

const roleArn = `arn:aws:iam::${ACCOUNT}:role/pipeline`;
const queueArn = `arn:aws:sqs:us-east-1:${ACCOUNT}:told`;
let harness: Harness;
let client: SFNClient;
let QueueUrl: string;

const call = (service: string, name: string, input: object) =>
  harness.service<AwsService>(service).call(name, { ...input }, ROOT);

beforeAll(async () => {
  const services = {
    dynamodb: createDynamoDb,
    logs: createLogs,
    monitoring: createCloudWatch,
    events: createEvents,
    sqs: createSqs,
    sns: createSns,
    scheduler: createScheduler,
    states: createStates,
  };
  harness = await startServices(services, { clock: new RealClock(60) });
  client = new SFNClient(harness.client);
  QueueUrl = String((await call('sqs', 'CreateQueue', { QueueName: 'told' })).QueueUrl);
  await call('dynamodb', 'CreateTable', {
    TableName: 'things',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  });
});
afterAll(() => harness.close());

const create = async (name: string, definition: object) =>
  String(
    (await call('states', 'CreateStateMachine', { name, roleArn, definition: JSON.stringify(definition) }))
      .stateMachineArn,
  );

const ended = (executionArn: string | undefined) =>
  eventually(async () => {
    const execution = await client.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === 'RUNNING' ? undefined : execution;
  });

async function run(name: string, definition: object, input: unknown = {}) {
  const stateMachineArn = await create(name, definition);
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  const execution = await ended(executionArn);
  return { ...execution, value: execution.output === undefined ? undefined : JSON.parse(execution.output) };
}

const received = async () => {
  const { Messages } = await new SQSClient(harness.client).send(
    new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 10 }),
  );
  const [message] = Messages ?? [];
  if (message) await call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message.ReceiptHandle });
  return message?.Body;
};

test('JSONata: variables, choices, maps in order, parallel branches', async () => {
  const { status, value } = await run(
    'jsonata',
    {
      QueryLanguage: 'JSONata',
      StartAt: 'Set',
      States: {
        Set: {
          Type: 'Pass',
          Assign: { factor: '{% $states.input.factor %}', list: [1, 2, 3] },
          Next: 'Which',
        },
        Which: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $factor > 5 %}', Next: 'Wrong' }],
          Default: 'Each',
        },
        Each: {
          Type: 'Map',
          Items: '{% $list %}',
          MaxConcurrency: 2,
          ItemProcessor: {
            StartAt: 'Times',
            States: { Times: { Type: 'Pass', Output: '{% $states.input * $factor %}', End: true } },
          },
          Assign: { products: '{% $states.result %}' },
          Next: 'Both',
        },
        Both: {
          Type: 'Parallel',
          Branches: [
            { StartAt: 'A', States: { A: { Type: 'Pass', Output: '{% $sum($products) %}', End: true } } },
            { StartAt: 'B', States: { B: { Type: 'Wait', Seconds: 1, Output: 'waited', End: true } } },
          ],
          Output: {
            both: '{% $states.result %}',
            products: '{% $products %}',
            name: '{% $states.context.StateMachine.Name %}',
          },
          End: true,
        },
        Wrong: { Type: 'Fail', Error: 'Wrong', Cause: 'too much' },
      },
    },
    { factor: 3 },
  );
  expect([status, value]).toEqual([
    'SUCCEEDED',
    { both: [18, 'waited'], products: [3, 6, 9], name: 'jsonata' },
  ]);
});

test('JSONPath: parameters, intrinsic functions, result paths', async () => {
  const { value } = await run(
    'jsonpath',
    {
      StartAt: 'Say',
      States: {
        Say: {
          Type: 'Pass',
          Parameters: { 'text.$': "States.Format('{}-{}', $.a, States.ArrayLength($.b))" },
          ResultPath: '$.said',
          Next: 'Which',
        },
        Which: { Type: 'Choice', Choices: [{ Variable: '$.said.text', StringEquals: 'x-2', Next: 'Done' }] },
        Done: { Type: 'Succeed', OutputPath: '$.said' },
      },
    },
    { a: 'x', b: [1, 2] },
  );
  expect(value).toEqual({ text: 'x-2' });
});

test('SDK integrations act as the role; errors have their names; retriers and catchers take them', async () => {
  const get = (id: string) => ({ TableName: 'things', Key: { id: { S: id } } });
  const { status, value } = await run('sdk', {
    QueryLanguage: 'JSONata',
    StartAt: 'Put',
    States: {
      Put: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem',
        Arguments: {
          TableName: 'things',
          Item: { id: { S: 'one' } },
          ConditionExpression: 'attribute_not_exists(id)',
        },
        Next: 'Again',
      },
      Again: {
        Type: 'Task',
        Resource: 'arn:aws:states:::aws-sdk:dynamodb:putItem',
        Arguments: {
          TableName: 'things',
          Item: { id: { S: 'one' } },
          ConditionExpression: 'attribute_not_exists(id)',
        },
        Retry: [
          { ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'], IntervalSeconds: 1, MaxAttempts: 1 },
        ],
        Catch: [
          {
            ErrorEquals: ['DynamoDb.ConditionalCheckFailedException'],
            Assign: { why: '{% $states.errorOutput.Error %}' },
            Next: 'Get',
          },
        ],
        End: true,
      },
      Get: {
        Type: 'Task',
        Resource: 'arn:aws:states:::dynamodb:getItem',
        Arguments: get('one'),
        Output: { item: '{% $states.result.Item %}', why: '{% $why %}' },
        End: true,
      },
    },
  });
  expect([status, value]).toEqual([
    'SUCCEEDED',
    { item: { id: { S: 'one' } }, why: 'DynamoDb.ConditionalCheckFailedException' },
  ]);
  expect(harness.asked.findLast((request) => request.action === 'dynamodb:GetItem')?.principal.roleArn).toBe(
    roleArn,
  );
});

test('a failed execution says why, and its history has every step', async () => {
  const { status, error, executionArn } = await run('fails', {
    StartAt: 'No',
    States: { No: { Type: 'Fail', Error: 'Mine', Cause: 'because' } },
  });
  expect([status, error]).toEqual(['FAILED', 'Mine']);
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn }));
  expect(events?.map((event) => event.type)).toEqual([
    'ExecutionStarted',
    'FailStateEntered',
    'ExecutionFailed',
  ]);
});

test('a name starts one execution only; a running one can be stopped', async () => {
  const stateMachineArn = await create('waits', {
    StartAt: 'W',
    States: { W: { Type: 'Wait', Seconds: 100_000, End: true } },
  });
  const start = (input: string) =>
    client.send(new StartExecutionCommand({ stateMachineArn, name: 'only', input }));
  const first = await start('{}');
  expect((await start('{}')).executionArn).toBe(first.executionArn);
  await expect(start('{"other":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  await client.send(new StopExecutionCommand({ executionArn: first.executionArn, cause: 'enough' }));
  expect(await ended(first.executionArn)).toMatchObject({ status: 'ABORTED', cause: 'enough' });
});

test('an execution goes on after a restart and does not repeat finished tasks', async () => {
  const add = {
    Type: 'Task',
    Resource: 'arn:aws:states:::dynamodb:updateItem',
    Arguments: {
      TableName: 'things',
      Key: { id: { S: 'count' } },
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    },
  };
  const stateMachineArn = await create('resumes', {
    QueryLanguage: 'JSONata',
    StartAt: 'Add',
    States: {
      Add: { ...add, Next: 'Wait' },
      Wait: { Type: 'Wait', Seconds: 60, Next: 'More' },
      More: { ...add, End: true },
    },
  });
  const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
  const count = async () =>
    (
      (await call('dynamodb', 'GetItem', { TableName: 'things', Key: { id: { S: 'count' } } })).Item as
        | { n: { N: string } }
        | undefined
    )?.n.N;
  await eventually(async () => ((await count()) === '1' ? true : undefined));
  await harness.restart();
  expect((await ended(executionArn)).status).toBe('SUCCEEDED');
  expect(await count()).toBe('2');
});

test('tracing and logging are kept as they were asked for', async () => {
  const definition = JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Succeed' } } });
  const tracingConfiguration = { enabled: true };
  const input = { name: 'traced', roleArn, definition, tracingConfiguration };
  const { stateMachineArn } = await call('states', 'CreateStateMachine', input);
  expect(await call('states', 'DescribeStateMachine', { stateMachineArn })).toMatchObject({
    tracingConfiguration,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  });
});

test('an event that fits a pattern reaches its target, transformed', async () => {
  await call('events', 'PutRule', {
    Name: 'r',
    EventPattern: JSON.stringify({ source: ['gallery'], detail: { n: [{ numeric: ['>', 5] }] } }),
  });
  const InputTransformer = {
    InputPathsMap: { n: '$.detail.n' },
    InputTemplate: '{"text": "n is <n>", "n": <n>}',
  };
  await call('events', 'PutTargets', { Rule: 'r', Targets: [{ Id: 'q', Arn: queueArn, InputTransformer }] });
  const events = new EventBridgeClient(harness.client);
  const put = (n: number) =>
    events.send(
      new PutEventsCommand({
        Entries: [{ Source: 'gallery', DetailType: 'x', Detail: JSON.stringify({ n }) }],
      }),
    );
  expect((await put(3)).FailedEntryCount).toBe(0);
  await put(7);
  expect(await received()).toBe('{"text": "n is 7", "n": 7}');
  expect(harness.asked.findLast((request) => request.action === 'sqs:SendMessage')?.principal).toMatchObject({
    arn: 'events.amazonaws.com',
    sourceArn: `arn:aws:events:us-east-1:${ACCOUNT}:rule/r`,
  });
});

test('a rate wakes its target', async () => {
  await call('events', 'PutRule', { Name: 'each-minute', ScheduleExpression: 'rate(1 minute)' });
  await call('events', 'PutTargets', {
    Rule: 'each-minute',
    Targets: [{ Id: 'q', Arn: queueArn, Input: '"tick"' }],
  });
  expect(await received()).toBe('"tick"');
  await call('events', 'DisableRule', { Name: 'each-minute' });
});

test('a schedule calls its target as its role', async () => {
  await call('scheduler', 'CreateSchedule', {
    Name: 's',
    ScheduleExpression: 'rate(1 minute)',
    FlexibleTimeWindow: { Mode: 'OFF' },
    Target: { Arn: queueArn, RoleArn: roleArn, Input: '"scheduled"' },
  });
  await eventually(async () => ((await received()) === '"scheduled"' ? true : undefined));
  await call('scheduler', 'DeleteSchedule', { Name: 's' });
});

test('a topic tells its queues what passes their filters', async () => {
  const { TopicArn } = await call('sns', 'CreateTopic', { Name: 'news' });
  const Attributes = { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ kind: ['good'] }) };
  await call('sns', 'Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes });
  const sns = new SNSClient(harness.client);
  const publish = (StringValue: string, Message: string) =>
    sns.send(
      new PublishCommand({
        TopicArn: String(TopicArn),
        Message,
        MessageAttributes: { kind: { DataType: 'String', StringValue } },
      }),
    );
  await publish('bad', 'not this');
  await publish('good', 'but this');
  await eventually(async () => ((await received()) === 'but this' ? true : undefined));
});
