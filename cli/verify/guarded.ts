// After a deployment: whether the alarms are there, and nothing that should not be is open to everybody.

import { paginateListStackResources, type StackResourceSummary } from '@aws-sdk/client-cloudformation';
import { type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { GetPolicyCommand } from '@aws-sdk/client-lambda';
import { GetBucketPolicyStatusCommand, GetPublicAccessBlockCommand } from '@aws-sdk/client-s3';
import { GetTopicAttributesCommand } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { type Check, check, type Finding, fails, ok, unknown } from '../checks';
import type { Clients } from '../clients';
import { STACKS } from '../deployment';

type Used = Pick<Clients, 'cloudFormation' | 'cloudWatch' | 'lambda' | 's3' | 'sns' | 'sqs'>;

export interface Guarded {
  readonly prefix: string;
  readonly bucket: string;
  /** Where Amazon S3 is asked without credentials. */
  readonly bucketUrl: string;
}

export async function guardChecks(clients: Used, { prefix, bucket, bucketUrl }: Guarded): Promise<Check[]> {
  const resources = await resourcesOf(clients, prefix);
  const idsOf = (type: string) =>
    resources.flatMap(({ ResourceType, PhysicalResourceId = '' }) =>
      ResourceType === type ? [PhysicalResourceId] : [],
    );
  return [
    await check('alarms', () => alarmsFinding(clients, idsOf('AWS::CloudWatch::Alarm'))),
    await check('bucket', () => bucketFinding(clients, bucket)),
    await check('bucket from outside', () => outsideFinding(bucketUrl)),
    await check('functions, queues, topics', async () => {
      const open = [
        ...(await openFunctions(clients, idsOf('AWS::Lambda::Function'))),
        ...(await openQueues(clients, idsOf('AWS::SQS::Queue'))),
        ...(await openTopics(clients, idsOf('AWS::SNS::Topic'))),
      ];
      return open.length === 0
        ? ok(`none of ${resources.length} resources lets everybody in`)
        : fails(
            `open to everybody: ${open.join(', ')}`,
            'Deploy the stack that has it again: its policy was changed.',
          );
    }),
  ];
}

async function resourcesOf(
  { cloudFormation: client }: Used,
  prefix: string,
): Promise<StackResourceSummary[]> {
  const found: StackResourceSummary[] = [];
  for (const part of STACKS) {
    const pages = paginateListStackResources({ client }, { StackName: `${prefix}-${part}` });
    for await (const { StackResourceSummaries = [] } of pages) found.push(...StackResourceSummaries);
  }
  return found;
}

async function alarmsFinding({ cloudWatch: client }: Used, names: readonly string[]): Promise<Finding> {
  const there: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {}))
    there.push(...MetricAlarms);
  const missing = names.filter((name) => !there.some(({ AlarmName }) => AlarmName === name));
  if (names.length === 0 || missing.length > 0) {
    return fails(`missing: ${missing.join(', ') || 'all'}`, 'Deploy again: alarms were deleted by hand.');
  }
  const own = there.filter(({ AlarmName = '' }) => names.includes(AlarmName));
  const silent = own.filter(
    ({ ActionsEnabled, AlarmActions = [] }) => !ActionsEnabled || AlarmActions.length === 0,
  );
  if (silent.length > 0) {
    return fails(
      `tell nobody: ${silent.map(({ AlarmName }) => AlarmName).join(', ')}`,
      'Enable their actions.',
    );
  }
  const ringing = own.filter(({ StateValue }) => StateValue === 'ALARM');
  return ringing.length === 0
    ? ok(`${names.length} alarms, none rings`)
    : unknown(
        `ringing: ${ringing.map(({ AlarmName }) => AlarmName).join(', ')}`,
        'See their entries in docs/runbook.md.',
      );
}

async function bucketFinding({ s3 }: Used, Bucket: string): Promise<Finding> {
  if (!(await isBlocked(s3, Bucket))) {
    return fails('public access is not blocked', 'Deploy the Storage stack again, or block it by hand.');
  }
  const { PolicyStatus } = await s3.send(new GetBucketPolicyStatusCommand({ Bucket }));
  return PolicyStatus?.IsPublic
    ? fails('its policy is public', 'Deploy the Site stack again: it has the one policy.')
    : ok('public access is blocked, and the policy is not public');
}

async function isBlocked(s3: Used['s3'], Bucket: string): Promise<boolean> {
  try {
    const { PublicAccessBlockConfiguration: block } = await s3.send(
      new GetPublicAccessBlockCommand({ Bucket }),
    );
    return Boolean(
      block?.BlockPublicAcls &&
        block.BlockPublicPolicy &&
        block.IgnorePublicAcls &&
        block.RestrictPublicBuckets,
    );
  } catch (error) {
    if ((error as Error).name === 'NoSuchPublicAccessBlockConfiguration') return false;
    throw error;
  }
}

async function outsideFinding(bucketUrl: string): Promise<Finding> {
  const keys = ['site/index.html', 'personalize/config/x.json', ''];
  const answers = await Promise.all(keys.map(async (key) => (await fetch(`${bucketUrl}/${key}`)).status));
  return answers.every((status) => status === 403)
    ? ok('refuses callers without credentials')
    : fails(
        `answered ${answers.join(', ')} for ${keys.join(', ')}`,
        'Deploy the Storage and the Site stack again.',
      );
}

/** Whether a statement lets anybody in, whatever the account. */
function isOpen(policy: string | undefined): boolean {
  const { Statement = [] } = JSON.parse(policy ?? '{}') as { Statement?: PolicyStatement[] };
  return Statement.some(
    ({ Effect, Principal, Condition }) =>
      Effect === 'Allow' &&
      Condition === undefined &&
      (Principal === '*' || (typeof Principal === 'object' && [Principal.AWS].flat().includes('*'))),
  );
}

interface PolicyStatement {
  readonly Effect: string;
  readonly Principal?: string | { readonly AWS?: string | string[] };
  readonly Condition?: unknown;
}

async function openFunctions({ lambda }: Used, names: readonly string[]): Promise<string[]> {
  const open: string[] = [];
  for (const FunctionName of names) {
    try {
      const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
      if (isOpen(Policy)) open.push(FunctionName);
    } catch (error) {
      // A function that nothing outside its role's account calls has no policy.
      if ((error as Error).name !== 'ResourceNotFoundException') throw error;
    }
  }
  return open;
}

async function openQueues({ sqs }: Used, urls: readonly string[]): Promise<string[]> {
  const open: string[] = [];
  for (const QueueUrl of urls) {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['Policy'] }),
    );
    if (isOpen(Attributes?.Policy)) open.push(QueueUrl);
  }
  return open;
}

async function openTopics({ sns }: Used, arns: readonly string[]): Promise<string[]> {
  const open: string[] = [];
  for (const TopicArn of arns) {
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    if (isOpen(Attributes?.Policy)) open.push(TopicArn);
  }
  return open;
}
