// AWS::Events::Rule, AWS::Scheduler::Schedule and AWS::Scheduler::ScheduleGroup.
import type { Shape } from '../../service';
import {
  answered,
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
} from '../provider';

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
    ...pick(properties, 'Description', 'ScheduleExpression', 'State', 'RoleArn', 'EventBusName', 'Tags'),
    Name: name,
    ...(pattern === undefined
      ? {}
      : { EventPattern: typeof pattern === 'string' ? pattern : JSON.stringify(pattern) }),
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

export const rule: ResourceProvider = {
  properties: [
    'Name',
    'Description',
    'EventBusName',
    'EventPattern',
    'ScheduleExpression',
    'State',
    'RoleArn',
    'Tags',
    'Targets',
  ],
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

const scheduleInput = (Name: string, properties: Properties): Shape => {
  const { StartDate, EndDate, ...input } = properties;
  return {
    ...input,
    Name,
    ...(StartDate === undefined ? {} : { StartDate: new Date(String(StartDate)) }),
    ...(EndDate === undefined ? {} : { EndDate: new Date(String(EndDate)) }),
  };
};

export const schedule: ResourceProvider = {
  properties: [
    'Name',
    'GroupName',
    'Description',
    'ScheduleExpression',
    'ScheduleExpressionTimezone',
    'StartDate',
    'EndDate',
    'FlexibleTimeWindow',
    'State',
    'Target',
  ],
  async create(properties, context) {
    const name = optionalString(properties, 'Name') ?? context.generateName(64);
    const output = await context.call('scheduler', 'CreateSchedule', scheduleInput(name, properties));
    return { physicalId: name, attributes: { Arn: answered(output, 'ScheduleArn') } };
  },
  async update(name, properties, _previous, context) {
    const output = await context.call('scheduler', 'UpdateSchedule', scheduleInput(name, properties));
    return { physicalId: name, attributes: { Arn: answered(output, 'ScheduleArn') } };
  },
  lookUp: byName('Name', 64, (Name, context, properties) =>
    context.call('scheduler', 'GetSchedule', { Name, ...pick(properties, 'GroupName') }),
  ),
  delete: (Name, properties, context) =>
    ignoreMissing(context.call('scheduler', 'DeleteSchedule', { Name, ...pick(properties, 'GroupName') })),
};

export const scheduleGroup: ResourceProvider = {
  properties: ['Name', 'Tags'],
  async create(properties, context) {
    const Name = optionalString(properties, 'Name') ?? context.generateName(64);
    const output = await context.call('scheduler', 'CreateScheduleGroup', { Name });
    return { physicalId: Name, attributes: { Arn: answered(output, 'ScheduleGroupArn') } };
  },
  lookUp: byName('Name', 64, (Name, context) => context.call('scheduler', 'GetScheduleGroup', { Name })),
  delete: (Name, _properties, context) =>
    ignoreMissing(context.call('scheduler', 'DeleteScheduleGroup', { Name })),
};
