// Amazon CloudWatch on localhost: what is kept of metrics, expressions over them, and alarms that look back for hours.
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch';
import { CreateQueueCommand, PurgeQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import type { CloudWatchService } from '../../src/ports';
import { createCloudWatch } from '../../src/services/cloudwatch';
import { createEvents } from '../../src/services/events';
import { createSqs } from '../../src/services/sqs';
import { eventually, type Harness, startServices } from './harness';

const HOUR = 3_600_000;
const MIDNIGHT = Date.UTC(2026, 0, 1);
const dimensions = { CampaignArn: 'arn:campaign' };
let clock: ManualClock;
let harness: Harness;
let client: CloudWatchClient;

beforeEach(async () => {
  clock = new ManualClock(MIDNIGHT);
  harness = await startServices(
    { sqs: createSqs, events: createEvents, monitoring: createCloudWatch },
    { clock },
  );
  client = new CloudWatchClient(harness.client);
});
afterEach(async () => {
  client.destroy();
  await harness.close();
});

const record = (namespace: string, name: string, value: number) =>
  harness.service<CloudWatchService>('monitoring').record(namespace, name, value, 'Count', dimensions);

const metric = (Namespace: string, MetricName: string) => ({
  Namespace,
  MetricName,
  Dimensions: [{ Name: 'CampaignArn', Value: 'arn:campaign' }],
});

const stat = (Id: string, Namespace: string, MetricName: string, Stat: string) => ({
  Id,
  MetricStat: { Metric: metric(Namespace, MetricName), Period: 3600, Stat },
  ReturnData: false,
});

/** As the alarm of an idle campaign asks. */
const idle = (expression = 'up - FILL(asked, 0)') => [
  { Id: 'idle', Expression: expression, ReturnData: true },
  stat('up', 'EmotionGallery', 'CampaignUp', 'Maximum'),
  stat('asked', 'AWS/Personalize', 'GetRecommendations', 'Sum'),
];

const hours = async (expression?: string) => {
  const { MetricDataResults: [result] = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: idle(expression),
      StartTime: new Date(MIDNIGHT),
      EndTime: new Date(MIDNIGHT + 48 * HOUR),
      ScanBy: 'TimestampAscending',
    }),
  );
  return result?.Values;
};

test('FILL stands in where a metric has no value, and nowhere else', async () => {
  record('EmotionGallery', 'CampaignUp', 1);
  clock.advance(HOUR);
  record('EmotionGallery', 'CampaignUp', 1);
  record('AWS/Personalize', 'GetRecommendations', 1);
  record('AWS/Personalize', 'GetRecommendations', 1);
  clock.advance(HOUR);
  record('AWS/Personalize', 'GetRecommendations', 1);
  // The third hour has no value of `up`.
  expect(await hours()).toEqual([1, -1]);
  expect(await hours('up - asked')).toEqual([-1]);
  expect(await hours('FILL(up, 5) + FILL(asked, 0) * 10')).toEqual([1, 21, 15]);
});

test.each(['up - FILL(asked 0)', 'up - FILL(asked, 0', 'IF(up > asked, 1, 0)', 'up asked', 'up - missing'])(
  'the expression %s is refused instead of guessed at',
  async (expression) => {
    record('EmotionGallery', 'CampaignUp', 1);
    await expect(hours(expression)).rejects.toThrow('not supported on localhost');
  },
);

test('minutes become hours when they are old, and go after a day', async () => {
  for (let minute = 0; minute < 30 * 60; minute += 1) {
    record('EmotionGallery', 'CampaignUp', minute % 60 === 59 ? 5 : 1);
    clock.advance(60_000);
  }
  const { Datapoints = [] } = await client.send(
    new GetMetricStatisticsCommand({
      ...metric('EmotionGallery', 'CampaignUp'),
      StartTime: new Date(MIDNIGHT),
      EndTime: new Date(clock.now()),
      Period: 3600,
      Statistics: ['Sum', 'SampleCount', 'Minimum', 'Maximum'],
    }),
  );
  const byTime = Datapoints.sort((a, b) => Number(a.Timestamp) - Number(b.Timestamp));
  expect(byTime.length).toBeGreaterThanOrEqual(25);
  expect(byTime.length).toBeLessThan(30);
  for (const point of byTime.slice(1)) {
    expect(point).toMatchObject({ Sum: 64, SampleCount: 60, Minimum: 1, Maximum: 5 });
  }
});

test('an alarm over 24 hours rings after 24 hours in which a campaign was up and not asked', async () => {
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: 'idle',
      Metrics: idle(),
      EvaluationPeriods: 24,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    }),
  );
  const becomes = (state: StateValue) =>
    eventually(async () => {
      // Alarms are looked at every ten seconds.
      clock.advance(10_000);
      const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
      return MetricAlarms?.[0]?.StateValue === state || undefined;
    });
  await becomes('OK');
  for (let hour = 0; hour < 23; hour += 1) {
    record('EmotionGallery', 'CampaignUp', 1);
    clock.advance(HOUR);
  }
  await becomes('OK');
  record('EmotionGallery', 'CampaignUp', 1);
  await becomes('ALARM');
  record('AWS/Personalize', 'GetRecommendations', 1);
  await becomes('OK');
});

test('what somebody puts and what a service records is one metric', async () => {
  record('EmotionGallery', 'CampaignUp', 1);
  await client.send(
    new PutMetricDataCommand({
      Namespace: 'EmotionGallery',
      MetricData: [{ ...metric('', 'CampaignUp'), Value: 3 } as never],
    }),
  );
  expect(await hours('up * 1')).toEqual([3]);
});

const states = async () => {
  const { MetricAlarms = [] } = await client.send(new DescribeAlarmsCommand({}));
  return Object.fromEntries(MetricAlarms.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]));
};

/** Five minutes, as the app's alarms have. */
const putAlarm = (AlarmName: string, more: object = {}) =>
  client.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, ...metric('AWS/Lambda', 'Errors'), Statistic: 'Sum', Period: 300, Threshold: 0 },
      ...{ EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanThreshold', ...more },
    }),
  );

/** So many minutes, a second of each being looked at. */
async function pass(minutes: number): Promise<void> {
  for (let at = 0; at < minutes * 6; at += 1) {
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test('five minutes are the last five whole ones, whatever the clock says, and a missing point is made up for by an older one', async () => {
  await putAlarm('quiet', { TreatMissingData: 'notBreaching' });
  await putAlarm('of-two', { EvaluationPeriods: 2, TreatMissingData: 'missing' });
  await pass(4);
  expect(await states()).toEqual({ quiet: 'OK', 'of-two': 'INSUFFICIENT_DATA' });
  // The minute is not over: on AWS it does not count yet.
  record('AWS/Lambda', 'Errors', 1);
  clock.advance(10_000);
  expect(await states()).toMatchObject({ quiet: 'OK' });
  // A turn of five minutes of the clock is in between.
  await pass(1);
  expect(await states()).toMatchObject({ quiet: 'ALARM', 'of-two': 'INSUFFICIENT_DATA' });
  // Three periods are looked back for, and the newest that has data is the one that counts.
  await pass(14);
  expect(await states()).toMatchObject({ quiet: 'ALARM' });
  await pass(2);
  expect(await states()).toMatchObject({ quiet: 'OK' });
});

test('of two periods both must breach, unless one is said to be enough, and more than there are cannot be asked for', async () => {
  await putAlarm('both', { EvaluationPeriods: 2 });
  await putAlarm('one', { EvaluationPeriods: 2, DatapointsToAlarm: 1 });
  await expect(putAlarm('three', { EvaluationPeriods: 2, DatapointsToAlarm: 3 })).rejects.toThrow(
    'DatapointsToAlarm must not be greater than EvaluationPeriods',
  );
  record('AWS/Lambda', 'Errors', 0);
  await pass(5);
  record('AWS/Lambda', 'Errors', 1);
  await pass(2);
  expect(await states()).toEqual({ both: 'OK', one: 'ALARM' });
  await pass(4);
  record('AWS/Lambda', 'Errors', 1);
  await pass(2);
  expect(await states()).toEqual({ both: 'ALARM', one: 'ALARM' });
});

test('a message in a dead-letter queue rings until it is gone', async () => {
  const sqs = new SQSClient(harness.client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'given-up' }));
  await putAlarm('given-up', {
    ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateNumberOfMessagesVisible', Statistic: 'Maximum' },
    ...{ Dimensions: [{ Name: 'QueueName', Value: 'given-up' }], TreatMissingData: 'notBreaching' },
  });
  await pass(1);
  expect(await states()).toEqual({ 'given-up': 'OK' });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'nobody could do it' }));
  await pass(1);
  expect(await states()).toEqual({ 'given-up': 'ALARM' });
  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      ...{ Namespace: 'AWS/SQS', MetricName: 'ApproximateAgeOfOldestMessage', Period: 60 },
      ...{ StartTime: new Date(MIDNIGHT), EndTime: new Date(MIDNIGHT + HOUR), Statistics: ['Maximum'] },
      Dimensions: [{ Name: 'QueueName', Value: 'given-up' }],
    }),
  );
  expect(Datapoints?.map(({ Maximum }) => Maximum)).toEqual([59]);
  await sqs.send(new PurgeQueueCommand({ QueueUrl }));
  await pass(6);
  expect(await states()).toEqual({ 'given-up': 'OK' });
  sqs.destroy();
});
