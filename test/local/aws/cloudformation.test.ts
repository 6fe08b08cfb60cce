// The real CDK CLI deploys, updates, breaks and destroys a small stack.
import { SmallStack } from './support/small-stack';

let stack: SmallStack;

beforeAll(async () => {
  stack = await SmallStack.start();
});

afterAll(() => stack.dispose());

const tables = async () => (await stack.call('dynamodb', 'ListTables', {})).TableNames;

test('a new stack is created, custom resource included', async () => {
  expect(await stack.deploy({})).toMatchObject({ exitCode: 0 });
  expect(await stack.status()).toBe('CREATE_COMPLETE');
  expect(await stack.output('Text')).toBe('Hello, people');
  expect(await tables()).toEqual(['pictures-1']);
});

test('deploying the same again changes nothing', async () => {
  const { exitCode, output: text } = await stack.deploy({});
  expect(exitCode).toBe(0);
  expect(text).toContain('(no changes)');
});

test('cdk diff tells a replacement from a change in place', async () => {
  const { output: text } = await stack.run('diff', { tableName: 'pictures-2', visibilitySeconds: 60 });
  expect(text).toContain('AWS::DynamoDB::Table Table TableCD117FA1 replace');
  expect(text).toContain('VisibilityTimeout');
});

test('changes are made in place or by replacement, and reach what depends on them', async () => {
  const url = await stack.output('QueueUrl');
  expect(
    await stack.deploy({ tableName: 'pictures-2', visibilitySeconds: 60, greeting: 'Good day' }),
  ).toMatchObject({
    exitCode: 0,
  });
  expect(await stack.status()).toBe('UPDATE_COMPLETE');
  expect(await stack.output('QueueUrl')).toBe(url);
  expect(await stack.visibilityTimeout()).toBe('60');
  expect(await stack.output('Text')).toBe('Good day, people');
  expect(await tables()).toEqual(['pictures-2']);
  const { Parameter } = await stack.call('ssm', 'GetParameter', { Name: '/small/table' });
  expect((Parameter as { Value: string }).Value).toContain('table/pictures-2');
});

test('a broken change is rolled back completely', async () => {
  const { exitCode, output: text } = await stack.deploy({
    tableName: 'pictures-3',
    visibilitySeconds: 90,
    greeting: 'Oh no',
    broken: true,
  });
  expect(exitCode).toBe(1);
  expect(text).toContain('MalformedPolicyDocument');
  expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await stack.visibilityTimeout()).toBe('60');
  expect(await stack.output('Text')).toBe('Good day, people');
  expect(await tables()).toEqual(['pictures-2']);
  const { Parameter } = await stack.call('ssm', 'GetParameter', { Name: '/small/table' });
  expect((Parameter as { Value: string }).Value).toContain('table/pictures-2');
});

test('destroying leaves only what is retained', async () => {
  await stack.deploy({ tableName: 'pictures-2', keepTable: true });
  expect(await stack.run('destroy', { keepTable: true }, '--force')).toMatchObject({ exitCode: 0 });
  await expect(stack.status()).rejects.toThrow('does not exist');
  expect(await tables()).toEqual(['pictures-2']);
  expect((await stack.call('sqs', 'ListQueues', {})).QueueUrls ?? []).toEqual([]);
  await expect(stack.call('ssm', 'GetParameter', { Name: '/small/table' })).rejects.toThrow('not found');
});
