// AWS::SSM::Parameter.

import {
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  pick,
  type ResourceProvider,
  unlessMissing,
} from '../../cloudformation/provider';

/** CloudFormation begins the names that it gives to parameters otherwise than other names. */
const nameOf = (properties: Properties, context: ProviderContext): string =>
  optionalString(properties, 'Name') ??
  `CFN-${context.generateName(1011).slice(context.stackName.length + 1)}`;

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
  create: (properties, context) => putParameter(nameOf(properties, context), properties, context, false),
  update: (name, properties, _previous, context) => putParameter(name, properties, context, true),
  async lookUp(properties, context) {
    const Name = nameOf(properties, context);
    return (await unlessMissing(context.call('ssm', 'GetParameter', { Name }))) && Name;
  },
  delete: (Name, _properties, context) => ignoreMissing(context.call('ssm', 'DeleteParameter', { Name })),
};
