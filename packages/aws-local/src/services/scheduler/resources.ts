// AWS::Scheduler::Schedule and AWS::Scheduler::ScheduleGroup.

import {
  answered,
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  pick,
  type ResourceProvider,
} from '../../cloudformation/provider';
import type { Shape } from '../../service';

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
  properties: ['Name'],
  tags: {
    service: 'scheduler',
    put: 'TagResource',
    remove: 'UntagResource',
    of: ({ attributes }) => ({ ResourceArn: attributes.Arn }),
  },
  async create(properties, context) {
    const Name = optionalString(properties, 'Name') ?? context.generateName(64);
    const output = await context.call('scheduler', 'CreateScheduleGroup', { Name });
    return { physicalId: Name, attributes: { Arn: answered(output, 'ScheduleGroupArn') } };
  },
  lookUp: byName('Name', 64, (Name, context) => context.call('scheduler', 'GetScheduleGroup', { Name })),
  delete: (Name, _properties, context) =>
    ignoreMissing(context.call('scheduler', 'DeleteScheduleGroup', { Name })),
};
