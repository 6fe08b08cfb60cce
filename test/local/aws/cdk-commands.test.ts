// Commands of the CDK CLI besides deploy, diff and destroy: what works on localhost, and what says that it does not.
import { SmallStack } from './support/small-stack';

let stack: SmallStack;

beforeAll(async () => {
  stack = await SmallStack.start();
  expect(await stack.deploy({})).toMatchObject({ exitCode: 0 });
});

afterAll(() => stack.dispose());

async function codeHash(): Promise<string | undefined> {
  const { Functions } = await stack.call('lambda', 'ListFunctions', {});
  return (Functions as { CodeSha256: string }[])[0]?.CodeSha256;
}

test('deploy --hotswap brings a function its new code at once; the stack keeps its template', async () => {
  const before = await codeHash();
  expect(await stack.deploy({ audience: 'friends' }, '--hotswap')).toMatchObject({ exitCode: 0 });
  expect(await codeHash()).not.toBe(before);
  expect(await stack.status()).toBe('CREATE_COMPLETE');
  expect((await stack.run('diff', {})).output).toContain('There were no differences');
});

test('rollback undoes what deploy --no-rollback has left', async () => {
  const broken = { visibilitySeconds: 75, broken: true };
  const { exitCode } = await stack.deploy(broken, '--no-rollback');
  expect(exitCode).toBe(1);
  expect(await stack.status()).toBe('UPDATE_FAILED');
  expect(await stack.visibilityTimeout()).toBe('75');
  expect(await stack.run('rollback', broken)).toMatchObject({ exitCode: 0 });
  expect(await stack.status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await stack.visibilityTimeout()).toBe('30');
});

test('drift is told that it is not looked for', async () => {
  const { exitCode, output } = await stack.run('drift', {});
  expect(exitCode).toBe(1);
  expect(output).toContain('Drift detection is not supported on localhost');
});
