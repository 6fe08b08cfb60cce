// Everything that an account still holds, service by service. The buckets of the CDK's bootstrap and of CloudFormation are
// no leftovers: they are there before the first deployment.
import { CloudFormationClient, ListStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, ListDashboardsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import * as personalize from '@aws-sdk/client-personalize';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { ListScheduleGroupsCommand, ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListStateMachinesCommand, SFNClient } from '@aws-sdk/client-sfn';
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Ready } from '../../../local/start/ready';
import { administrator } from './account';

/** `<service>: <ARN or name>` of each. */
export async function leftovers(app: Pick<Ready, 'awsEndpoint' | 'credentials'>): Promise<string[]> {
  const settings = administrator(app);
  const found: string[] = [];
  const add = (service: string, names: readonly (string | undefined)[] | undefined) => {
    for (const name of names ?? []) found.push(`${service}: ${name}`);
  };

  add('Amazon Personalize', await personalizeArns(new personalize.PersonalizeClient(settings)));

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
  const scheduler = new SchedulerClient(settings);
  const { Schedules } = await scheduler.send(new ListSchedulesCommand({}));
  add(
    'Scheduler',
    Schedules?.map(({ Name }) => Name),
  );
  const { ScheduleGroups = [] } = await scheduler.send(new ListScheduleGroupsCommand({}));
  add(
    'schedule group',
    // Every account has the default one.
    ScheduleGroups.map(({ Name }) => Name).filter((name) => name !== 'default'),
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

/** Recipes are Amazon's own; the other two list what belongs to one resource, and need its ARN. */
const NOT_ASKED = ['ListRecipes', 'ListTagsForResource', 'ListMetricAttributionMetrics'];

/**
 * Jobs cannot be deleted (Developer Guide, "Requirements for deleting Amazon Personalize resources"): what an ended one
 * leaves is its record.
 */
const isRecordOfAJob = (list: string, { status = '' }: Row) =>
  list.endsWith('Jobs') && !/PENDING|IN.PROGRESS/.test(status);

interface Row {
  readonly status?: string;
}

type ListCommand = new (input: object) => personalize.ListSchemasCommand;

/** What every list operation of Amazon Personalize tells, those that the SDK will learn included; ARNs only. */
async function personalizeArns(client: personalize.PersonalizeClient): Promise<string[]> {
  const commands = Object.entries(personalize).filter(
    ([name]) => /^List\w+Command$/.test(name) && !NOT_ASKED.includes(name.replace(/Command$/, '')),
  );
  const answers = await Promise.all(
    // They differ in the name of the list only.
    commands.map(([, Command]) => client.send(new (Command as ListCommand)({}))),
  );
  return answers
    .flatMap((answer) => Object.entries(answer).filter(([, rows]) => Array.isArray(rows)))
    .flatMap(([list, rows]) => (rows as Row[]).filter((row) => !isRecordOfAJob(list, row)))
    .map((row) => Object.entries(row).find(([name]) => /Arn$/.test(name))?.[1] ?? JSON.stringify(row));
}
