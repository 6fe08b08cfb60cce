// Filter policies: which messages of a topic a subscription wants.
import { AwsError } from '../../service';
import { matchesPattern, requireValidPattern } from '../shared/event-pattern';
import type { MessageAttributes, Subscription } from './subscription';

/** @throws InvalidParameter */
export function requireFilter(policy: string | undefined): void {
  if (!policy) return;
  try {
    requireValidPattern(JSON.parse(policy));
  } catch (error) {
    throw new AwsError('InvalidParameter', `Invalid parameter: FilterPolicy: ${(error as Error).message}`);
  }
}

/** Does a subscription's filter let a message through? It looks at the attributes, or at the message itself. */
export function passes(subscription: Subscription, message: string, attributes: MessageAttributes): boolean {
  const { FilterPolicy, FilterPolicyScope } = subscription.attributes;
  if (!FilterPolicy) return true;
  const pattern: unknown = JSON.parse(FilterPolicy);
  requireValidPattern(pattern);
  if (FilterPolicyScope === 'MessageBody') {
    try {
      return matchesPattern(pattern, JSON.parse(message));
    } catch {
      // A message that is no JSON fits no filter on its content.
      return false;
    }
  }
  const values = Object.entries(attributes).map(
    ([name, { DataType, StringValue = '' }]): [string, unknown] => [
      name,
      DataType.startsWith('Number')
        ? Number(StringValue)
        : DataType === 'String.Array'
          ? (JSON.parse(StringValue) as unknown)
          : StringValue,
    ],
  );
  return matchesPattern(pattern, Object.fromEntries(values));
}
