// Custom resources: CloudFormation invokes the function, the function puts its answer to a presigned URL.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
import type { Shape } from '../../service';
import {
  CreationFailed,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
  reasonOf,
  requiredString,
} from '../provider';

const DEFAULT_TIMEOUT_SECONDS = 3600;

/** How long the answer of a function that was at work when the process died is waited for. */
const RECOVERY_PATIENCE_MS = 60_000;

const timeoutOf = ({ ServiceTimeout = DEFAULT_TIMEOUT_SECONDS }: Properties) => Number(ServiceTimeout) * 1000;

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
  const { url, answer, cancel } = await context.customResourceResponse(timeoutOf(properties));
  const event = {
    RequestType: requestType,
    ServiceToken: serviceToken,
    ResponseURL: url,
    StackId: context.stackId,
    RequestId: context.token,
    LogicalResourceId: context.logicalId,
    ResourceType: context.type,
    ResourceProperties: stringified(properties),
    ...rest,
  };
  const response = await ask(serviceToken, event, answer, context).catch((error: unknown) => {
    cancel();
    // Of what was never answered nothing is known to be left.
    throw new CreationFailed(reasonOf(error), undefined);
  });
  const physicalId = String(response.PhysicalResourceId ?? rest.PhysicalResourceId ?? '');
  if (response.Status !== 'SUCCESS') {
    // What failed is deleted as well: the function gets to clean up what it had begun.
    throw new CreationFailed(
      `Received response status [${response.Status}] from custom resource. Message returned: ${response.Reason ?? 'none'}`,
      physicalId || undefined,
    );
  }
  if (physicalId === '') throw new Error('the custom resource answered without a PhysicalResourceId');
  return { physicalId, attributes: (response.Data ?? {}) as Record<string, unknown> };
}

async function ask(
  FunctionName: string,
  event: object,
  answer: Promise<Shape>,
  context: ProviderContext,
): Promise<Shape> {
  const Payload = Buffer.from(JSON.stringify(event));
  await context.call('lambda', 'Invoke', { FunctionName, InvocationType: 'Event', Payload });
  return answer;
}

export const customResource: ResourceProvider = {
  properties: ['*'],
  runsFunction: true,
  create: (properties, context) => request('Create', properties, context, {}),
  update: (physicalId, properties, previous, context) =>
    request('Update', properties, context, {
      PhysicalResourceId: physicalId,
      OldResourceProperties: stringified(previous),
    }),
  replacesItself: true,
  /** The function goes on where it was when the process died, and answers to the same place. */
  async recover(properties, context) {
    const { answer } = await context.customResourceResponse(
      Math.min(timeoutOf(properties), RECOVERY_PATIENCE_MS),
    );
    try {
      const { PhysicalResourceId } = await answer;
      return PhysicalResourceId === undefined ? undefined : String(PhysicalResourceId);
    } catch (error) {
      context.log(
        `${context.stackName}/${context.logicalId}: what it was making is not known: ${String(error)}`,
      );
      return undefined;
    }
  },
  async delete(physicalId, properties, context) {
    await request('Delete', properties, context, { PhysicalResourceId: physicalId });
  },
};
