// `cdk destroy --all` of the whole app: nothing is left in any service but what is retained.
import { cdk } from './support/cli';
import { type DeployedGallery, deployGallery } from './support/gallery';

jest.setTimeout(240_000);

let gallery: DeployedGallery;

beforeAll(async () => {
  gallery = await deployGallery();
});

afterAll(() => gallery?.dispose());

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
  ['states', 'ListStateMachines', 'stateMachines'],
] as const;

async function left(): Promise<Record<string, unknown>> {
  const { call } = gallery.endpoint;
  const found: Record<string, unknown> = {};
  for (const [service, operation, member] of LISTS) {
    const list = ((await call(service, operation, {}))[member] ?? []) as unknown[];
    if (list.length > 0) found[`${service} ${operation}`] = list;
  }
  const { Buckets } = await call('s3', 'ListBuckets', {});
  const { Roles } = await call('iam', 'ListRoles', {});
  const { ScheduleGroups } = await call('scheduler', 'ListScheduleGroups', {});
  const { DistributionList } = await call('cloudfront', 'ListDistributions', {});
  return {
    ...found,
    buckets: (Buckets as { Name: string }[]).map(({ Name }) => Name),
    roles: (Roles as { RoleName: string }[])
      .map(({ RoleName }) => RoleName)
      .filter((name) => !name.startsWith('cdk-')),
    // Every account has the default one.
    scheduleGroups: (ScheduleGroups as { Name: string }[]).map(({ Name }) => Name),
    distributions: (DistributionList as { Items: unknown[] }).Items.length,
  };
}

test('destroying all stacks leaves the buckets of the CDK and of CloudFormation itself, and nothing else', async () => {
  const { endpoint, assembly } = gallery;
  const { exitCode, output } = await cdk(
    endpoint.endpoint,
    'destroy',
    '--all',
    '--force',
    '--app',
    assembly,
    '--no-notices',
  );
  expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
  expect(await left()).toEqual({
    buckets: [
      'cdk-hnb659fds-assets-000000000000-us-east-1',
      // Takes the answers of custom resources; on AWS it is in an account of CloudFormation's.
      'cloudformation-custom-resource-response-useast1',
    ],
    roles: [],
    scheduleGroups: ['default'],
    distributions: 0,
  });
});
