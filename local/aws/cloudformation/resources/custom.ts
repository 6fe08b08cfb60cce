// Custom resources: CloudFormation invokes the function, the function puts its answer to a presigned URL.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
import { randomUUID } from 'node:crypto';
import type { Shape } from '../../service';
import {
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
  requiredString,
} from '../provider';

const DEFAULT_TIMEOUT_SECONDS = 3600;

/** CloudFormation hands numbers and booleans to the function as strings. */
function stringified(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(stringified);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, stringified(inner)]));
  }
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}

async function request(
  requestType: 'Create' | 'Update' | 'Delete',
  properties: Properties,
  context: ProviderContext,
  rest: Shape,
): Promise<ProvisionedResource> {
  const serviceToken = requiredString(properties, 'ServiceToken');
  if (!serviceToken.includes(':lambda:')) {
    throw new Error(`only functions can serve custom resources on localhost, got ${serviceToken}`);
  }
  const timeoutMs = Number(properties.ServiceTimeout ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  const { url, answer } = await context.customResourceResponse(timeoutMs);
  const event = {
    RequestType: requestType,
    ServiceToken: serviceToken,
    ResponseURL: url,
    StackId: context.stackId,
    RequestId: randomUUID(),
    LogicalResourceId: context.logicalId,
    ResourceType: context.type,
    ResourceProperties: stringified(properties),
    ...rest,
  };
  await context.call('lambda', 'Invoke', {
    FunctionName: serviceToken,
    InvocationType: 'Event',
    Payload: Buffer.from(JSON.stringify(event)),
  });
  const response = await answer;
  if (response.Status !== 'SUCCESS') {
    throw new Error(
      `Received response status [${response.Status}] from custom resource. Message returned: ${response.Reason ?? 'none'}`,
    );
  }
  const physicalId = String(response.PhysicalResourceId ?? rest.PhysicalResourceId ?? '');
  if (physicalId === '') throw new Error('the custom resource answered without a PhysicalResourceId');
  return { physicalId, attributes: (response.Data ?? {}) as Record<string, unknown> };
}

export const customResource: ResourceProvider = {
  properties: ['*'],
  create: (properties, context) => request('Create', properties, context, {}),
  update: (physicalId, properties, previous, context) =>
    request('Update', properties, context, {
      PhysicalResourceId: physicalId,
      OldResourceProperties: stringified(previous),
    }),
  async delete(physicalId, properties, context) {
    await request('Delete', properties, context, { PhysicalResourceId: physicalId });
  },
};
