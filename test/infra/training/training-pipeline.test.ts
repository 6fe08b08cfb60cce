// The definition of the training pipeline: valid, in JSONata, with every failure told and every wait bounded.

import validate from 'asl-validator';
import { App, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import jsonata from 'jsonata';
import { context } from '../../../cdk.json';
import { Alarms } from '../../../lib/constructs/alarms';
import { GalleryTable } from '../../../lib/constructs/gallery-table';
import { FileSchedules } from '../../../lib/training/file-schedules';
import { TrainingPipeline } from '../../../lib/training/training-pipeline';

interface AslState {
  readonly Type: string;
  readonly Resource?: string;
  readonly Seconds?: string;
  readonly Arguments?: unknown;
  readonly Assign?: Readonly<Record<string, unknown>>;
  readonly Catch?: readonly {
    readonly ErrorEquals: readonly string[];
    readonly Assign?: AslState['Assign'];
  }[];
  readonly Retry?: readonly unknown[];
  readonly Branches?: readonly { readonly States: Record<string, AslState> }[];
  readonly ItemProcessor?: { readonly States: Record<string, AslState> };
}

/** A template value with its references filled in by anything that reads as a string. */
function literal(value: unknown): string {
  if (typeof value === 'string') return value;
  const join = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
  if (join) return join[1].map(literal).join(join[0]);
  return (value as { Ref?: string }).Ref === 'AWS::Partition' ? 'aws' : 'reference';
}

function allStates(states: Record<string, AslState>): [string, AslState][] {
  return Object.entries(states).flatMap(([name, state]) => [
    [name, state] as [string, AslState],
    ...(state.Branches ?? []).flatMap((branch) => allStates(branch.States)),
    ...(state.ItemProcessor ? allStates(state.ItemProcessor.States) : []),
  ]);
}

let template: Template;
let definition: { readonly QueryLanguage: string; readonly States: Record<string, AslState> };

beforeAll(() => {
  const stack = new Stack(new App({ context }), 'stack', {
    env: { account: '123456789012', region: 'us-east-1' },
  });
  const removalPolicy = RemovalPolicy.DESTROY;
  new TrainingPipeline(stack, 'Pipeline', {
    stateMachineName: 'training',
    datasetGroup: {
      name: 'gallery',
      arn: 'arn:aws:personalize:us-east-1:123456789012:dataset-group/gallery',
    },
    planFunction: LambdaFunction.fromFunctionAttributes(stack, 'Plan', {
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:plan',
      sameEnvironment: true,
    }),
    runs: new GalleryTable(stack, 'Runs', {
      partitionKey: 'datasetGroup',
      sortKey: 'run',
      removalPolicy,
      deletionProtection: false,
    }),
    bucket: new Bucket(stack, 'Bucket'),
    schedules: new FileSchedules(stack, 'Schedules', {
      groupName: 'gallery',
      missed: new Queue(stack, 'Missed'),
    }),
    serviceRole: new Role(stack, 'ServiceRole', {
      assumedBy: new ServicePrincipal('personalize.amazonaws.com'),
    }),
    topic: new Topic(stack, 'Topic'),
    bus: EventBus.fromEventBusName(stack, 'Bus', 'default'),
    alarms: new Alarms(stack, 'Alarms', { prefix: 'gallery' }),
    logRetentionDays: RetentionDays.ONE_DAY,
    removalPolicy,
  });
  template = Template.fromStack(stack);
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  definition = JSON.parse(literal(machine?.Properties.DefinitionString));
});

test('the definition is valid and in JSONata throughout', () => {
  expect(validate(definition)).toMatchObject({ isValid: true });
  expect(definition.QueryLanguage).toBe('JSONata');
});

test('every task ends its step with a told failure', () => {
  const unguarded = allStates(definition.States)
    .filter(([, state]) => state.Type === 'Task')
    .filter(([, state]) => !state.Catch?.some(({ ErrorEquals }) => ErrorEquals.includes('States.ALL')));
  expect(unguarded.map(([name]) => name)).toEqual([]);
});

test('every call of Amazon Personalize is retried when it is throttled', () => {
  const calls = allStates(definition.States).filter(([, { Resource }]) =>
    Resource?.includes('aws-sdk:personalize'),
  );
  expect(calls.length).toBeGreaterThan(20);
  for (const [, { Retry }] of calls) {
    expect(JSON.stringify(Retry)).toContain('Personalize.ThrottlingException');
  }
});

test('only the planning function runs as a function, so that none waits', () => {
  const functions = allStates(definition.States).filter(([, { Resource }]) => Resource?.includes('lambda'));
  expect(functions.map(([name]) => name)).toEqual(['plan: read the configuration']);
});

test('every wait has a deadline beside it', () => {
  const names = new Set(allStates(definition.States).map(([name]) => name));
  const waits = [...names].filter((name) => name.endsWith(' pauses'));
  expect(waits.length).toBeGreaterThan(5);
  for (const wait of waits) expect(names).toContain(wait.replace(/ pauses$/, ' took too long'));
});

test('a training of a day is looked at so seldom that several fit into the history of an execution', async () => {
  const pauses = allStates(definition.States).filter(
    ([name, { Type }]) => Type === 'Wait' && /version/.test(name),
  );
  expect(pauses).toHaveLength(1);
  const [, { Seconds }] = pauses[0] as [string, { Seconds: string }];
  const seconds = jsonata(Seconds.replace(/^\{%|%\}$/g, ''));
  let looks = 0;
  for (let waited = 0; waited < 24 * 3_600_000; looks += 1) {
    waited += 1000 * Number(await seconds.evaluate({}, { millis: () => waited, versionSince: 0 }));
  }
  const [eventsOfALook, historyLimit] = [9, 25_000];
  expect(looks * eventsOfALook).toBeLessThan(historyLimit / 15);
  // The first ones come quickly.
  expect(await seconds.evaluate({}, { millis: () => 120_000, versionSince: 0 })).toBe(60);
});

test('no inner graph assigns a variable of an outer one: Step Functions refuses that', () => {
  const assignedIn = (states: Record<string, AslState>) =>
    Object.values(states).flatMap(({ Assign, Catch = [] }) =>
      [Assign, ...Catch.map((catcher) => catcher.Assign)].flatMap((assign) => Object.keys(assign ?? {})),
    );
  const clashes = (states: Record<string, AslState>, outer: ReadonlySet<string>): string[] => {
    const own = assignedIn(states);
    const visible = new Set([...outer, ...own]);
    const inner = Object.values(states).flatMap(({ Branches = [], ItemProcessor }) =>
      [...Branches, ...(ItemProcessor ? [ItemProcessor] : [])].flatMap((graph) =>
        clashes(graph.States, visible),
      ),
    );
    return [...own.filter((name) => outer.has(name)), ...inner];
  };
  expect(clashes(definition.States, new Set())).toEqual([]);
});

test('the role may pass one role to Amazon Personalize and one to EventBridge Scheduler, and nothing else', () => {
  const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties.PolicyDocument.Statement as Record<string, unknown>[],
  );
  const passes = statements.filter(({ Action }) => Action === 'iam:PassRole');
  const passing = (role: RegExp, service: string) => ({
    Action: 'iam:PassRole',
    Effect: 'Allow',
    Resource: { 'Fn::GetAtt': [expect.stringMatching(role), 'Arn'] },
    Condition: { StringEquals: { 'iam:PassedToService': service } },
  });
  expect(passes).toHaveLength(2);
  expect(passes).toEqual(
    expect.arrayContaining([
      passing(/^SchedulesRole/, 'scheduler.amazonaws.com'),
      passing(/^ServiceRole/, 'personalize.amazonaws.com'),
    ]),
  );
});

test('schedules are made and deleted in the group of the deployment alone, and start only this pipeline', () => {
  const roles = Object.entries(template.findResources('AWS::IAM::Role'));
  const [, role] = roles.find(([id]) => id.startsWith('SchedulesRole')) ?? [];
  const group = { 'Fn::GetAtt': [expect.stringMatching(/^Schedules/), 'Arn'] };
  expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
    {
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012', 'aws:SourceArn': group } },
      Effect: 'Allow',
      Principal: { Service: 'scheduler.amazonaws.com' },
    },
  ]);
  const policies = Object.entries(template.findResources('AWS::IAM::Policy'));
  const statementsOf = (prefix: string) =>
    policies
      .filter(([id]) => id.startsWith(prefix))
      .flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement as Record<string, unknown>[]);
  expect(statementsOf('SchedulesRole').map(({ Action, Resource }) => [Action, Resource])).toEqual([
    ['sqs:SendMessage', { 'Fn::GetAtt': [expect.stringMatching(/^Missed/), 'Arn'] }],
    ['states:StartExecution', { Ref: expect.stringMatching(/^Pipeline/) }],
  ]);
  const changes = statementsOf('Pipeline').filter(({ Action }) =>
    /scheduler:(create|delete)/.test(String(Action)),
  );
  expect(changes.map(({ Resource }) => literal(Resource))).toEqual(
    Array(changes.length).fill('arn:aws:scheduler:us-east-1:123456789012:schedule/gallery/*'),
  );
  expect(changes.length).toBeGreaterThan(0);
});
