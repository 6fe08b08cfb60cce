// Findings of cdk-nag that we accept on the training pipeline.
import { Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { acknowledge, acknowledgeWildcards } from '../constructs/acknowledge';
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
  acknowledge(machine, {
    'AwsSolutions-SF1':
      'Polling would fill the log; every failure is logged, and the run is recorded step by step.',
  });
  const stack = Stack.of(machine);
  const arn = (service: string, resource: string) => stack.formatArn({ service, resource });
  acknowledgeWildcards(machine, 'X-Ray, log delivery and lists know no resources.', ['*']);
  acknowledgeWildcards(machine, 'The schedules of configuration files, in a group that has no others.', [
    arn('scheduler', `schedule/${schedules.groupName}/*`),
  ]);
  acknowledgeWildcards(machine, 'The CDK grants the versions of a function along with it.', [
    `${planFunction.functionArn}:*`,
  ]);
  acknowledgeWildcards(machine, 'The lock may be held by any earlier execution, whose name is its own.', [
    arn('states', 'execution:*'),
  ]);
  acknowledgeWildcards(
    machine,
    'Configuration files choose the names of what they make.',
    chosenByConfiguration.map((kind) => arn('personalize', `${kind}/*`)),
  );
}
