// Queues and topics: AWS::SQS::Queue, AWS::SQS::QueuePolicy, AWS::SNS::Topic, AWS::SNS::TopicPolicy, AWS::SNS::Subscription.
import type { Shape } from '../../service';
import {
  answered,
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
  requiredString,
  unlessMissing,
} from '../provider';

/** Attributes travel as strings; documents as JSON. */
function asAttributes(properties: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}

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

const tagMap = (properties: Properties, context: ProviderContext) =>
  Object.fromEntries(
    [...((properties.Tags ?? []) as { Key: string; Value: string }[]), ...context.tags].map(
      ({ Key, Value }) => [Key, Value],
    ),
  );

export const queue: ResourceProvider = {
  properties: ['QueueName', 'Tags', ...QUEUE_ATTRIBUTES],
  async create(properties, context) {
    const QueueName = optionalString(properties, 'QueueName') ?? context.generateName(80);
    const Attributes = asAttributes(pick(properties, ...QUEUE_ATTRIBUTES));
    const tags = tagMap(properties, context);
    const output = await context.call('sqs', 'CreateQueue', { QueueName, Attributes, tags });
    return queueValues(answered(output, 'QueueUrl'), context);
  },
  async update(QueueUrl, properties, _previous, context) {
    const Attributes = asAttributes(
      pick(properties, ...QUEUE_ATTRIBUTES.filter((name) => name !== 'FifoQueue')),
    );
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

/** A policy resource that is put on several queues or topics, and taken off those that are no longer named. */
function policyOn(
  property: string,
  put: (target: string, policy: string, context: ProviderContext) => Promise<Shape>,
): ResourceProvider {
  const targets = (properties: Properties) => (properties[property] ?? []) as readonly string[];
  const apply = async (properties: Properties, context: ProviderContext) => {
    const document = JSON.stringify(properties.PolicyDocument);
    for (const target of targets(properties)) await put(target, document, context);
  };
  const values = (physicalId: string) => ({ physicalId, attributes: { Id: physicalId } });
  return {
    properties: [property, 'PolicyDocument'],
    async create(properties, context) {
      await apply(properties, context);
      return values(context.generateName(80));
    },
    async update(physicalId, properties, previous, context) {
      await apply(properties, context);
      for (const target of targets(previous)) {
        if (!targets(properties).includes(target)) await ignoreMissing(put(target, '', context));
      }
      return values(physicalId);
    },
    recover: async (_properties, context) => context.generateName(80),
    async delete(_id, properties, context) {
      for (const target of targets(properties)) await ignoreMissing(put(target, '', context));
    },
  };
}

export const queuePolicy = policyOn('Queues', (QueueUrl, Policy, context) =>
  context.call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } }),
);

export const topicPolicy = policyOn('Topics', (TopicArn, AttributeValue, context) =>
  context.call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue }),
);

const topicArn = (name: string, { region, accountId }: ProviderContext) =>
  `arn:aws:sns:${region}:${accountId}:${name}`;

function topicValues(TopicArn: string): ProvisionedResource {
  const TopicName = TopicArn.slice(TopicArn.lastIndexOf(':') + 1);
  return { physicalId: TopicArn, attributes: { TopicArn, TopicName } };
}

export const topic: ResourceProvider = {
  properties: ['TopicName', 'DisplayName', 'Tags'],
  async create(properties, context) {
    const Name = optionalString(properties, 'TopicName') ?? context.generateName(256);
    const Attributes = asAttributes(pick(properties, 'DisplayName'));
    const Tags = [...((properties.Tags ?? []) as []), ...context.tags];
    const output = await context.call('sns', 'CreateTopic', { Name, Attributes, Tags });
    return topicValues(answered(output, 'TopicArn'));
  },
  async update(TopicArn, properties, _previous, context) {
    const AttributeValue = optionalString(properties, 'DisplayName') ?? '';
    await context.call('sns', 'SetTopicAttributes', {
      TopicArn,
      AttributeName: 'DisplayName',
      AttributeValue,
    });
    return topicValues(TopicArn);
  },
  lookUp: byName(
    'TopicName',
    256,
    (name, context) => context.call('sns', 'GetTopicAttributes', { TopicArn: topicArn(name, context) }),
    (_name, { Attributes }) => answered(Attributes as Shape, 'TopicArn'),
  ),
  mustBeNew: true,
  delete: (TopicArn, _properties, context) => ignoreMissing(context.call('sns', 'DeleteTopic', { TopicArn })),
};

const SUBSCRIPTION_ATTRIBUTES = ['FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery', 'RedrivePolicy'];

export const subscription: ResourceProvider = {
  properties: ['TopicArn', 'Protocol', 'Endpoint', 'Region', ...SUBSCRIPTION_ATTRIBUTES],
  async create(properties, context) {
    const output = await context.call('sns', 'Subscribe', {
      ...pick(properties, 'TopicArn', 'Protocol', 'Endpoint'),
      Attributes: asAttributes(pick(properties, ...SUBSCRIPTION_ATTRIBUTES)),
      ReturnSubscriptionArn: true,
    });
    const arn = answered(output, 'SubscriptionArn');
    return { physicalId: arn, attributes: { Arn: arn } };
  },
  async update(SubscriptionArn, properties, _previous, context) {
    requiredString(properties, 'TopicArn');
    for (const [AttributeName, AttributeValue] of Object.entries(
      asAttributes(pick(properties, ...SUBSCRIPTION_ATTRIBUTES)),
    )) {
      await context.call('sns', 'SetSubscriptionAttributes', {
        SubscriptionArn,
        AttributeName,
        AttributeValue,
      });
    }
    return { physicalId: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  // A topic has one subscription for a protocol and an endpoint at most.
  async lookUp(properties, context) {
    const input = pick(properties, 'TopicArn');
    const found = await unlessMissing(context.call('sns', 'ListSubscriptionsByTopic', input));
    const subscriptions = (found?.Subscriptions ?? []) as readonly Record<string, string>[];
    return subscriptions.find(
      ({ Protocol, Endpoint }) => Protocol === properties.Protocol && Endpoint === properties.Endpoint,
    )?.SubscriptionArn;
  },
  delete: (SubscriptionArn, _properties, context) =>
    ignoreMissing(context.call('sns', 'Unsubscribe', { SubscriptionArn })),
};
