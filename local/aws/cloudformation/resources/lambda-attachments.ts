// What belongs to a function: layer versions, permissions, event source mappings, asynchronous invocation, versions and aliases.
import { randomUUID } from 'node:crypto';
import {
  answered,
  ignoreMissing,
  optionalString,
  type Properties,
  pick,
  type ResourceProvider,
  requiredString,
} from '../provider';

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
  find: async (_properties, context) => context.generateName(100),
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

export const eventSourceMapping: ResourceProvider = {
  properties: ['EventSourceArn', 'Tags', ...MAPPING],
  async create(properties, context) {
    const made = await context.call('lambda', 'CreateEventSourceMapping', {
      ...pick(properties, 'EventSourceArn', ...MAPPING),
    });
    const UUID = answered(made, 'UUID');
    return { physicalId: UUID, attributes: { Id: UUID } };
  },
  async update(UUID, properties, _previous, context) {
    await context.call('lambda', 'UpdateEventSourceMapping', { UUID, ...pick(properties, ...MAPPING) });
    return { physicalId: UUID, attributes: { Id: UUID } };
  },
  // A function has one mapping for a queue at most.
  async find(properties, context) {
    const input = pick(properties, 'FunctionName', 'EventSourceArn');
    const { EventSourceMappings } = await context.call('lambda', 'ListEventSourceMappings', input);
    return (EventSourceMappings as readonly { UUID: string }[])[0]?.UUID;
  },
  delete: (UUID, _properties, context) =>
    ignoreMissing(context.call('lambda', 'DeleteEventSourceMapping', { UUID })),
};

const INVOKE_CONFIG = ['MaximumEventAgeInSeconds', 'MaximumRetryAttempts', 'DestinationConfig'];

export const eventInvokeConfig: ResourceProvider = {
  properties: ['FunctionName', 'Qualifier', ...INVOKE_CONFIG],
  async create(properties, context) {
    await context.call('lambda', 'PutFunctionEventInvokeConfig', { ...properties });
    return { physicalId: randomUUID(), attributes: {} };
  },
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

export const version: ResourceProvider = {
  properties: ['FunctionName', 'Description', 'CodeSha256'],
  async create(properties, context) {
    const made = await context.call('lambda', 'PublishVersion', { ...properties });
    const Version = answered(made, 'Version');
    const arn = answered(made, 'FunctionArn');
    return { physicalId: arn, attributes: { Version, FunctionArn: arn } };
  },
  async delete(arn, properties, context) {
    const Qualifier = arn.slice(arn.lastIndexOf(':') + 1);
    const FunctionName = requiredString(properties, 'FunctionName');
    await ignoreMissing(context.call('lambda', 'DeleteFunction', { FunctionName, Qualifier }));
  },
};

const aliasInput = (properties: Properties) =>
  pick(properties, 'FunctionName', 'FunctionVersion', 'Name', 'Description');

export const alias: ResourceProvider = {
  properties: ['FunctionName', 'FunctionVersion', 'Name', 'Description'],
  async create(properties, context) {
    const arn = answered(await context.call('lambda', 'CreateAlias', aliasInput(properties)), 'AliasArn');
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },
  async update(arn, properties, _previous, context) {
    await context.call('lambda', 'UpdateAlias', aliasInput(properties));
    return { physicalId: arn, attributes: { AliasArn: arn } };
  },
  delete: (_arn, properties, context) =>
    ignoreMissing(context.call('lambda', 'DeleteAlias', pick(properties, 'FunctionName', 'Name'))),
};
