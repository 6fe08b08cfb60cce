// Everything that the services of an endpoint hold.
import type { AwsEndpoint } from '@emotion-gallery/aws-local';

/** Service, list operation, the member with the list. */
const LISTS = [
  ['apigateway', 'GetApis', 'Items'],
  ['dynamodb', 'ListTables', 'TableNames'],
  ['lambda', 'ListFunctions', 'Functions'],
  ['lambda', 'ListEventSourceMappings', 'EventSourceMappings'],
  ['logs', 'DescribeLogGroups', 'logGroups'],
  ['monitoring', 'DescribeAlarms', 'MetricAlarms'],
  ['monitoring', 'ListDashboards', 'DashboardEntries'],
  ['events', 'ListRules', 'Rules'],
  ['personalize', 'ListDatasetGroups', 'datasetGroups'],
  ['personalize', 'ListDatasets', 'datasets'],
  ['personalize', 'ListEventTrackers', 'eventTrackers'],
  ['personalize', 'ListFilters', 'Filters'],
  ['personalize', 'ListSchemas', 'schemas'],
  ['scheduler', 'ListSchedules', 'Schedules'],
  ['secretsmanager', 'ListSecrets', 'SecretList'],
  ['sns', 'ListTopics', 'Topics'],
  ['sqs', 'ListQueues', 'QueueUrls'],
  ['ssm', 'DescribeParameters', 'Parameters'],
  ['states', 'ListStateMachines', 'stateMachines'],
] as const;

/** What is left in each service, as far as there is anything; buckets, roles and distributions always. */
export async function left({ call }: Pick<AwsEndpoint, 'call'>): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [service, operation, member] of LISTS) {
    const list = ((await call(service, operation, {}))[member] ?? []) as unknown[];
    if (list.length > 0) found[`${service} ${operation}`] = list;
  }
  const { Buckets } = await call('s3', 'ListBuckets', {});
  const { Roles } = await call('iam', 'ListRoles', {});
  const { EventBuses } = await call('events', 'ListEventBuses', {});
  const { ScheduleGroups } = await call('scheduler', 'ListScheduleGroups', {});
  const { DistributionList } = await call('cloudfront', 'ListDistributions', {});
  return {
    ...found,
    buckets: (Buckets as { Name: string }[]).map(({ Name }) => Name),
    roles: (Roles as { RoleName: string }[])
      .map(({ RoleName }) => RoleName)
      .filter((name) => !name.startsWith('cdk-')),
    // Every account has the default ones.
    buses: (EventBuses as { Name: string }[]).map(({ Name }) => Name),
    scheduleGroups: (ScheduleGroups as { Name: string }[]).map(({ Name }) => Name),
    distributions: (DistributionList as { Items: unknown[] }).Items.length,
  };
}
