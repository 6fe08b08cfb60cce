// AWS::Events::EventBus and AWS::Events::Rule.

import {
  answered,
  byName,
  documentText,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
  requiredString,
} from '../../cloudformation/provider';

const targetsOf = (properties: Properties) =>
  (properties.Targets ?? []) as readonly { readonly Id: string }[];

async function putRule(
  name: string,
  properties: Properties,
  context: ProviderContext,
): Promise<ProvisionedResource> {
  const EventBusName = optionalString(properties, 'EventBusName');
  const pattern = properties.EventPattern;
  const output = await context.call('events', 'PutRule', {
    ...pick(properties, 'Description', 'ScheduleExpression', 'State', 'RoleArn', 'EventBusName'),
    Name: name,
    ...(pattern === undefined ? {} : { EventPattern: documentText(pattern) }),
  });
  const Targets = targetsOf(properties);
  if (Targets.length > 0) {
    const result = await context.call('events', 'PutTargets', { Rule: name, EventBusName, Targets });
    if (Number(result.FailedEntryCount ?? 0) > 0) {
      throw new Error(`targets could not be put: ${JSON.stringify(result.FailedEntries)}`);
    }
  }
  return {
    physicalId: ruleId(name, properties),
    attributes: { Arn: answered(output, 'RuleArn') },
  };
}

function ruleId(name: string, properties: Properties): string {
  const bus = optionalString(properties, 'EventBusName') ?? 'default';
  return bus === 'default' ? name : `${bus}|${name}`;
}

const ruleName = (physicalId: string) => physicalId.slice(physicalId.indexOf('|') + 1);

async function removeTargets(
  name: string,
  ids: readonly string[],
  properties: Properties,
  context: ProviderContext,
) {
  if (ids.length === 0) return;
  const EventBusName = optionalString(properties, 'EventBusName');
  await context.call('events', 'RemoveTargets', { Rule: name, EventBusName, Ids: ids });
}

export const eventBus: ResourceProvider = {
  properties: ['Name'],
  async create(properties, context) {
    const Name = requiredString(properties, 'Name');
    const { EventBusArn: Arn } = await context.call('events', 'CreateEventBus', { Name });
    return { physicalId: Name, attributes: { Name, Arn } };
  },
  lookUp: byName('Name', 256, (Name, context) => context.call('events', 'DescribeEventBus', { Name })),
  delete: (Name, _properties, context) => ignoreMissing(context.call('events', 'DeleteEventBus', { Name })),
};

export const rule: ResourceProvider = {
  properties: [
    'Name',
    'Description',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'RoleArn',
    'Targets',
  ],
  tags: {
    service: 'events',
    put: 'TagResource',
    remove: 'UntagResource',
    of: ({ attributes }) => ({ ResourceARN: attributes.Arn }),
  },
  create: (properties, context) =>
    putRule(optionalString(properties, 'Name') ?? context.generateName(64), properties, context),
  async update(physicalId, properties, previous, context) {
    const kept = targetsOf(properties).map(({ Id }) => Id);
    const gone = targetsOf(previous).filter(({ Id }) => !kept.includes(Id));
    const name = ruleName(physicalId);
    await removeTargets(
      name,
      gone.map(({ Id }) => Id),
      previous,
      context,
    );
    return putRule(name, properties, context);
  },
  lookUp: byName(
    'Name',
    64,
    (Name, context, properties) =>
      context.call('events', 'DescribeRule', { Name, ...pick(properties, 'EventBusName') }),
    (name, _output, properties) => ruleId(name, properties),
  ),
  mustBeNew: true,
  async delete(physicalId, properties, context) {
    const name = ruleName(physicalId);
    const ids = targetsOf(properties).map(({ Id }) => Id);
    await ignoreMissing(removeTargets(name, ids, properties, context));
    const EventBusName = optionalString(properties, 'EventBusName');
    await ignoreMissing(context.call('events', 'DeleteRule', { Name: name, EventBusName }));
  },
};
