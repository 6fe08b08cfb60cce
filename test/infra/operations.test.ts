// The Operations stack: every alarm has an entry in the runbook and reaches a person; costs are guarded when one is named.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { synthesize } from './synthesize';

const runbook = readFileSync(resolve(__dirname, '../../docs/runbook.md'), 'utf8');
const quiet = synthesize().template('operations');
const told = synthesize({ notificationMail: 'somebody@gallery.example', monthlyBudget: '20' }).template(
  'operations',
);
const alarms = Object.values(quiet.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties,
);

test('every alarm names its entry in the runbook, and the entry is there', () => {
  for (const { AlarmDescription } of alarms) {
    const [, entry] = /docs\/runbook\.md#(.+)$/.exec(AlarmDescription) ?? [];
    expect(runbook).toContain(`\n## ${entry}\n`);
  }
});

test('errors of every function, of the API, and everything that was given up ring an alarm', () => {
  const names = alarms.map(({ AlarmName }) => AlarmName);
  const functions = ['catalog', 'visitors', 'images', 'like', 'redeliver', 'progress', 'operator', 'openapi'];
  expect(names).toEqual(
    expect.arrayContaining([
      ...functions.map((name) => `emotion-gallery-dev-function-errors-${name}`),
      'emotion-gallery-dev-api-server-errors',
      'emotion-gallery-dev-given-up-likes',
      'emotion-gallery-dev-given-up-pictures',
    ]),
  );
});

test('a campaign that is up and not asked for a day rings, each of those that stay up', () => {
  const idle = alarms.filter(({ AlarmName }) => AlarmName.includes('idle-campaign'));
  expect(idle.map(({ AlarmName }) => AlarmName)).toEqual([
    'emotion-gallery-dev-idle-campaign-personal',
    'emotion-gallery-dev-idle-campaign-similar',
  ]);
  expect(idle[0]).toMatchObject({
    EvaluationPeriods: 24,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
    Metrics: expect.arrayContaining([
      expect.objectContaining({ Expression: 'up - FILL(asked, 0)' }),
      expect.objectContaining({
        MetricStat: expect.objectContaining({
          Metric: expect.objectContaining({ Namespace: 'AWS/Personalize', MetricName: 'GetRecommendations' }),
          Period: 3600,
          Stat: 'Sum',
        }),
      }),
    ]),
  });
  const without = synthesize({ campaigns: 'ranking' }).template('operations');
  without.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'emotion-gallery-dev-idle-campaign-ranking',
    Metrics: Match.arrayWith([
      Match.objectLike({
        MetricStat: Match.objectLike({
          Metric: Match.objectLike({ MetricName: 'GetPersonalizedRankingRequests' }),
        }),
      }),
    ]),
  });
});

test('alarms go to a topic that takes them from this deployment only', () => {
  for (const { AlarmActions } of alarms) expect(AlarmActions).toHaveLength(1);
  quiet.hasResourceProperties('AWS::SNS::TopicPolicy', {
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

test('with a mail address alarms and costs are told, without one nobody is', () => {
  told.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'somebody@gallery.example',
  });
  told.hasResourceProperties('AWS::Budgets::Budget', {
    Budget: {
      BudgetLimit: { Amount: 20, Unit: 'USD' },
      CostFilters: { Service: ['Amazon Personalize'] },
      TimeUnit: 'MONTHLY',
    },
  });
  quiet.resourceCountIs('AWS::SNS::Subscription', 0);
  quiet.resourceCountIs('AWS::Budgets::Budget', 0);
});

test('the dashboard shows the alarms and the way of a like', () => {
  const [dashboard] = Object.values(quiet.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  for (const title of [
    'Alarms',
    'Requests',
    'Duration of like (ms)',
    'Likes waiting for Amazon Personalize',
  ]) {
    expect(body).toContain(title);
  }
});
