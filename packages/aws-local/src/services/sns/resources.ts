// AWS::SNS::Topic, AWS::SNS::TopicPolicy and AWS::SNS::Subscription.

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
  requiredString,
  reset,
  unlessMissing,
} from '../../cloudformation/provider';
import type { Shape } from '../../service';

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
  properties: ['TopicName', 'DisplayName'],
  tags: {
    service: 'sns',
    put: 'TagResource',
    remove: 'UntagResource',
    of: ({ physicalId }) => ({ ResourceArn: physicalId }),
  },
  async create(properties, context) {
    const Name = optionalString(properties, 'TopicName') ?? context.generateName(256);
    const Attributes = asAttributes(pick(properties, 'DisplayName'));
    const output = await context.call('sns', 'CreateTopic', { Name, Attributes });
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
  async update(SubscriptionArn, properties, previous, context) {
    const none = Object.fromEntries(SUBSCRIPTION_ATTRIBUTES.map((name) => [name, '']));
    requiredString(properties, 'TopicArn');
    for (const [AttributeName, AttributeValue] of Object.entries(
      asAttributes({
        ...reset(properties, previous, none),
        ...pick(properties, ...SUBSCRIPTION_ATTRIBUTES),
      }),
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
