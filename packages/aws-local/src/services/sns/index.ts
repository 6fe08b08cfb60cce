// Amazon SNS on localhost: topics, their subscriptions, and what is published.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { z } from 'zod';
import { AwsError, type AwsService, type ServiceContext, type Shape } from '../../service';
import { type Caller, type Operations, operation, TAG_LIST } from '../shared/operations';
import { queryList, queryService } from '../shared/query-protocol';
import { tagList, tagMap, withoutKeys } from '../shared/tags';
import { Deliveries } from './deliveries';
import { passes, requireFilter } from './filter-policy';
import { describeSubscription, MESSAGE_ATTRIBUTES, type Subscription, type Topic } from './subscription';
import { defaultPolicy } from './topic-policy';

export type SnsService = AwsService;

const NAMESPACE = 'http://sns.amazonaws.com/doc/2010-03-31/';
/** Members of answers whose keys are data. */
const MAPS: ReadonlySet<string> = new Set(['Attributes']);
const SETTINGS = z.record(z.string(), z.string()).default({});
const OF_TOPIC = z.object({ TopicArn: z.string() });

export async function createSns(context: ServiceContext): Promise<SnsService> {
  const topics = context.store.map<Topic>('sns/topics');
  const subscriptions = context.store.map<Subscription>('sns/subscriptions');
  mkdirSync(context.stateDir, { recursive: true });

  const policyOf = (arn: string): string =>
    topics.get(arn)?.attributes.Policy || defaultPolicy(arn, context.accountId);
  const authorize = (caller: Caller, action: string, resource: string) => {
    const policy = topics.has(resource) ? policyOf(resource) : undefined;
    context.authorize({
      principal: caller.principal,
      action: `sns:${action}`,
      resource,
      context: caller.conditions,
      resourcePolicy: policy ? (JSON.parse(policy) as unknown) : undefined,
    });
  };

  const deliveries = new Deliveries(context, (arn) => subscriptions.get(arn));

  /** @throws NotFound */
  function known(arn: string): Topic {
    const topic = topics.get(arn);
    if (!topic) throw new AwsError('NotFound', 'Topic does not exist', 404);
    return topic;
  }

  function knownSubscription(arn: string): Subscription {
    const subscription = subscriptions.get(arn);
    if (!subscription) throw new AwsError('NotFound', 'Subscription does not exist', 404);
    return subscription;
  }

  const ofTopic = (arn: string) =>
    [...subscriptions.values()].filter((subscription) => subscription.topicArn === arn);
  const listed = (subscription: Subscription): Shape => ({
    SubscriptionArn: subscription.arn,
    TopicArn: subscription.topicArn,
    Protocol: subscription.protocol,
    Endpoint: subscription.endpoint,
    Owner: context.accountId,
  });

  const operations: Operations = {
    CreateTopic: operation(
      z.object({
        Name: z.string().regex(/^[\w-]{1,256}$/, 'FIFO topics are not supported on localhost'),
        Attributes: SETTINGS,
        Tags: TAG_LIST.default([]),
      }),
      (input, caller) => {
        const TopicArn = `arn:aws:sns:${context.region}:${context.accountId}:${input.Name}`;
        authorize(caller, 'CreateTopic', TopicArn);
        if (!topics.has(TopicArn)) {
          const tags = tagMap(input.Tags);
          topics.put(TopicArn, { arn: TopicArn, name: input.Name, attributes: input.Attributes, tags });
        }
        return { TopicArn };
      },
    ),
    DeleteTopic: operation(OF_TOPIC, (input, caller) => {
      authorize(caller, 'DeleteTopic', input.TopicArn);
      for (const subscription of ofTopic(input.TopicArn)) subscriptions.delete(subscription.arn);
      topics.delete(input.TopicArn);
    }),
    ListTopics: operation(z.object({}), (_input, caller) => {
      authorize(caller, 'ListTopics', '*');
      return { Topics: [...topics.keys()].map((TopicArn) => ({ TopicArn })) };
    }),
    GetTopicAttributes: operation(OF_TOPIC, (input, caller) => {
      authorize(caller, 'GetTopicAttributes', input.TopicArn);
      const topic = known(input.TopicArn);
      const confirmed = String(ofTopic(topic.arn).length);
      return {
        Attributes: {
          DisplayName: '',
          ...topic.attributes,
          Policy: policyOf(topic.arn),
          TopicArn: topic.arn,
          Owner: context.accountId,
          SubscriptionsConfirmed: confirmed,
          SubscriptionsPending: '0',
          SubscriptionsDeleted: '0',
        },
      };
    }),
    SetTopicAttributes: operation(
      OF_TOPIC.extend({ AttributeName: z.string(), AttributeValue: z.string().default('') }),
      (input, caller) => {
        authorize(caller, 'SetTopicAttributes', input.TopicArn);
        const topic = known(input.TopicArn);
        topics.put(topic.arn, {
          ...topic,
          attributes: { ...topic.attributes, [input.AttributeName]: input.AttributeValue },
        });
      },
    ),
    Subscribe: operation(
      OF_TOPIC.extend({
        Protocol: z.enum(
          ['sqs', 'lambda', 'email', 'email-json'],
          'only sqs, lambda and email are supported on localhost',
        ),
        Endpoint: z.string(),
        Attributes: SETTINGS,
        // The ARN is always returned: who subscribes here need not confirm.
        ReturnSubscriptionArn: z.union([z.boolean(), z.enum(['true', 'false'])]).optional(),
      }),
      (input, caller) => {
        authorize(caller, 'Subscribe', input.TopicArn);
        const topic = known(input.TopicArn);
        requireFilter(input.Attributes);
        const existing = ofTopic(topic.arn).find(
          (one) => one.protocol === input.Protocol && one.endpoint === input.Endpoint,
        );
        const arn = existing?.arn ?? `${topic.arn}:${randomUUID()}`;
        const attributes = input.Attributes;
        subscriptions.put(arn, {
          arn,
          topicArn: topic.arn,
          protocol: input.Protocol,
          endpoint: input.Endpoint,
          principal: caller.principal.arn,
          attributes,
        });
        return { SubscriptionArn: arn };
      },
    ),
    Unsubscribe: operation(z.object({ SubscriptionArn: z.string() }), (input, caller) => {
      authorize(caller, 'Unsubscribe', input.SubscriptionArn.split(':').slice(0, 6).join(':'));
      subscriptions.delete(input.SubscriptionArn);
    }),
    SetSubscriptionAttributes: operation(
      z.object({
        SubscriptionArn: z.string(),
        AttributeName: z.string(),
        AttributeValue: z.string().default(''),
      }),
      (input, caller) => {
        const subscription = knownSubscription(input.SubscriptionArn);
        authorize(caller, 'SetSubscriptionAttributes', subscription.topicArn);
        const { [input.AttributeName]: _before, ...others } = subscription.attributes;
        // An empty value takes an attribute back.
        const set = input.AttributeValue === '' ? {} : { [input.AttributeName]: input.AttributeValue };
        const attributes = { ...others, ...set };
        requireFilter(attributes);
        subscriptions.put(subscription.arn, { ...subscription, attributes });
      },
    ),
    GetSubscriptionAttributes: operation(z.object({ SubscriptionArn: z.string() }), (input, caller) => {
      const subscription = knownSubscription(input.SubscriptionArn);
      authorize(caller, 'GetSubscriptionAttributes', subscription.topicArn);
      return {
        Attributes: describeSubscription(subscription, listed(subscription)),
      };
    }),
    ListSubscriptions: operation(z.object({}), (_input, caller) => {
      authorize(caller, 'ListSubscriptions', '*');
      return { Subscriptions: [...subscriptions.values()].map(listed) };
    }),
    ListSubscriptionsByTopic: operation(OF_TOPIC, (input, caller) => {
      authorize(caller, 'ListSubscriptionsByTopic', input.TopicArn);
      return { Subscriptions: ofTopic(known(input.TopicArn).arn).map(listed) };
    }),
    Publish: operation(
      z.object({
        TopicArn: z.string(),
        Message: z.string().min(1).max(262_144),
        Subject: z.string().max(100).optional(),
        MessageAttributes: MESSAGE_ATTRIBUTES,
      }),
      (input, caller) => {
        authorize(caller, 'Publish', input.TopicArn);
        const topic = known(input.TopicArn);
        const messageId = randomUUID();
        for (const subscription of ofTopic(topic.arn)) {
          if (!passes(subscription, input.Message, input.MessageAttributes)) continue;
          deliveries.add({
            subscriptionArn: subscription.arn,
            messageId,
            subject: input.Subject,
            message: input.Message,
            attributes: input.MessageAttributes,
          });
        }
        return { MessageId: messageId };
      },
    ),
    TagResource: operation(z.object({ ResourceArn: z.string(), Tags: TAG_LIST }), (input, caller) => {
      authorize(caller, 'TagResource', input.ResourceArn);
      const topic = known(input.ResourceArn);
      topics.put(topic.arn, { ...topic, tags: { ...topic.tags, ...tagMap(input.Tags) } });
    }),
    UntagResource: operation(
      z.object({ ResourceArn: z.string(), TagKeys: queryList(z.array(z.string())) }),
      (input, caller) => {
        authorize(caller, 'UntagResource', input.ResourceArn);
        const topic = known(input.ResourceArn);
        topics.put(topic.arn, { ...topic, tags: withoutKeys(topic.tags, input.TagKeys) });
      },
    ),
    ListTagsForResource: operation(z.object({ ResourceArn: z.string() }), (input, caller) => {
      authorize(caller, 'ListTagsForResource', input.ResourceArn);
      return { Tags: tagList(known(input.ResourceArn).tags) };
    }),
  };

  return queryService({
    id: 'sns',
    namespace: NAMESPACE,
    invalidInput: 'InvalidParameter',
    maps: MAPS,
    operations,
    start: () => deliveries.start(),
    close: async () => {
      await deliveries.close();
    },
  });
}
