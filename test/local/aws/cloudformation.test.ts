// The real CDK CLI deploys, updates, breaks and destroys a small stack.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cdk, type LocalAws, startLocalAws } from './support/cli';
import { type SmallApp, STACK, synthesize } from './support/small-app';

jest.setTimeout(120_000);

let aws: LocalAws;
let assemblies: string;
let count = 0;

beforeAll(async () => {
  aws = await startLocalAws();
  assemblies = mkdtempSync(join(tmpdir(), 'assemblies-'));
});

afterAll(async () => {
  await aws.dispose();
  rmSync(assemblies, { recursive: true, force: true });
});

function assembly(options: SmallApp): string {
  count += 1;
  const folder = join(assemblies, String(count));
  synthesize(folder, options);
  return folder;
}

const run = (command: string, options: SmallApp, ...args: string[]) =>
  cdk(aws.endpoint.endpoint, command, '--app', assembly(options), STACK, '--no-notices', ...args);
const deploy = (options: SmallApp) => run('deploy', options, '--require-approval=never');

interface Stack {
  readonly StackStatus: string;
  readonly Outputs: { OutputKey: string; OutputValue: string }[];
}

async function stack(): Promise<Stack> {
  const { Stacks } = await aws.endpoint.call('cloudformation', 'DescribeStacks', { StackName: STACK });
  return (Stacks as Stack[])[0] as Stack;
}

const output = async (key: string) =>
  (await stack()).Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;

async function visibilityTimeout(): Promise<string | undefined> {
  const input = { QueueUrl: await output('QueueUrl'), AttributeNames: ['VisibilityTimeout'] };
  const { Attributes } = await aws.endpoint.call('sqs', 'GetQueueAttributes', input);
  return (Attributes as Record<string, string>).VisibilityTimeout;
}

const tables = async () => (await aws.endpoint.call('dynamodb', 'ListTables', {})).TableNames;

test('a new stack is created, custom resource included', async () => {
  expect(await deploy({})).toMatchObject({ exitCode: 0 });
  expect((await stack()).StackStatus).toBe('CREATE_COMPLETE');
  expect(await output('Text')).toBe('Hello, people');
  expect(await tables()).toEqual(['pictures-1']);
});

test('deploying the same again changes nothing', async () => {
  const { exitCode, output: text } = await deploy({});
  expect(exitCode).toBe(0);
  expect(text).toContain('(no changes)');
});

test('cdk diff tells a replacement from a change in place', async () => {
  const { output: text } = await run('diff', { tableName: 'pictures-2', visibilitySeconds: 60 });
  expect(text).toContain('AWS::DynamoDB::Table Table TableCD117FA1 replace');
  expect(text).toContain('VisibilityTimeout');
});

test('changes are made in place or by replacement, and reach what depends on them', async () => {
  const url = await output('QueueUrl');
  expect(
    await deploy({ tableName: 'pictures-2', visibilitySeconds: 60, greeting: 'Good day' }),
  ).toMatchObject({
    exitCode: 0,
  });
  expect((await stack()).StackStatus).toBe('UPDATE_COMPLETE');
  expect(await output('QueueUrl')).toBe(url);
  expect(await visibilityTimeout()).toBe('60');
  expect(await output('Text')).toBe('Good day, people');
  expect(await tables()).toEqual(['pictures-2']);
  const { Parameter } = await aws.endpoint.call('ssm', 'GetParameter', { Name: '/small/table' });
  expect((Parameter as { Value: string }).Value).toContain('table/pictures-2');
});

test('a broken change is rolled back completely', async () => {
  const { exitCode, output: text } = await deploy({
    tableName: 'pictures-3',
    visibilitySeconds: 90,
    greeting: 'Oh no',
    broken: true,
  });
  expect(exitCode).toBe(1);
  expect(text).toContain('MalformedPolicyDocument');
  expect((await stack()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await visibilityTimeout()).toBe('60');
  expect(await output('Text')).toBe('Good day, people');
  expect(await tables()).toEqual(['pictures-2']);
  const { Parameter } = await aws.endpoint.call('ssm', 'GetParameter', { Name: '/small/table' });
  expect((Parameter as { Value: string }).Value).toContain('table/pictures-2');
});

test('destroying leaves only what is retained', async () => {
  await deploy({ tableName: 'pictures-2', keepTable: true });
  expect(await run('destroy', { keepTable: true }, '--force')).toMatchObject({ exitCode: 0 });
  await expect(stack()).rejects.toThrow('does not exist');
  expect(await tables()).toEqual(['pictures-2']);
  expect((await aws.endpoint.call('sqs', 'ListQueues', {})).QueueUrls ?? []).toEqual([]);
  await expect(aws.endpoint.call('ssm', 'GetParameter', { Name: '/small/table' })).rejects.toThrow(
    'not found',
  );
});
