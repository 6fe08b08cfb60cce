// AWS::SQS::Queue and AWS::SQS::QueuePolicy.

import { asAttributes, policyOn } from '../../cloudformation/attribute-policies';
import {
  answered,
  byName,
  ignoreMissing,
  optionalString,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
  reset,
} from '../../cloudformation/provider';
import { asMap } from '../../cloudformation/tags';
import { DEFAULTS } from './settings';

const QUEUE_ATTRIBUTES = [
  'VisibilityTimeout',
  'MessageRetentionPeriod',
  'DelaySeconds',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'SqsManagedSseEnabled',
  'FifoQueue',
  'ContentBasedDeduplication',
];

function queueValues(url: string, { region, accountId }: ProviderContext): ProvisionedResource {
  const name = url.slice(url.lastIndexOf('/') + 1);
  const Arn = `arn:aws:sqs:${region}:${accountId}:${name}`;
  return { physicalId: url, attributes: { Arn, QueueName: name, QueueUrl: url } };
}

export const queue: ResourceProvider = {
  properties: ['QueueName', ...QUEUE_ATTRIBUTES],
  tags: {
    service: 'sqs',
    put: 'TagQueue',
    remove: 'UntagQueue',
    of: ({ physicalId }) => ({ QueueUrl: physicalId }),
    tags: (tags) => ({ Tags: asMap(tags) }),
  },
  async create(properties, context) {
    const QueueName = optionalString(properties, 'QueueName') ?? context.generateName(80);
    const Attributes = asAttributes(pick(properties, ...QUEUE_ATTRIBUTES));
    const output = await context.call('sqs', 'CreateQueue', { QueueName, Attributes });
    return queueValues(answered(output, 'QueueUrl'), context);
  },
  async update(QueueUrl, properties, previous, context) {
    const changeable = QUEUE_ATTRIBUTES.filter((name) => name !== 'FifoQueue');
    const Attributes = asAttributes({
      ...reset(properties, previous, { ...DEFAULTS, RedrivePolicy: '', RedriveAllowPolicy: '' }),
      ...pick(properties, ...changeable),
    });
    await context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes });
    return queueValues(QueueUrl, context);
  },
  lookUp: byName(
    'QueueName',
    80,
    (QueueName, context) => context.call('sqs', 'GetQueueUrl', { QueueName }),
    (_name, output) => answered(output, 'QueueUrl'),
  ),
  mustBeNew: true,
  delete: (QueueUrl, _properties, context) => ignoreMissing(context.call('sqs', 'DeleteQueue', { QueueUrl })),
};

export const queuePolicy = policyOn('Queues', (QueueUrl, Policy, context) =>
  context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } }),
);
