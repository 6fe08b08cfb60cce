// The Training stack: what starts the pipeline, what it is told, and the order of its teardown.

import validate from 'asl-validator';
import { Match } from 'aws-cdk-lib/assertions';
import { functionNamed } from './permissions';
import { synthesize } from './synthesize';

const synthesized = synthesize({
  campaigns: 'none',
  gateRatioToServed: '0.9',
  trainingSchedule: 'rate(3 days)',
});
const training = synthesized.template('training');
const personalize = synthesized.template('personalize');
const datasetGroup = {
  'Fn::ImportValue': Match.stringLikeRegexp('^emotion-gallery-dev-personalize:.*DatasetGroup'),
};

/** A definition with its references filled in by anything that reads as a string. */
function definitionOf(logicalIdPart: string, template = training) {
  const machines = Object.entries(template.findResources('AWS::StepFunctions::StateMachine'));
  const [, machine] = machines.find(([id]) => id.includes(logicalIdPart)) ?? [];
  if (!machine) throw new Error(`there is no state machine ${logicalIdPart}`);
  const [separator, parts]: [string, unknown[]] = machine.Properties.DefinitionString['Fn::Join'];
  const filledIn = parts.map((part) => (typeof part === 'string' ? part : 'aws')).join(separator);
  return JSON.parse(filledIn);
}

test('the pipeline starts when this gallery reaches its minimum', () => {
  training.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['emotion-gallery'],
      'detail-type': ['MinimumReached'],
      detail: { datasetGroupArn: [datasetGroup] },
    },
    Targets: [
      Match.objectLike({ Input: '{"reason":"minimum-reached"}', DeadLetterConfig: Match.anyValue() }),
    ],
  });
});

test('the pipeline starts when a configuration file is uploaded or deleted, and is told which', () => {
  training.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.s3'],
      'detail-type': ['Object Created', 'Object Deleted'],
      detail: { object: { key: [{ prefix: 'personalize/config/' }] } },
    },
    Targets: [
      Match.objectLike({
        InputTransformer: {
          InputPathsMap: { 'detail-object-key': '$.detail.object.key' },
          InputTemplate: '{"reason":"configuration","configurationKey":<detail-object-key>}',
        },
      }),
    ],
  });
});

test('the schedule is that of the settings, and asks first whether anything was trained', () => {
  training.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(3 days)',
    State: 'ENABLED',
  });
  const retraining = definitionOf('Retraining');
  expect(validate(retraining)).toMatchObject({ isValid: true });
  expect(retraining.States['is there a solution?']).toMatchObject({
    Resource: 'arn:aws:states:::aws-sdk:personalize:describeSolution',
    Catch: [{ ErrorEquals: ['Personalize.ResourceNotFoundException'], Next: 'nothing was trained yet' }],
    Next: 'start the pipeline',
  });
  // A retry of every error would wait before it looks into the catch.
  expect(retraining.States['is there a solution?'].Retry[0].ErrorEquals).not.toContain('States.ALL');
  expect(retraining.States['start the pipeline'].Arguments.Input).toBe('{"reason":"schedule"}');
});

const served = synthesize({ campaigns: 'personal,ranking' }).template('training');

test('the schedules of files live in a group of the deployment, which goes with the stack', () => {
  training.hasResource('AWS::Scheduler::ScheduleGroup', {
    Properties: { Name: 'emotion-gallery-dev' },
    DeletionPolicy: 'Delete',
  });
});

test('each hour it is looked which of the campaigns that stay up are up', () => {
  served.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'cron(30 * * * ? *)',
    FlexibleTimeWindow: { Mode: 'OFF' },
  });
  const look = definitionOf('IdleCampaigns', served);
  expect(validate(look)).toMatchObject({ isValid: true });
  expect(look.States['each campaign'].Items).toEqual([
    expect.stringMatching(/:campaign\/.*-personal$/),
    expect.stringMatching(/:campaign\/.*-ranking$/),
  ]);
  served.hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        {
          Action: 'cloudwatch:PutMetricData',
          Condition: { StringEquals: { 'cloudwatch:namespace': 'EmotionGallery' } },
          Effect: 'Allow',
          Resource: '*',
        },
      ]),
    },
  });
});

test('nothing is looked at when no campaign stays up', () => {
  const machines = Object.keys(training.findResources('AWS::StepFunctions::StateMachine'));
  expect(machines.filter((id) => id.startsWith('IdleCampaigns'))).toEqual([]);
});

test('the settings reach the function that plans', () => {
  expect(functionNamed(training, 'plan').Properties.Environment.Variables).toMatchObject({
    CAMPAIGNS: 'none',
    GATE_METRIC: 'normalized_discounted_cumulative_gain_at_25',
    GATE_RATIO_TO_BASELINE: '1',
    GATE_RATIO_TO_SERVED: '0.9',
    GATE_STANDARD_ERRORS: '1.645',
  });
});

test('the pipeline is made after the teardown of what it trains, and so deleted before it', () => {
  const [teardown] = Object.keys(training.findResources('Custom::PersonalizeTeardown'));
  const machines = Object.entries(training.findResources('AWS::StepFunctions::StateMachine'));
  const [, pipeline] = machines.find(([id]) => id.startsWith('Pipeline')) ?? [];
  expect(pipeline?.DependsOn).toContain(teardown);
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
