// The process is killed in the middle of an operation; the next one ends it as CloudFormation would.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { BOOTSTRAP_KEYS } from '../../../local/aws/iam/credentials';
import { REGION } from '../../../local/start/account';
import { root, startLocalAws } from './support/cli';

jest.setTimeout(90_000);

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
      Properties: { ServiceToken: { 'Fn::GetAtt': ['Silent', 'Arn'] } },
    },
  },
};

function startProcess(folder: string): Promise<{ child: ChildProcess; endpoint: string }> {
  const script = join(__dirname, 'support', 'endpoint-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder], { cwd: root, stdio: 'pipe' });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (line: Buffer) => resolve({ child, endpoint: String(line).trim() }));
    child.once('exit', () => reject(new Error('the endpoint did not start')));
  });
}

test('a creation in which the process was killed is rolled back at the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'local-aws-killed-'));
  const { child, endpoint } = await startProcess(folder);
  const client = new CloudFormationClient({ endpoint, region: REGION, credentials: BOOTSTRAP_KEYS });
  await client.send(new CreateStackCommand({ StackName: 'half', TemplateBody: JSON.stringify(template) }));
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
