// Findings of cdk-nag that we accept on the training pipeline.
import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { acknowledge, anyVersionInFinding, pseudoParameterInFinding } from '../constructs/acknowledge';
import type { FileSchedules } from './file-schedules';

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
    [anyVersionInFinding(machine, planFunction)]: 'The CDK grants the versions of a function along with it.',
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
