// Custom::S3BucketNotifications, which the CDK makes for `bucket.addEventNotification`. Its function is Python, which functions are
// not here; so it is done here instead, as the function's role, with the same rights and the same result.
import type { Shape } from '../../service';
import {
  ignoreMissing,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
  requiredString,
} from '../provider';
import { callerAsFunction } from './stand-in';

const NOTE = 'Done natively by the local AWS: the function of this provider is Python.';
const KINDS = ['TopicConfigurations', 'QueueConfigurations', 'LambdaFunctionConfigurations'] as const;

const listOf = (value: unknown) => (value ?? []) as readonly Shape[];
const isTrue = (value: unknown) => value === undefined || String(value) === 'true';

/** Of a bucket that other stacks tell of too (`Managed` false), the notifications that are not this stack's. */
async function others(properties: Properties, context: ProviderContext, call: Call): Promise<Shape> {
  if (isTrue(properties.Managed)) return {};
  const there = await call('GetBucketNotificationConfiguration', {
    Bucket: requiredString(properties, 'BucketName'),
  });
  const kept: Shape = { EventBridgeConfiguration: there.EventBridgeConfiguration };
  for (const kind of KINDS)
    kept[kind] = listOf(there[kind]).filter(({ Id }) => !String(Id).startsWith(`${context.stackId}-`));
  return kept;
}

type Call = (operation: string, input: Shape) => Promise<Shape>;

async function put(properties: Properties, context: ProviderContext, isGone: boolean): Promise<void> {
  const call: Call = await callerAsFunction(properties, context, 's3');
  const kept = await others(properties, context, call);
  const wanted = isGone ? {} : ((properties.NotificationConfiguration ?? {}) as Shape);
  const merged: Shape = {
    EventBridgeConfiguration: wanted.EventBridgeConfiguration ?? kept.EventBridgeConfiguration,
  };
  for (const kind of KINDS) {
    const own = listOf(wanted[kind]).map((one, index) => ({
      ...one,
      Id: one.Id ?? `${context.stackId}-${context.logicalId}-${kind}-${index}`,
    }));
    merged[kind] = [...listOf(kept[kind]), ...own];
  }
  await call('PutBucketNotificationConfiguration', {
    Bucket: requiredString(properties, 'BucketName'),
    NotificationConfiguration: merged,
    SkipDestinationValidation: String(properties.SkipDestinationValidation) === 'true',
  });
}

async function apply(properties: Properties, context: ProviderContext): Promise<ProvisionedResource> {
  await put(properties, context, false);
  return { physicalId: context.logicalId, attributes: {}, note: NOTE };
}

export const bucketNotifications: ResourceProvider = {
  properties: [
    'ServiceToken',
    'BucketName',
    'NotificationConfiguration',
    'Managed',
    'SkipDestinationValidation',
  ],
  create: apply,
  recover: async (_properties, { logicalId }) => logicalId,
  update: (_id, properties, _previous, context) => apply(properties, context),
  delete: (_id, properties, context) => ignoreMissing(put(properties, context, true)),
};
