// Commands of the CDK CLI besides deploy, diff and destroy: what works on localhost, and what says that it does not.
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
  expect(await run('deploy', {}, '--require-approval=never')).toMatchObject({ exitCode: 0 });
});

afterAll(async () => {
  await aws.dispose();
  rmSync(assemblies, { recursive: true, force: true });
});

function run(command: string, options: SmallApp, ...args: string[]) {
  count += 1;
  const assembly = join(assemblies, String(count));
  synthesize(assembly, options);
  return cdk(aws.endpoint.endpoint, command, '--app', assembly, STACK, '--no-notices', ...args);
}

async function stack(): Promise<{
  StackStatus: string;
  Outputs: { OutputKey: string; OutputValue: string }[];
}> {
  const { Stacks } = await aws.endpoint.call('cloudformation', 'DescribeStacks', { StackName: STACK });
  return (Stacks as Awaited<ReturnType<typeof stack>>[])[0] as Awaited<ReturnType<typeof stack>>;
}

async function visibilityTimeout(): Promise<string | undefined> {
  const { Outputs } = await stack();
  const QueueUrl = Outputs.find(({ OutputKey }) => OutputKey === 'QueueUrl')?.OutputValue;
  const input = { QueueUrl, AttributeNames: ['VisibilityTimeout'] };
  const { Attributes } = await aws.endpoint.call('sqs', 'GetQueueAttributes', input);
  return (Attributes as Record<string, string>).VisibilityTimeout;
}

async function codeHash(): Promise<string | undefined> {
  const { Functions } = await aws.endpoint.call('lambda', 'ListFunctions', {});
  return (Functions as { CodeSha256: string }[])[0]?.CodeSha256;
}

test('deploy --hotswap brings a function its new code at once; the stack keeps its template', async () => {
  const before = await codeHash();
  expect(await run('deploy', { audience: 'friends' }, '--hotswap')).toMatchObject({ exitCode: 0 });
  expect(await codeHash()).not.toBe(before);
  expect((await stack()).StackStatus).toBe('CREATE_COMPLETE');
  expect((await run('diff', {})).output).toContain('There were no differences');
});

test('rollback undoes what deploy --no-rollback has left', async () => {
  const broken = { visibilitySeconds: 75, broken: true };
  const { exitCode } = await run('deploy', broken, '--require-approval=never', '--no-rollback');
  expect(exitCode).toBe(1);
  expect((await stack()).StackStatus).toBe('UPDATE_FAILED');
  expect(await visibilityTimeout()).toBe('75');
  expect(await run('rollback', broken)).toMatchObject({ exitCode: 0 });
  expect((await stack()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await visibilityTimeout()).toBe('30');
});

test('drift is told that it is not looked for', async () => {
  const { exitCode, output } = await run('drift', {});
  expect(exitCode).toBe(1);
  expect(output).toContain('Drift detection is not supported on localhost');
});
