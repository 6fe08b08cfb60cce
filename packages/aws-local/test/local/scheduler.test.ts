// EventBridge Scheduler on localhost: when schedules are due, and their groups.
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import type { AwsService } from '../../src/service';
import { createScheduler } from '../../src/services/scheduler';
import { createSqs } from '../../src/services/sqs';
import { ACCOUNT, eventually, type Harness, ROOT, startServices } from './harness';

const HOUR = 3_600_000;
const roleArn = `arn:aws:iam::${ACCOUNT}:role/starter`;
let clock: ManualClock;
let harness: Harness;
let client: SchedulerClient;
let QueueUrl: string;

beforeEach(async () => {
  clock = new ManualClock(Date.UTC(2026, 0, 1, 12));
  harness = await startServices({ sqs: createSqs, scheduler: createScheduler }, { clock });
  client = new SchedulerClient(harness.client);
  const sqs = harness.service<AwsService>('sqs');
  QueueUrl = String((await sqs.call('CreateQueue', { QueueName: 'told' }, ROOT)).QueueUrl);
});
afterEach(async () => {
  client.destroy();
  await harness.close();
});

const schedule = (more: Partial<CreateScheduleCommandInput>): CreateScheduleCommandInput => ({
  Name: 'some',
  ScheduleExpression: 'rate(2 hours)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:told`, RoleArn: roleArn, Input: '{}' },
  ...more,
});

const create = (more: Partial<CreateScheduleCommandInput> = {}) =>
  client.send(new CreateScheduleCommand(schedule(more)));

/** How often the target was called since this was asked before. */
async function calls(): Promise<number> {
  const sqs = harness.service<AwsService>('sqs');
  const { Messages } = await sqs.call('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 10 }, ROOT);
  const messages = (Messages ?? []) as { ReceiptHandle: string }[];
  for (const { ReceiptHandle } of messages) {
    await sqs.call('DeleteMessage', { QueueUrl, ReceiptHandle }, ROOT);
  }
  return messages.length;
}

const called = async () => eventually(async () => (await calls()) || undefined);

async function pass(ms: number): Promise<void> {
  clock.advance(ms);
  await new Promise((resolve) => setTimeout(resolve, 50));
}

test('a rate without a start date begins at once, and then keeps its period', async () => {
  await create();
  clock.advance(0);
  expect(await called()).toBe(1);
  await pass(2 * HOUR - 1);
  expect(await calls()).toBe(0);
  clock.advance(1);
  expect(await called()).toBe(1);
});

test('the start date of a rate is its first time', async () => {
  await create({ StartDate: new Date(clock.now() + 3 * HOUR) });
  await pass(3 * HOUR - 1);
  expect(await calls()).toBe(0);
  clock.advance(1);
  expect(await called()).toBe(1);
  clock.advance(2 * HOUR);
  expect(await called()).toBe(1);
});

test('a start date of long ago is refused, and nothing is made', async () => {
  await expect(create({ StartDate: new Date(clock.now() - 6 * 60_000) })).rejects.toThrow(
    'cannot be earlier than 5 minutes ago',
  );
  expect((await client.send(new ListSchedulesCommand({}))).Schedules).toEqual([]);
});

test('a cron expression waits for its time; a disabled schedule for nothing', async () => {
  await create({ Name: 'daily', ScheduleExpression: 'cron(0 13 * * ? *)' });
  await create({ Name: 'off', State: 'DISABLED' });
  await pass(HOUR - 1);
  expect(await calls()).toBe(0);
  clock.advance(1);
  expect(await called()).toBe(1);
});

test('an update does not begin a rate anew', async () => {
  await create();
  clock.advance(0);
  expect(await called()).toBe(1);
  await pass(HOUR);
  await client.send(new UpdateScheduleCommand(schedule({ Description: 'other words' })));
  await pass(0);
  expect(await calls()).toBe(0);
  clock.advance(HOUR);
  expect(await called()).toBe(1);
});

test('schedules survive a restart, with their times', async () => {
  await create({ StartDate: new Date(clock.now() + HOUR) });
  await harness.restart();
  await new Promise((resolve) => setImmediate(resolve));
  clock.advance(HOUR);
  expect(await called()).toBe(1);
});

test('a list has pages, and tells of a schedule what AWS tells there', async () => {
  await client.send(new CreateScheduleGroupCommand({ Name: 'ours' }));
  const names = ['a-1', 'a-2', 'a-3', 'b-1'];
  for (const Name of names)
    await create({ Name, GroupName: 'ours', ScheduleExpression: 'cron(0 13 * * ? *)' });
  await create({ Name: 'a-4', ScheduleExpression: 'cron(0 13 * * ? *)' });
  const first = await client.send(
    new ListSchedulesCommand({ GroupName: 'ours', NamePrefix: 'a-', MaxResults: 2 }),
  );
  expect(first.Schedules?.map(({ Name }) => Name)).toEqual(['a-1', 'a-2']);
  const second = await client.send(
    new ListSchedulesCommand({ GroupName: 'ours', NamePrefix: 'a-', NextToken: first.NextToken }),
  );
  expect(second.Schedules).toEqual([
    {
      Arn: `arn:aws:scheduler:us-east-1:${ACCOUNT}:schedule/ours/a-3`,
      CreationDate: new Date(clock.now()),
      GroupName: 'ours',
      LastModificationDate: new Date(clock.now()),
      Name: 'a-3',
      State: 'ENABLED',
      Target: { Arn: `arn:aws:sqs:us-east-1:${ACCOUNT}:told` },
    },
  ]);
  expect(second.NextToken).toBeUndefined();
  await expect(client.send(new ListSchedulesCommand({ GroupName: 'nobodys' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a group takes its schedules along; the default one stays', async () => {
  await client.send(new CreateScheduleGroupCommand({ Name: 'ours' }));
  await create({ GroupName: 'ours', ScheduleExpression: 'cron(0 13 * * ? *)' });
  expect(await client.send(new GetScheduleGroupCommand({ Name: 'ours' }))).toMatchObject({ State: 'ACTIVE' });
  await client.send(new DeleteScheduleGroupCommand({ Name: 'ours' }));
  await expect(
    client.send(new GetScheduleCommand({ Name: 'some', GroupName: 'ours' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await pass(2 * HOUR);
  expect(await calls()).toBe(0);
  await expect(client.send(new DeleteScheduleGroupCommand({ Name: 'ours' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await expect(client.send(new DeleteScheduleGroupCommand({ Name: 'default' }))).rejects.toMatchObject({
    name: 'ValidationException',
  });
  const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({}));
  expect(ScheduleGroups?.map(({ Name }) => Name)).toEqual(['default']);
});
