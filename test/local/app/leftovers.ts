// Everything that an account still holds, service by service. The buckets of the CDK's bootstrap and of CloudFormation are
// no leftovers: they are there before the first deployment.
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import {
  ListCampaignsCommand,
  ListDatasetGroupsCommand,
  ListDatasetsCommand,
  ListEventTrackersCommand,
  ListFiltersCommand,
  ListMetricAttributionsCommand,
  ListRecommendersCommand,
  ListSchemasCommand,
  ListSolutionsCommand,
  ListSolutionVersionsCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { administrator } from './account';

/** `<service>: <ARN or name>` of each. */
export async function leftovers(awsEndpoint: string): Promise<string[]> {
  const settings = administrator(awsEndpoint);
  const found: string[] = [];
  const add = (service: string, names: readonly (string | undefined)[] | undefined) => {
    for (const name of names ?? []) found.push(`${service}: ${name}`);
  };

  add('Amazon Personalize', await personalizeArns(new PersonalizeClient(settings)));

  const { Buckets } = await new S3Client({ ...settings, forcePathStyle: true }).send(
    new ListBucketsCommand({}),
  );
  const buckets = Buckets?.map(({ Name }) => Name);
  add(
    'S3',
    buckets?.filter((name) => !/^(cdk|cloudformation-custom-resource-response)-/.test(name ?? '')),
  );

  const { StackSummaries } = await new CloudFormationClient(settings).send(new ListStacksCommand({}));
  const stacks = StackSummaries?.filter(({ StackStatus }) => StackStatus !== 'DELETE_COMPLETE');
  add(
    'CloudFormation',
    stacks?.map(({ StackName }) => StackName),
  );

  add('DynamoDB', (await new DynamoDBClient(settings).send(new ListTablesCommand({}))).TableNames);

  const lambda = new LambdaClient(settings);
  const { Functions } = await lambda.send(new ListFunctionsCommand({}));
  add(
    'Lambda',
    Functions?.map(({ FunctionName }) => FunctionName),
  );
  const { EventSourceMappings } = await lambda.send(new ListEventSourceMappingsCommand({}));
  add(
    'event source',
    EventSourceMappings?.map(({ UUID }) => UUID),
  );

  add('SQS', (await new SQSClient(settings).send(new ListQueuesCommand({}))).QueueUrls);
  const { Topics } = await new SNSClient(settings).send(new ListTopicsCommand({}));
  add(
    'SNS',
    Topics?.map(({ TopicArn }) => TopicArn),
  );
  const { Rules } = await new EventBridgeClient(settings).send(new ListRulesCommand({}));
  add(
    'EventBridge',
    Rules?.map(({ Name }) => Name),
  );
  const { Schedules } = await new SchedulerClient(settings).send(new ListSchedulesCommand({}));
  add(
    'Scheduler',
    Schedules?.map(({ Name }) => Name),
  );
  const { stateMachines } = await new SFNClient(settings).send(new ListStateMachinesCommand({}));
  add(
    'Step Functions',
    stateMachines?.map(({ name }) => name),
  );
  const { SecretList } = await new SecretsManagerClient(settings).send(new ListSecretsCommand({}));
  add(
    'Secrets Manager',
    SecretList?.map(({ Name }) => Name),
  );

  const cloudWatch = new CloudWatchClient(settings);
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({}));
  add(
    'alarm',
    MetricAlarms?.map(({ AlarmName }) => AlarmName),
  );
  const { DashboardEntries } = await cloudWatch.send(new ListDashboardsCommand({}));
  add(
    'dashboard',
    DashboardEntries?.map(({ DashboardName }) => DashboardName),
  );
  const { logGroups } = await new CloudWatchLogsClient(settings).send(new DescribeLogGroupsCommand({}));
  add(
    'log group',
    logGroups?.map(({ logGroupName }) => logGroupName),
  );
  return found;
}

/** What every list operation of Amazon Personalize tells, ARNs only. */
async function personalizeArns(client: PersonalizeClient): Promise<(string | undefined)[]> {
  const answers = await Promise.all([
    client.send(new ListDatasetGroupsCommand({})).then(({ datasetGroups }) => arns(datasetGroups)),
    client.send(new ListSchemasCommand({})).then(({ schemas }) => arns(schemas)),
    client.send(new ListDatasetsCommand({})).then(({ datasets }) => arns(datasets)),
    client.send(new ListEventTrackersCommand({})).then(({ eventTrackers }) => arns(eventTrackers)),
    client.send(new ListFiltersCommand({})).then(({ Filters }) => arns(Filters)),
    client.send(new ListSolutionsCommand({})).then(({ solutions }) => arns(solutions)),
    client.send(new ListSolutionVersionsCommand({})).then(({ solutionVersions }) => arns(solutionVersions)),
    client.send(new ListCampaignsCommand({})).then(({ campaigns }) => arns(campaigns)),
    client.send(new ListRecommendersCommand({})).then(({ recommenders }) => arns(recommenders)),
    client
      .send(new ListMetricAttributionsCommand({}))
      .then(({ metricAttributions }) => arns(metricAttributions)),
  ]);
  return answers.flat();
}

function arns(rows: readonly object[] | undefined): string[] {
  return (rows ?? []).map((row) =>
    JSON.stringify(Object.entries(row).find(([name]) => /Arn$/.test(name))?.[1]),
  );
}
