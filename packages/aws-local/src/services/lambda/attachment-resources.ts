// What belongs to a function: layer versions, permissions, event source mappings, asynchronous invocation.
import {
  answered,
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
import { asMap } from '../../cloudformation/tags';

export const layerVersion: ResourceProvider = {
  properties: [
    'LayerName',
    'Description',
    'Content',
    'CompatibleRuntimes',
    'CompatibleArchitectures',
    'LicenseInfo',
  ],
  async create(properties, context) {
    const LayerName = optionalString(properties, 'LayerName') ?? context.generateName(140);
    const made = await context.call('lambda', 'PublishLayerVersion', { ...properties, LayerName });
    const arn = answered(made, 'LayerVersionArn');
    return { physicalId: arn, attributes: { LayerVersionArn: arn } };
  },
  /** The newest version of the layer. */
  async lookUp(properties, context) {
    const LayerName = optionalString(properties, 'LayerName') ?? context.generateName(140);
    const { LayerVersions } = await context.call('lambda', 'ListLayerVersions', { LayerName });
    return (LayerVersions as readonly { LayerVersionArn: string }[])[0]?.LayerVersionArn;
  },
  async delete(arn, _properties, context) {
    const [LayerName = '', VersionNumber = ''] = arn.split(':').slice(-2);
    const input = { LayerName, VersionNumber: Number(VersionNumber) };
    await ignoreMissing(context.call('lambda', 'DeleteLayerVersion', input));
  },
};

export const permission: ResourceProvider = {
  properties: ['FunctionName', 'Action', 'Principal', 'SourceArn', 'SourceAccount'],
  async create(properties, context) {
    const StatementId = context.generateName(100);
    await context.call('lambda', 'AddPermission', { ...properties, StatementId });
    return { physicalId: StatementId, attributes: { Id: StatementId } };
  },
  recover: async (_properties, context) => context.generateName(100),
  delete: (StatementId, properties, context) =>
    ignoreMissing(
      context.call('lambda', 'RemovePermission', {
        FunctionName: requiredString(properties, 'FunctionName'),
        StatementId,
      }),
    ),
};

const MAPPING = [
  'BatchSize',
  'Enabled',
  'FilterCriteria',
  'FunctionName',
  'FunctionResponseTypes',
  'MaximumBatchingWindowInSeconds',
  'ScalingConfig',
];

const mappingArn = (Id: string, { region, accountId }: ProviderContext): string =>
  `arn:aws:lambda:${region}:${accountId}:event-source-mapping:${Id}`;

const mappingValues = (Id: string, context: ProviderContext): ProvisionedResource => ({
  physicalId: Id,
  attributes: { Id, EventSourceMappingArn: mappingArn(Id, context) },
});

export const eventSourceMapping: ResourceProvider = {
  properties: ['EventSourceArn', ...MAPPING],
  tags: {
    service: 'lambda',
    put: 'TagResource',
    remove: 'UntagResource',
    // Those of an earlier version of the emulator have no ARN among their attributes.
    of: ({ physicalId }, _properties, context) => ({ Resource: mappingArn(physicalId, context) }),
    tags: (tags) => ({ Tags: asMap(tags) }),
  },
  async create(properties, context) {
    const made = await context.call('lambda', 'CreateEventSourceMapping', {
      ...pick(properties, 'EventSourceArn', ...MAPPING),
    });
    return mappingValues(answered(made, 'UUID'), context);
  },
  async update(UUID, properties, previous, context) {
    const defaults = {
      ...{ BatchSize: 10, Enabled: true, FunctionResponseTypes: [] },
      ...{ MaximumBatchingWindowInSeconds: 0, ScalingConfig: {} },
    };
    await context.call('lambda', 'UpdateEventSourceMapping', {
      UUID,
      ...reset(properties, previous, defaults),
      ...pick(properties, ...MAPPING),
    });
    return mappingValues(UUID, context);
  },
  // A function has one mapping for a queue at most.
  async lookUp(properties, context) {
    const input = pick(properties, 'FunctionName', 'EventSourceArn');
    const found = await unlessMissing(context.call('lambda', 'ListEventSourceMappings', input));
    return ((found?.EventSourceMappings ?? []) as readonly { UUID: string }[])[0]?.UUID;
  },
  delete: (UUID, _properties, context) =>
    ignoreMissing(context.call('lambda', 'DeleteEventSourceMapping', { UUID })),
};

const INVOKE_CONFIG = ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'DestinationConfig'];

export const eventInvokeConfig: ResourceProvider = {
  properties: ['FunctionName', 'Qualifier', ...INVOKE_CONFIG],
  async create(properties, context) {
    await context.call('lambda', 'PutFunctionEventInvokeConfig', { ...properties });
    return { physicalId: context.generateName(100), attributes: {} };
  },
  recover: async (_properties, context) => context.generateName(100),
  async update(physicalId, properties, _previous, context) {
    await context.call('lambda', 'PutFunctionEventInvokeConfig', { ...properties });
    return { physicalId, attributes: {} };
  },
  delete: (_id, properties, context) =>
    ignoreMissing(
      context.call(
        'lambda',
        'DeleteFunctionEventInvokeConfig',
        pick(properties, 'FunctionName', 'Qualifier'),
      ),
    ),
};
