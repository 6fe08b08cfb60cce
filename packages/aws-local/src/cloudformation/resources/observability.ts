// Log groups and metric filters, alarms and dashboards.
import type { Shape } from '../../service';
import {
  byName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
} from '../provider';

function groupValues(name: string, { region, accountId }: ProviderContext): ProvisionedResource {
  return { physicalId: name, attributes: { Arn: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*` } };
}

async function putRetention(
  logGroupName: string,
  properties: Properties,
  context: ProviderContext,
): Promise<void> {
  const { RetentionInDays } = properties;
  if (RetentionInDays === undefined) await context.call('logs', 'DeleteRetentionPolicy', { logGroupName });
  else {
    const retentionInDays = Number(RetentionInDays);
    await context.call('logs', 'PutRetentionPolicy', { logGroupName, retentionInDays });
  }
}

export const logGroup: ResourceProvider = {
  properties: ['LogGroupName', 'RetentionInDays', 'LogGroupClass', 'Tags'],
  async create(properties, context) {
    const logGroupName = optionalString(properties, 'LogGroupName') ?? context.generateName(512);
    await context.call('logs', 'CreateLogGroup', { logGroupName });
    if (properties.RetentionInDays !== undefined) await putRetention(logGroupName, properties, context);
    return groupValues(logGroupName, context);
  },
  async update(logGroupName, properties, _previous, context) {
    await putRetention(logGroupName, properties, context);
    return groupValues(logGroupName, context);
  },
  delete: (logGroupName, _properties, context) =>
    ignoreMissing(context.call('logs', 'DeleteLogGroup', { logGroupName })),
  async lookUp(properties, context) {
    const name = optionalString(properties, 'LogGroupName') ?? context.generateName(512);
    const { logGroups } = await context.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: name });
    return (logGroups as readonly Shape[]).some(({ logGroupName }) => logGroupName === name)
      ? name
      : undefined;
  },
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
    'Tags',
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
  const input: Shape = { DashboardName, ...pick(properties, 'DashboardBody', 'Tags') };
  await context.call('monitoring', 'PutDashboard', input);
  return { physicalId: DashboardName, attributes: {} };
}

export const dashboard: ResourceProvider = {
  properties: ['DashboardName', 'DashboardBody', 'Tags'],
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
