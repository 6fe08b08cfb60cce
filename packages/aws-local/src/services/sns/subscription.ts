// What is kept of a topic and a subscription, and the attributes that a message carries.
import { z } from 'zod';
import type { Shape } from '../../service';

export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** Who subscribed; absent where an older version made it. */
  readonly principal?: string;
  readonly attributes: Readonly<Record<string, string>>;
}

const ATTRIBUTE = z.object({ DataType: z.string(), StringValue: z.string().optional() });
export type MessageAttribute = z.output<typeof ATTRIBUTE>;
export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** The query protocol's maps have entries with other names than the usual. */
export const MESSAGE_ATTRIBUTES = z
  .union([z.record(z.string(), ATTRIBUTE), z.array(z.object({ Name: z.string(), Value: ATTRIBUTE }))])
  .default({})
  .transform((map) =>
    Array.isArray(map) ? Object.fromEntries(map.map(({ Name, Value }) => [Name, Value])) : map,
  );

/** Its attributes as the API tells them. The scope of a filter is told where there is one. */
export function describeSubscription({ attributes, principal }: Subscription, listed: Shape): Shape {
  const { FilterPolicy, FilterPolicyScope = 'MessageAttributes', ...others } = attributes;
  return {
    RawMessageDelivery: 'false',
    ...others,
    ...(FilterPolicy && { FilterPolicy, FilterPolicyScope }),
    ...listed,
    SubscriptionPrincipal: principal,
    ConfirmationWasAuthenticated: 'true',
    PendingConfirmation: 'false',
  };
}
