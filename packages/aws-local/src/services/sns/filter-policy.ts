// Filter policies: which messages of a topic a subscription wants.
import { AwsError } from '../../service';
import { matchesPattern, requireValidPattern } from '../shared/event-pattern';
import type { MessageAttributes, Subscription } from './subscription';

const MOST_KEYS = 5;
const MOST_COMBINATIONS = 150;

const isNested = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Values of all keys, each counted as often as it is deep (developer guide, "Filter policy constraints"). */
function combinations(policy: Readonly<Record<string, unknown>>, depth = 1): number {
  return Object.entries(policy).reduce((product, [name, value]) => {
    if (name === '$or' && Array.isArray(value)) {
      return product * value.filter(isNested).reduce((sum, one) => sum + combinations(one, depth), 0);
    }
    return product * (isNested(value) ? combinations(value, depth + 1) : [value].flat().length * depth);
  }, 1);
}

/** @throws InvalidParameter for a policy that is none, and for what a policy of its scope cannot have */
export function requireFilter({ FilterPolicy, FilterPolicyScope }: Subscription['attributes']): void {
  const invalid = (reason: string) => new AwsError('InvalidParameter', `Invalid parameter: ${reason}`);
  if (FilterPolicyScope && !['MessageAttributes', 'MessageBody'].includes(FilterPolicyScope)) {
    const values = 'Please use either MessageBody or MessageAttributes';
    throw invalid(`FilterPolicyScope: Invalid value [${FilterPolicyScope}]. ${values}`);
  }
  if (!FilterPolicy) return;
  let policy: unknown;
  try {
    policy = JSON.parse(FilterPolicy);
    const plain = isNested(policy) && Object.entries(policy).find(([, value]) => typeof value !== 'object');
    if (plain) throw new Error(`"${plain[0]}" must be an object or an array`);
    requireValidPattern(policy);
  } catch (error) {
    throw invalid(`FilterPolicy: ${(error as Error).message}`);
  }
  const keys = isNested(policy) ? policy : {};
  if (FilterPolicyScope !== 'MessageBody' && Object.values(keys).some(isNested))
    throw invalid('Filter policy scope MessageAttributes does not support nested filter policy');
  if (Object.keys(keys).length > MOST_KEYS)
    throw invalid(`FilterPolicy: Filter policy can not have more than ${MOST_KEYS} keys`);
  if (combinations(keys) > MOST_COMBINATIONS) throw invalid('FilterPolicy: Filter policy is too complex');
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
