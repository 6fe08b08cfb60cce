// AWS::StepFunctions::StateMachine.

import {
  answered,
  documentText,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  type ResourceProvider,
  requiredString,
  unlessMissing,
} from '../../cloudformation/provider';
import type { Shape } from '../../service';

interface S3Location {
  readonly Bucket: string;
  readonly Key: string;
}

async function readDefinition(properties: Properties, context: ProviderContext): Promise<string> {
  const { Definition, DefinitionS3Location: location } = properties;
  let text = optionalString(properties, 'DefinitionString');
  if (Definition !== undefined) text = documentText(Definition);
  if (location !== undefined) {
    const { Bucket, Key } = location as S3Location;
    const { Body } = await context.call('s3', 'GetObject', { Bucket, Key });
    text = await textOf(Body);
  }
  if (text === undefined) throw new Error('a state machine needs a definition');
  const substitutions = (properties.DefinitionSubstitutions ?? {}) as Readonly<Record<string, unknown>>;
  return text.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) =>
    name in substitutions ? String(substitutions[name]) : whole,
  );
}

async function textOf(body: unknown): Promise<string> {
  if (Buffer.isBuffer(body)) return body.toString('utf8');
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);

/** The API's members are in camel case at every level. */
function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [lowerFirst(name), camelCase(inner)]),
  );
}

async function input(properties: Properties, context: ProviderContext): Promise<Shape> {
  return {
    definition: await readDefinition(properties, context),
    roleArn: requiredString(properties, 'RoleArn'),
    loggingConfiguration: camelCase(properties.LoggingConfiguration),
    tracingConfiguration: camelCase(properties.TracingConfiguration),
  };
}

function values(arn: string): ProvisionedResource {
  return { physicalId: arn, attributes: { Arn: arn, Name: arn.slice(arn.lastIndexOf(':') + 1) } };
}

export const stateMachine: ResourceProvider = {
  properties: [
    'StateMachineName',
    'StateMachineType',
    'Definition',
    'DefinitionString',
    'DefinitionS3Location',
    'DefinitionSubstitutions',
    'RoleArn',
    'LoggingConfiguration',
    'TracingConfiguration',
  ],
  tags: {
    service: 'states',
    put: 'TagResource',
    remove: 'UntagResource',
    of: ({ physicalId }) => ({ resourceArn: physicalId }),
    tags: (tags) => ({ tags: tags.map(({ Key, Value }) => ({ key: Key, value: Value })) }),
    keys: (tagKeys) => ({ tagKeys }),
  },
  async create(properties, context) {
    const name = optionalString(properties, 'StateMachineName') ?? context.generateName(80);
    const type = optionalString(properties, 'StateMachineType') ?? 'STANDARD';
    const made = await context.call('states', 'CreateStateMachine', {
      name,
      type,
      ...(await input(properties, context)),
    });
    return values(answered(made, 'stateMachineArn'));
  },
  async update(stateMachineArn, properties, _previous, context) {
    await context.call('states', 'UpdateStateMachine', {
      stateMachineArn,
      ...(await input(properties, context)),
    });
    return values(stateMachineArn);
  },
  async lookUp(properties, context) {
    const name = optionalString(properties, 'StateMachineName') ?? context.generateName(80);
    const stateMachineArn = `arn:aws:states:${context.region}:${context.accountId}:stateMachine:${name}`;
    const found = await unlessMissing(context.call('states', 'DescribeStateMachine', { stateMachineArn }));
    return found && stateMachineArn;
  },
  delete: (stateMachineArn, _properties, context) =>
    ignoreMissing(context.call('states', 'DeleteStateMachine', { stateMachineArn })),
};
