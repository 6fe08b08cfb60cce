// The Training stack: the small machine, what makes it run, what it may do, and the order of its teardown.
import validate from 'asl-validator';
import { Match } from 'aws-cdk-lib/assertions';
import { allowedTo, functionNamed } from './permissions';
import { synthesize } from './synthesize';

const synthesized = synthesize({
  campaigns: 'none',
  gateRatioToServed: '0.9',
  trainingSchedule: 'rate(3 days)',
});
const training = synthesized.template('training');
const personalize = synthesized.template('personalize');

/** The definition with its references filled in by anything that reads as a string. */
function definition() {
  const machines = Object.values(training.findResources('AWS::StepFunctions::StateMachine'));
  const parts = machines.map(
    ({ Properties }) => Properties.DefinitionString['Fn::Join'] as [string, unknown[]],
  );
  const [[separator, texts] = ['', []], ...more] = parts;
  expect(more).toEqual([]);
  return JSON.parse(texts.map((part) => (typeof part === 'string' ? part : 'aws')).join(separator));
}

test('one small machine ticks: valid, in JSONata, of at most sixty states, and its phases are to be seen', () => {
  const { States, QueryLanguage } = definition();
  expect(validate(definition())).toMatchObject({ isValid: true });
  expect(QueryLanguage).toBe('JSONata');
  expect(Object.keys(States).length).toBeLessThanOrEqual(60);
  expect(Object.keys(States)).toEqual(expect.arrayContaining(['import', 'train', 'serve', 'batch']));
  // No function waits: the machine does.
  const tasks = Object.values(States as Record<string, { Type: string }>).filter(
    ({ Type }) => Type === 'Task',
  );
  expect(tasks).toHaveLength(1);
});

test('the machine looks each minute, and sooner when likes, files or data came, or an execution ended badly', () => {
  const rules = Object.values(training.findResources('AWS::Events::Rule')).map(
    ({ Properties }) => Properties,
  );
  const patterns = rules.flatMap(({ EventPattern }) =>
    EventPattern ? [EventPattern['detail-type'][0]] : [],
  );
  expect(patterns.sort()).toEqual([
    'MinimumReached',
    'Object Created',
    'Step Functions Execution Status Change',
  ]);
  expect(rules.map(({ ScheduleExpression }) => ScheduleExpression)).toContain('rate(1 minute)');
  for (const { Targets } of rules) expect(Targets[0].DeadLetterConfig).toBeDefined();
  training.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: Match.objectLike({
      'detail-type': ['Step Functions Execution Status Change'],
      detail: Match.objectLike({ status: ['FAILED', 'TIMED_OUT', 'ABORTED'] }),
    }),
  });
});

test('an idle campaign rings whether the settings serve it or not', () => {
  for (const name of ['personal', 'similar', 'ranking']) {
    training.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: `emotion-gallery-dev-idle-campaign-${name}-alarm`,
      EvaluationPeriods: 24,
    });
  }
});

test('the settings reach the controller', () => {
  expect(functionNamed(training, 'controller').Properties.Environment.Variables).toMatchObject({
    CAMPAIGNS: 'none',
    TRAINING_SCHEDULE: 'rate(3 days)',
    MINIMUM_USERS: '25',
    MINIMUM_INTERACTIONS: '1000',
    GATE_METRIC: 'normalized_discounted_cumulative_gain_at_25',
    GATE_RATIO_TO_BASELINE: '1',
    GATE_RATIO_TO_SERVED: '0.9',
    GATE_STANDARD_ERRORS: '1.645',
  });
});

test('the controller may pass one role to Amazon Personalize, write its own metrics and events, and nothing else beside', () => {
  const policies = JSON.stringify(training.findResources('AWS::IAM::Policy'));
  expect(policies).not.toContain('"personalize:*"');
  training.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: 'iam:PassRole',
          Condition: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
        }),
        Match.objectLike({
          Action: 'events:PutEvents',
          Condition: {
            StringEquals: {
              'events:source': 'emotion-gallery',
              'events:detail-type': ['PipelineSucceeded', 'PipelineFailed'],
            },
          },
        }),
        Match.objectLike({
          Action: 'cloudwatch:PutMetricData',
          Condition: { StringEquals: { 'cloudwatch:namespace': 'EmotionGallery' } },
        }),
      ]),
    },
  });
});

test('the machine is made after the teardown of what it trains, and so deleted before it', () => {
  const [teardown] = Object.keys(training.findResources('Custom::PersonalizeTeardown'));
  const [machine] = Object.values(training.findResources('AWS::StepFunctions::StateMachine'));
  expect(machine?.DependsOn).toContain(teardown);
});

test('what the event tracker left behind goes after the datasets and before their group', () => {
  const [[teardownId, teardown] = []] = Object.entries(
    personalize.findResources('Custom::PersonalizeTeardown'),
  );
  expect(teardown?.Properties).toMatchObject({
    scope: 'datasets',
    datasetGroupArn: { 'Fn::GetAtt': ['DatasetGroup', 'DatasetGroupArn'] },
  });
  for (const { DependsOn } of Object.values(personalize.findResources('AWS::Personalize::Dataset'))) {
    expect(DependsOn).toEqual([teardownId]);
  }
});

test('people are told of trainings when a mail address is set', () => {
  training.resourceCountIs('AWS::SNS::Subscription', 0);
  synthesize({ notificationMail: 'somebody@gallery.example' })
    .template('training')
    .hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'somebody@gallery.example',
    });
});

const LISTED = {
  rolesForFiles: 'arn:aws:iam::111122223333:role/films,arn:aws:iam::111122223333:role/shop',
  keysForFiles: 'arn:aws:kms:eu-west-1:111122223333:key/k',
};

test('roles that files may name are passed to Amazon Personalize alone, and keys are used by its own role alone', () => {
  const listed = synthesize({ ...LISTED, campaigns: 'none' });
  const passing = allowedTo(listed.template('training'), 'controller').filter(({ actions }) =>
    actions.includes('iam:PassRole'),
  );
  expect(passing).toEqual([
    {
      actions: ['iam:PassRole'],
      resources: [...LISTED.rolesForFiles.split(','), 'ServiceRole'],
      condition: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
    },
  ]);
  const roles = Object.entries(listed.template('personalize').findResources('AWS::IAM::Role'));
  const usingKeys = roles.filter(([, { Properties }]) => JSON.stringify(Properties).includes('kms:'));
  expect(usingKeys).toEqual([[expect.stringMatching(/^ServiceRole/), expect.anything()]]);
  expect(usingKeys[0]?.[1].Properties.Policies.at(-1).PolicyDocument.Statement).toEqual([
    {
      ...{ Sid: 'UseKeysForFiles', Effect: 'Allow', Resource: LISTED.keysForFiles },
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey', 'kms:ListGrants'],
    },
  ]);
  for (const stack of ['personalize', 'training'] as const) {
    expect(JSON.stringify(synthesized.template(stack).toJSON())).not.toContain('kms:');
  }
});
