// Names that resources of real stacks have, as people have published them.
import { nameGenerator } from '../../../src/cloudformation/names';
import type { StackRecord } from '../../../src/cloudformation/stack';

const nameOf = (stack: string, logicalId: string, longest: number) =>
  nameGenerator({ id: 'id', name: stack } as StackRecord, logicalId, 0)(longest);

test.each([
  [
    'cuts the stack to what the logical id leaves',
    'buildkite-elasticstack-nano-AutoscalingStack',
    'ExecutionRole',
    'buildkite-elasticstack-nano-Autoscal-ExecutionRole-',
  ],
  [
    'cuts the logical id to what the stack leaves',
    'InfraStack',
    'CustomVpcRestrictDefaultSGCustomResourceProviderRole26592FE0',
    'InfraStack-CustomVpcRestrictDefaultSGCustomResour',
  ],
  [
    'cuts both where both are long',
    'mylongerapp-playground-new',
    'InstancesLifecycleHandlerTopic',
    'mylongerapp-playground-n',
  ],
  [
    'cuts nothing that fits',
    'eksctl-udacity-devops-capstone-cluster',
    'ServiceRole',
    'eksctl-udacity-devops-capstone-cluster-ServiceRole-',
  ],
])('CloudFormation %s', (_what, stack, logicalId, start) => {
  const name = nameOf(stack, logicalId, 64);
  expect(name.slice(0, start.length)).toBe(start);
  expect(name.length).toBeLessThanOrEqual(64);
});
