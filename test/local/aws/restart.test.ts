// The process is killed in the middle of an operation; the next one ends it as CloudFormation would.
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { administratorKey } from '@emotion-gallery/aws-local';
import { REGION } from '../../../local/start/account';
import { type LocalAws, startLocalAws } from './support/cli';
import { FAST, SLOW, startProcess } from './support/killable';

const template = {
  Resources: {
    Parameter: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/half/done', Type: 'String', Value: 'x' },
    },
    Role: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
          ],
        },
      },
    },
    Silent: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Handler: 'index.handler',
        Runtime: 'nodejs22.x',
        Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Code: { ZipFile: 'exports.handler = async () => {};' },
      },
    },
    NeverAnswered: {
      Type: 'Custom::Silence',
      DependsOn: 'Parameter',
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Silent', 'Arn'] }, ServiceTimeout: 2 },
    },
  },
};

test('a creation in which the process was killed is rolled back at the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-killed-'));
  const { child, endpoint } = await startProcess(folder);
  const client = new CloudFormationClient({
    endpoint,
    region: REGION,
    credentials: administratorKey(folder),
  });
  await client.send(
    new CreateStackCommand({
      StackName: 'half',
      TemplateBody: JSON.stringify(template),
      Capabilities: ['CAPABILITY_IAM'],
    }),
  );
  const isWaiting = async () => {
    const { StackResources = [] } = await client.send(
      new DescribeStackResourcesCommand({ StackName: 'half' }),
    );
    return StackResources.some(({ LogicalResourceId }) => LogicalResourceId === 'NeverAnswered');
  };
  while (!(await isWaiting())) await new Promise((resolve) => setTimeout(resolve, 50));
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));

  const aws = await startLocalAws(folder);
  try {
    const { Stacks } = await aws.endpoint.call('cloudformation', 'DescribeStacks', { StackName: 'half' });
    expect(Stacks).toMatchObject([{ StackStatus: 'ROLLBACK_COMPLETE' }]);
    await expect(aws.endpoint.call('ssm', 'GetParameter', { Name: '/half/done' })).rejects.toThrow(
      'not found',
    );
    const { StackResources } = await aws.endpoint.call('cloudformation', 'DescribeStackResources', {
      StackName: 'half',
    });
    expect(StackResources).toEqual([]);
  } finally {
    await aws.dispose();
  }
});

interface Stack {
  readonly group?: boolean;
  readonly queueName: string;
  readonly value: string;
}

/** The dataset group has neither a generated name nor an id of its own; the queue is replaced when its name changes. */
const groupTemplate = ({ group, queueName, value }: Stack) => ({
  Resources: {
    Parameter: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Name: '/killed/value', Type: 'String', Value: value },
    },
    Queue: { Type: 'AWS::SQS::Queue', DependsOn: 'Parameter', Properties: { QueueName: queueName } },
    ...(group && {
      Group: {
        Type: 'AWS::Personalize::DatasetGroup',
        DependsOn: 'Queue',
        Properties: { Name: 'killed-group' },
      },
    }),
  },
});

class Victim {
  private constructor(
    private readonly child: ChildProcess,
    readonly client: CloudFormationClient,
  ) {}

  static async start(folder: string, speed: string): Promise<Victim> {
    const { child, endpoint } = await startProcess(folder, speed);
    return new Victim(
      child,
      new CloudFormationClient({ endpoint, region: REGION, credentials: administratorKey(folder) }),
    );
  }

  /** Waits until the group is in this state, then kills the process. */
  async killWhenGroupIs(status: string): Promise<void> {
    for (;;) {
      const { StackResources = [] } = await this.client.send(
        new DescribeStackResourcesCommand({ StackName: 'killed' }),
      );
      const group = StackResources.find(({ LogicalResourceId }) => LogicalResourceId === 'Group');
      if (group?.ResourceStatus === status) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // Amazon Personalize has taken the call by now.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await this.kill();
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await new Promise((resolve) => this.child.once('exit', resolve));
    this.client.destroy();
  }
}

const body = (stack: Stack) => ({ StackName: 'killed', TemplateBody: JSON.stringify(groupTemplate(stack)) });

/** The stack's end, and what there is in the services. */
async function outcome({ endpoint }: LocalAws) {
  const { StackSummaries } = await endpoint.call('cloudformation', 'ListStacks', {});
  const [{ StackId }] = StackSummaries as [{ StackId: string }];
  // Answered when the operation is over.
  const { Stacks } = await endpoint.call('cloudformation', 'DescribeStacks', { StackName: StackId });
  const { datasetGroups } = await endpoint.call('personalize', 'ListDatasetGroups', {});
  const { QueueUrls } = await endpoint.call('sqs', 'ListQueues', {});
  const value = await endpoint
    .call('ssm', 'GetParameter', { Name: '/killed/value' })
    .then(({ Parameter }) => (Parameter as { Value: string }).Value)
    .catch(() => undefined);
  return {
    status: (Stacks as { StackStatus: string }[])[0]?.StackStatus,
    groups: (datasetGroups as unknown[]).length,
    queues: ((QueueUrls ?? []) as string[]).map((url) => url.slice(url.lastIndexOf('/') + 1)),
    value,
  };
}

async function afterRestart(folder: string) {
  const aws = await startLocalAws(folder);
  try {
    return await outcome(aws);
  } finally {
    await aws.dispose();
  }
}

test('a resource that was made, but not yet written down when the process was killed, is found and deleted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-killed-'));
  const victim = await Victim.start(folder, SLOW);
  await victim.client.send(new CreateStackCommand(body({ group: true, queueName: 'first', value: 'a' })));
  await victim.killWhenGroupIs('CREATE_IN_PROGRESS');
  expect(await afterRestart(folder)).toEqual({
    status: 'ROLLBACK_COMPLETE',
    groups: 0,
    queues: [],
    value: undefined,
  });
});

async function createStack(folder: string, stack: Stack): Promise<void> {
  const victim = await Victim.start(folder, FAST);
  await victim.client.send(new CreateStackCommand(body(stack)));
  // The endpoint answers when the operation is over.
  await victim.client.send(new DescribeStacksCommand({ StackName: 'killed' }));
  await victim.kill();
}

test('an update in which the process was killed is undone at the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-killed-'));
  await createStack(folder, { queueName: 'first', value: 'a' });
  const victim = await Victim.start(folder, SLOW);
  await victim.client.send(new UpdateStackCommand(body({ group: true, queueName: 'second', value: 'b' })));
  await victim.killWhenGroupIs('CREATE_IN_PROGRESS');
  expect(await afterRestart(folder)).toEqual({
    status: 'UPDATE_ROLLBACK_COMPLETE',
    groups: 0,
    queues: ['first'],
    value: 'a',
  });
});

test('a deletion in which the process was killed goes on at the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-killed-'));
  await createStack(folder, { group: true, queueName: 'first', value: 'a' });
  const victim = await Victim.start(folder, SLOW);
  await victim.client.send(new DeleteStackCommand({ StackName: 'killed' }));
  await new Promise((resolve) => setTimeout(resolve, 300));
  await victim.kill();
  expect(await afterRestart(folder)).toEqual({
    status: 'DELETE_COMPLETE',
    groups: 0,
    queues: [],
    value: undefined,
  });
});
