// The alarms: nothing that can fail is made unwatched, each names its entry in the runbook, and all reach a person.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import type { Gallery } from '../../lib/gallery';
import { synthesize } from './synthesize';

const runbook = readFileSync(resolve(__dirname, '../../docs/runbook.md'), 'utf8');
const { gallery, template } = synthesize({ campaigns: 'personal,ranking' });
const stacks = Object.keys(gallery) as (keyof Gallery)[];

interface Found {
  readonly stack: keyof Gallery;
  readonly id: string;
  // biome-ignore lint/suspicious/noExplicitAny: a resource of a template is any JSON
  readonly Properties: any;
}

const allOf = (type: string): Found[] =>
  stacks.flatMap((stack) =>
    Object.entries(template(stack).findResources(type)).map(([id, { Properties }]) => ({
      stack,
      id,
      Properties,
    })),
  );
const alarms = allOf('AWS::CloudWatch::Alarm');

/** What an alarm of the same stack counts of a resource: metric names by the resource's logical id. */
function countedOf({ stack, id }: Found): string[] {
  return alarms
    .filter((alarm) => alarm.stack === stack)
    .flatMap(({ Properties }) => [
      Properties,
      ...(Properties.Metrics ?? []).map((query: { MetricStat?: unknown }) => query.MetricStat ?? {}),
    ])
    .map((counted) => counted.Metric ?? counted)
    .filter(({ Dimensions = [] }) => JSON.stringify(Dimensions).includes(`"${id}"`))
    .map(({ MetricName }) => MetricName)
    .sort();
}

/** The CDK's own functions and state machines serve custom resources: CloudFormation tells of their failures. */
const isOurs = ({ id }: Found) => !/Provider(framework|waiter)|CustomCDKBucketDeployment/.test(id);

test('every function of ours is watched for errors', () => {
  const functions = allOf('AWS::Lambda::Function').filter(isOurs);
  expect(functions.length).toBeGreaterThan(15);
  expect(functions.filter((each) => !countedOf(each).includes('Errors'))).toEqual([]);
});

test('every state machine of ours is watched for each way of ending badly', () => {
  const machines = allOf('AWS::StepFunctions::StateMachine').filter(isOurs);
  expect(machines.length).toBeGreaterThan(0);
  for (const machine of machines) {
    expect(countedOf(machine)).toEqual(['ExecutionsAborted', 'ExecutionsFailed', 'ExecutionsTimedOut']);
  }
});

test('every queue that nothing reads is watched for messages', () => {
  const sources = JSON.stringify(allOf('AWS::Lambda::EventSourceMapping'));
  const unread = allOf('AWS::SQS::Queue').filter(({ id }) => !sources.includes(`"${id}"`));
  expect(unread.length).toBeGreaterThan(3);
  for (const queue of unread) expect(countedOf(queue)).toEqual(['ApproximateNumberOfMessagesVisible']);
});

test('every rule and schedule hands what it could not start to such a queue', () => {
  const targets = [
    ...allOf('AWS::Events::Rule').flatMap(({ Properties }) => Properties.Targets),
    ...allOf('AWS::Scheduler::Schedule').map(({ Properties }) => Properties.Target),
  ];
  expect(targets.length).toBeGreaterThan(4);
  for (const target of targets) expect(target).toHaveProperty('DeadLetterConfig.Arn');
});

test('every alarm names its entry in the runbook, and the entry is there', () => {
  for (const { Properties } of alarms) {
    const [, entry] = /docs\/runbook\.md#(.+)$/.exec(Properties.AlarmDescription) ?? [];
    expect(runbook).toContain(`\n## ${entry}\n`);
  }
});

test('every alarm has a name of its own', () => {
  const names = alarms.map(({ Properties }) => Properties.AlarmName);
  expect(new Set(names).size).toBe(names.length);
});

test('a campaign that is up and not asked for a day rings, whether the settings serve it or not', () => {
  const idle = alarms.filter(({ Properties }) => Properties.AlarmName.includes('idle-campaign'));
  const queries = (name: string) => [
    expect.objectContaining({ Expression: 'up - FILL(asked, 0)' }),
    expect.objectContaining({
      MetricStat: expect.objectContaining({
        Metric: expect.objectContaining({ Namespace: 'AWS/Personalize', MetricName: name }),
        Period: 3600,
        Stat: 'Sum',
      }),
    }),
  ];
  expect(idle.map(({ Properties }) => Properties)).toEqual([
    expect.objectContaining({
      AlarmName: 'emotion-gallery-dev-idle-campaign-personal-alarm',
      EvaluationPeriods: 24,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
      Metrics: expect.arrayContaining(queries('GetRecommendations')),
    }),
    expect.objectContaining({ AlarmName: 'emotion-gallery-dev-idle-campaign-similar-alarm' }),
    expect.objectContaining({
      AlarmName: 'emotion-gallery-dev-idle-campaign-ranking-alarm',
      Metrics: expect.arrayContaining(queries('GetPersonalizedRanking')),
    }),
  ]);
});

test('alarms go to a topic that takes them from this deployment only', () => {
  for (const { Properties } of alarms) expect(Properties.AlarmActions).toHaveLength(1);
  template('storage').hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Sid: 'AlarmsOfThisDeployment',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Action: 'sns:Publish',
          Condition: {
            StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
            ArnLike: Match.anyValue(),
          },
        }),
      ]),
    },
  });
});

test('the dashboard shows every alarm, and the way of a like', () => {
  const [dashboard] = allOf('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  const names = alarms.map(({ Properties }) => Properties.AlarmName);
  for (const name of names) expect(body).toContain(`:alarm:${name}`);
  for (const title of ['Requests', 'Duration of like (ms)', 'Likes waiting for Amazon Personalize']) {
    expect(body).toContain(title);
  }
});

test('every entry of the runbook says whether it was tried, and by which test', () => {
  const entries = runbook
    .split(/^(?=##)/m)
    .slice(1)
    .filter((entry) => !entry.startsWith('## By hand'));
  expect(entries.length).toBeGreaterThan(10);
  for (const entry of entries) {
    expect(entry).toMatch(/^#+ .+\n\n\*(Not tried|Tried)/);
    const [, file] = /^#+ .+\n\n\*Tried.*`(.+)`/.exec(entry) ?? [];
    if (file) expect(existsSync(resolve(__dirname, '../..', file))).toBe(true);
  }
});
