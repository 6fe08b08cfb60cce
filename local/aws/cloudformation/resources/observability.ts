// Log groups and metric filters, alarms and dashboards.
import type { Shape } from '../../service';
import {
  findByName,
  ignoreMissing,
  optionalString,
  type Properties,
  type ProviderContext,
  type ProvisionedResource,
  pick,
  type ResourceProvider,
  requiredString,
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
  find: findByName('LogGroupName', 512),
};

interface MetricTransformation {
  readonly MetricName: string;
  readonly MetricNamespace: string;
  readonly MetricValue: string;
  readonly DefaultValue?: number;
  readonly Unit?: string;
}

async function putMetricFilter(
  filterName: string,
  properties: Properties,
  context: ProviderContext,
): Promise<void> {
  const transformations = (properties.MetricTransformations ?? []) as readonly MetricTransformation[];
  await context.call('logs', 'PutMetricFilter', {
    logGroupName: requiredString(properties, 'LogGroupName'),
    filterName,
    filterPattern: requiredString(properties, 'FilterPattern'),
    metricTransformations: transformations.map((transformation) => ({
      metricName: transformation.MetricName,
      metricNamespace: transformation.MetricNamespace,
      metricValue: transformation.MetricValue,
      defaultValue: transformation.DefaultValue,
      unit: transformation.Unit,
    })),
  });
}

export const metricFilter: ResourceProvider = {
  properties: ['FilterName', 'FilterPattern', 'LogGroupName', 'MetricTransformations'],
  async create(properties, context) {
    const filterName = optionalString(properties, 'FilterName') ?? context.generateName(512);
    await putMetricFilter(filterName, properties, context);
    return { physicalId: filterName, attributes: {} };
  },
  async update(filterName, properties, _previous, context) {
    await putMetricFilter(filterName, properties, context);
    return { physicalId: filterName, attributes: {} };
  },
  delete: (filterName, properties, context) =>
    ignoreMissing(
      context.call('logs', 'DeleteMetricFilter', {
        logGroupName: requiredString(properties, 'LogGroupName'),
        filterName,
      }),
    ),
};

/** Alarms are put whole, under their name, in the API's own shape. */
function alarmProvider(operation: string, properties: readonly string[]): ResourceProvider {
  const put = async (AlarmName: string, wanted: Properties, { call, region, accountId }: ProviderContext) => {
    await call('monitoring', operation, { ...wanted, AlarmName });
    const Arn = `arn:aws:cloudwatch:${region}:${accountId}:alarm:${AlarmName}`;
    return { physicalId: AlarmName, attributes: { Arn } };
  };
  return {
    properties,
    create: (wanted, context) =>
      put(optionalString(wanted, 'AlarmName') ?? context.generateName(255), wanted, context),
    update: (name, wanted, _previous, context) => put(name, wanted, context),
    find: findByName('AlarmName', 255),
    delete: (name, _properties, context) =>
      ignoreMissing(context.call('monitoring', 'DeleteAlarms', { AlarmNames: [name] })),
  };
}

const COMMON = [
  'AlarmName',
  'AlarmDescription',
  'ActionsEnabled',
  'AlarmActions',
  'OKActions',
  'InsufficientDataActions',
  'Tags',
];

export const alarm = alarmProvider('PutMetricAlarm', [
  ...COMMON,
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
]);

export const compositeAlarm = alarmProvider('PutCompositeAlarm', [...COMMON, 'AlarmRule']);

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
  find: findByName('DashboardName', 255),
};
