// AWS::CloudWatch::Alarm and AWS::CloudWatch::Dashboard.

import {
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  pick,
  type ResourceProvider,
} from '../../cloudformation/provider';
import type { TagCalls } from '../../cloudformation/tags';
import type { Shape } from '../../service';

const tags: TagCalls = {
  service: 'monitoring',
  put: 'TagResource',
  remove: 'UntagResource',
  of: ({ attributes }) => ({ ResourceARN: attributes.Arn }),
};

/** Alarms are put whole, under their name, in the API's own shape. */
async function putAlarm(AlarmName: string, properties: Properties, context: ProviderContext) {
  await context.call('monitoring', 'PutMetricAlarm', { ...properties, AlarmName });
  const Arn = `arn:aws:cloudwatch:${context.region}:${context.accountId}:alarm:${AlarmName}`;
  return { physicalId: AlarmName, attributes: { Arn } };
}

const alarmName = (properties: Properties, context: ProviderContext) =>
  optionalString(properties, 'AlarmName') ?? context.generateName(255);

export const alarm: ResourceProvider = {
  properties: [
    'AlarmName',
    'AlarmDescription',
    'ActionsEnabled',
    'AlarmActions',
    'OKActions',
    'InsufficientDataActions',
    'MetricName',
    'Namespace',
    'Dimensions',
    'Statistic',
    'ExtendedStatistic',
    'Period',
    'Unit',
    'EvaluationPeriods',
    'DatapointsToAlarm',
    'Threshold',
    'ComparisonOperator',
    'TreatMissingData',
    'Metrics',
  ],
  tags,
  create: (properties, context) => putAlarm(alarmName(properties, context), properties, context),
  update: (name, properties, _previous, context) => putAlarm(name, properties, context),
  async lookUp(properties, context) {
    const name = alarmName(properties, context);
    const { MetricAlarms } = await context.call('monitoring', 'DescribeAlarms', { AlarmNames: [name] });
    return (MetricAlarms as readonly unknown[]).length > 0 ? name : undefined;
  },
  mustBeNew: true,
  delete: (name, _properties, context) =>
    ignoreMissing(context.call('monitoring', 'DeleteAlarms', { AlarmNames: [name] })),
};

async function putDashboard(DashboardName: string, properties: Properties, context: ProviderContext) {
  const input: Shape = { DashboardName, ...pick(properties, 'DashboardBody') };
  await context.call('monitoring', 'PutDashboard', input);
  const Arn = `arn:aws:cloudwatch::${context.accountId}:dashboard/${DashboardName}`;
  return { physicalId: DashboardName, attributes: { Arn } };
}

export const dashboard: ResourceProvider = {
  properties: ['DashboardName', 'DashboardBody'],
  tags,
  create: (properties, context) =>
    putDashboard(
      optionalString(properties, 'DashboardName') ?? context.generateName(255),
      properties,
      context,
    ),
  update: (name, properties, _previous, context) => putDashboard(name, properties, context),
  delete: (name, _properties, context) =>
    ignoreMissing(context.call('monitoring', 'DeleteDashboards', { DashboardNames: [name] })),
  lookUp: byName('DashboardName', 255, (DashboardName, context) =>
    context.call('monitoring', 'GetDashboard', { DashboardName }),
  ),
  mustBeNew: true,
};
