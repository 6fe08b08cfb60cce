// Findings of cdk-nag that we accept on the state machines and on the CDK's framework for slow custom resources.
import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Provider } from 'aws-cdk-lib/custom-resources';
import type { IConstruct } from 'constructs';
import { acknowledge, pseudoParameterInFinding } from '../constructs/acknowledge';
import type { FileSchedules } from './file-schedules';

/** How the permission to call any version of the function appears in a finding's id. */
function anyVersion(scope: IConstruct, target: IFunction): string {
  const { 'Fn::GetAtt': arn } = Stack.of(scope).resolve(target.functionArn) as {
    'Fn::GetAtt': [string, string];
  };
  return `AwsSolutions-IAM5[Resource::<${arn.join('.')}>:*]`;
}

/** Kinds of resources whose names a configuration file chooses, so that the pipeline may touch all of them. */
const chosenByConfiguration = [
  ...['schema', 'dataset-group', 'dataset', 'dataset-import-job', 'event-tracker', 'filter', 'solution'],
  ...['campaign', 'recommender', 'batch-inference-job', 'batch-segment-job'],
];

export function acknowledgePipeline(
  machine: StateMachine,
  planFunction: IFunction,
  schedules: FileSchedules,
): void {
  const stack = Stack.of(machine);
  const [partition, region, account] = [stack.partition, stack.region, stack.account].map((value) =>
    pseudoParameterInFinding(stack, value),
  );
  const inAccount = (service: string, resource: string) =>
    `AwsSolutions-IAM5[Resource::arn:${partition}:${service}:${region}:${account}:${resource}]`;
  acknowledge(machine, {
    'AwsSolutions-SF1':
      'Polling would fill the log; every failure is logged, and the run is recorded step by step.',
    'AwsSolutions-IAM5[Resource::*]': 'X-Ray, log delivery and lists know no resources.',
    [inAccount('scheduler', `schedule/${schedules.groupName}/*`)]:
      'The schedules of configuration files, in a group that has no others.',
    [anyVersion(machine, planFunction)]: 'The CDK grants the versions of a function along with it.',
    [inAccount('states', 'execution:*')]:
      'The lock may be held by any earlier execution, whose name is its own.',
    ...Object.fromEntries(
      chosenByConfiguration.map((kind) => [
        inAccount('personalize', `${kind}/*`),
        'Configuration files choose the names of what they make.',
      ]),
    ),
  });
}

export function acknowledgeProviderFramework(provider: Provider, handlers: readonly IFunction[]): void {
  const reason = "The CDK's framework decides this about its own functions and state machine.";
  const framework = provider.node.findAll().flatMap((child) => (isFunction(child) ? [child] : []));
  acknowledge(provider, {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
      reason,
    'AwsSolutions-L1': reason,
    'AwsSolutions-SF1': reason,
    'AwsSolutions-SF2': reason,
    ...Object.fromEntries(
      [...handlers, ...framework].map((target) => [anyVersion(provider, target), reason]),
    ),
  });
}

function isFunction(construct: IConstruct): construct is IFunction {
  return construct.node.id.startsWith('framework-') && 'functionArn' in construct;
}
