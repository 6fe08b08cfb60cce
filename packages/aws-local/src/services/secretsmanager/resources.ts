// AWS::SecretsManager::Secret.

import {
  answered,
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  pick,
  type ResourceProvider,
} from '../../cloudformation/provider';
import type { Shape } from '../../service';

interface Generation {
  readonly SecretStringTemplate?: string;
  readonly GenerateStringKey?: string;
}

/** The secret's value as given, or made as GenerateSecretString asks. */
async function secretValue(properties: Properties, context: ProviderContext): Promise<string> {
  const given = optionalString(properties, 'SecretString');
  if (given !== undefined) return given;
  const { SecretStringTemplate, GenerateStringKey, ...rules } = (properties.GenerateSecretString ??
    {}) as Generation;
  const output = await context.call('secretsmanager', 'GetRandomPassword', { ...rules });
  const password = answered(output, 'RandomPassword');
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return password;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: password });
}

export const secret: ResourceProvider = {
  properties: ['Name', 'Description', 'SecretString', 'GenerateSecretString'],
  tags: {
    service: 'secretsmanager',
    put: 'TagResource',
    remove: 'UntagResource',
    of: ({ physicalId }) => ({ SecretId: physicalId }),
  },
  async create(properties, context) {
    const Name = optionalString(properties, 'Name') ?? context.generateName(256);
    const SecretString = await secretValue(properties, context);
    const input: Shape = { Name, SecretString, ...pick(properties, 'Description') };
    const arn = answered(await context.call('secretsmanager', 'CreateSecret', input), 'ARN');
    return { physicalId: arn, attributes: { Id: arn } };
  },
  // A changed GenerateSecretString makes a new value, as on AWS; a changed description does not.
  async update(SecretId, properties, previous, context) {
    const changesValue =
      properties.SecretString !== previous.SecretString ||
      JSON.stringify(properties.GenerateSecretString) !== JSON.stringify(previous.GenerateSecretString);
    const value = changesValue ? { SecretString: await secretValue(properties, context) } : {};
    await context.call('secretsmanager', 'UpdateSecret', {
      SecretId,
      ...pick(properties, 'Description'),
      ...value,
    });
    return { physicalId: SecretId, attributes: { Id: SecretId } };
  },
  lookUp: byName(
    'Name',
    256,
    (SecretId, context) => context.call('secretsmanager', 'DescribeSecret', { SecretId }),
    (_name, output) => answered(output, 'ARN'),
  ),
  delete: (SecretId, _properties, context) =>
    ignoreMissing(
      context.call('secretsmanager', 'DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true }),
    ),
};
