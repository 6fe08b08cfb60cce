// AWS::SSM::Parameter.

import {
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  pick,
  type ResourceProvider,
} from '../../cloudformation/provider';

async function putParameter(
  Name: string,
  properties: Properties,
  context: ProviderContext,
  Overwrite: boolean,
) {
  await context.call('ssm', 'PutParameter', {
    ...pick(properties, 'Value', 'Type', 'Description', 'AllowedPattern', 'Tier', 'DataType'),
    Name,
    Overwrite,
  });
  return { physicalId: Name, attributes: { Value: properties.Value, Type: properties.Type } };
}

export const parameter: ResourceProvider = {
  properties: ['Name', 'Type', 'Value', 'Description', 'AllowedPattern', 'Tier', 'DataType'],
  tags: {
    service: 'ssm',
    put: 'AddTagsToResource',
    remove: 'RemoveTagsFromResource',
    of: ({ physicalId }) => ({ ResourceType: 'Parameter', ResourceId: physicalId }),
  },
  create: (properties, context) =>
    putParameter(
      optionalString(properties, 'Name') ?? context.generateName(1011),
      properties,
      context,
      false,
    ),
  update: (name, properties, _previous, context) => putParameter(name, properties, context, true),
  lookUp: byName('Name', 1011, (Name, context) => context.call('ssm', 'GetParameter', { Name })),
  delete: (Name, _properties, context) => ignoreMissing(context.call('ssm', 'DeleteParameter', { Name })),
};
