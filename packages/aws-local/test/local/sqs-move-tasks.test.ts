// What was given up is moved back: tasks over dead-letter queues, as the real ones were recorded.
import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { createSqs } from '../../src/services/sqs';
import { ACCOUNT, type Harness, REGION, startServices } from './harness';

let clock: ManualClock;
let harness: Harness;
let sqs: SQSClient;

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  harness = await startServices({ sqs: createSqs }, { clock });
  sqs = new SQSClient(harness.client);
  await make('given-up');
  await make('work', 'given-up');
});
afterEach(async () => {
  sqs.destroy();
  await harness.close();
});

const arn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;
const url = (name: string) => `${harness.endpoint}/${ACCOUNT}/${name}`;

function make(QueueName: string, deadLetterQueue?: string) {
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: arn(deadLetterQueue ?? ''),
    maxReceiveCount: 1,
  });
  return sqs.send(
    new CreateQueueCommand({ QueueName, Attributes: deadLetterQueue ? { RedrivePolicy } : {} }),
  );
}

const send = (queue: string, MessageBody: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl: url(queue), MessageBody }));

/** What the queue has, each with the number of its receives; it stays visible. */
async function received(queue: string): Promise<string[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      ...{ QueueUrl: url(queue), MaxNumberOfMessages: 10, VisibilityTimeout: 0 },
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    }),
  );
  return Messages.map(({ Body, Attributes }) => `${Body} ${Attributes?.ApproximateReceiveCount}`);
}

/** Sent to the queue and given up: a second receive puts each into the dead-letter queue. */
async function giveUp(queue: string, ...bodies: readonly string[]): Promise<void> {
  for (const body of bodies) await send(queue, body);
  await received(queue);
  expect(await received(queue)).toEqual([]);
}

const start = (more: object = {}) =>
  sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arn('given-up'), ...more }));

async function tasks(MaxResults?: number) {
  const { Results = [] } = await sqs.send(
    new ListMessageMoveTasksCommand({ SourceArn: arn('given-up'), MaxResults }),
  );
  return Results;
}

const waiting = async (name: string) => {
  const AttributeNames = ['ApproximateNumberOfMessages' as const];
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url(name), AttributeNames }),
  );
  return Number(Attributes?.ApproximateNumberOfMessages);
};

const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error & { $metadata: { httpStatusCode: number } }) =>
      `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`,
  );

test('messages go back to the queues that gave them up, as new ones', async () => {
  await make('other', 'given-up');
  await giveUp('work', 'a', 'b');
  await giveUp('other', 'c');
  const { TaskHandle } = await start();
  expect(JSON.parse(Buffer.from(TaskHandle ?? '', 'base64').toString())).toMatchObject({
    sourceArn: arn('given-up'),
  });
  expect(await tasks()).toMatchObject([
    { Status: 'RUNNING', TaskHandle, ApproximateNumberOfMessagesToMove: 3 },
  ]);
  clock.advance(1);
  expect(await tasks()).toEqual([
    {
      Status: 'COMPLETED',
      SourceArn: arn('given-up'),
      ApproximateNumberOfMessagesMoved: 3,
      ApproximateNumberOfMessagesToMove: 3,
      StartedTimestamp: Date.UTC(2026, 0, 1),
    },
  ]);
  expect(await received('work')).toEqual(['a 1', 'b 1']);
  expect(await received('other')).toEqual(['c 1']);
  expect(await waiting('given-up')).toBe(0);
});

test('messages go where they are told to, so many a second, over a restart too, until somebody stops it', async () => {
  await make('elsewhere');
  await giveUp('work', 'a', 'b', 'c', 'd');
  const { TaskHandle } = await start({ DestinationArn: arn('elsewhere'), MaxNumberOfMessagesPerSecond: 1 });
  expect(await failure(start())).toBe(
    '400 InvalidParameterValue: There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
  );
  clock.advance(1);
  await harness.restart();
  clock.advance(1000);
  expect(await tasks()).toMatchObject([
    {
      Status: 'RUNNING',
      DestinationArn: arn('elsewhere'),
      MaxNumberOfMessagesPerSecond: 1,
      ApproximateNumberOfMessagesMoved: 2,
    },
  ]);
  const cancel = () => sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle }));
  expect(await cancel()).toMatchObject({ ApproximateNumberOfMessagesMoved: 2 });
  clock.advance(5000);
  expect(await tasks()).toMatchObject([{ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 2 }]);
  expect(await waiting('elsewhere')).toBe(2);
  expect(await waiting('given-up')).toBe(2);
  expect(await failure(cancel())).toBe('404 ResourceNotFoundException: Task does not exist.');
});

test('a message that fails again is moved once', async () => {
  await giveUp('work', 'poison');
  clock.advance(1000);
  await start({ MaxNumberOfMessagesPerSecond: 1 });
  clock.advance(1);
  await received('work');
  await received('work');
  expect(await waiting('given-up')).toBe(1);
  clock.advance(5000);
  expect(await tasks()).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
  expect(await waiting('given-up')).toBe(1);
});

test('a task whose destination goes, or whose messages come from nowhere, fails and says why', async () => {
  await make('elsewhere');
  await giveUp('work', 'a', 'b');
  await start({ DestinationArn: arn('elsewhere'), MaxNumberOfMessagesPerSecond: 1 });
  clock.advance(1);
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url('elsewhere') }));
  clock.advance(1000);
  await send('given-up', 'put in by hand');
  await start();
  clock.advance(1);
  expect(await tasks(10)).toMatchObject([
    {
      Status: 'FAILED',
      FailureReason: 'CouldNotDetermineMessageSource',
      ApproximateNumberOfMessagesMoved: 1,
    },
    {
      Status: 'FAILED',
      FailureReason: 'AWS.SimpleQueueService.NonExistentQueue',
      ApproximateNumberOfMessagesMoved: 1,
    },
  ]);
  expect(await waiting('given-up')).toBe(1);
});

test('what cannot be moved is refused, and what the caller may not do himself', async () => {
  expect(await failure(start({ SourceArn: arn('work') }))).toBe(
    '400 InvalidParameterValue: Source queue must be configured as a Dead Letter Queue.',
  );
  expect(await failure(start({ DestinationArn: arn('nowhere') }))).toBe(
    "404 ResourceNotFoundException: The resource that you specified for the DestinationArn parameter doesn't exist.",
  );
  expect(await failure(start({ SourceArn: arn('nowhere') }))).toBe(
    "404 ResourceNotFoundException: The resource that you specified for the SourceArn parameter doesn't exist.",
  );
  expect(await failure(sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: 'foobared' })))).toBe(
    '400 InvalidParameterValue: Value for parameter TaskHandle is invalid.',
  );
  harness.deny = ({ action, resource }) => action === 'sqs:SendMessage' && resource === arn('work');
  expect(await failure(start())).toMatch(/AccessDenied/);
  expect(await tasks()).toEqual([]);
});
