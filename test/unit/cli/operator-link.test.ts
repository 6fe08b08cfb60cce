// npm run gallery -- operator-link, and what every command line does: help, JSON, clear errors, exit codes.
import type { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { operatorLink } from '../../../cli/commands/operator-link';
import { type Output, run } from '../../../cli/run';
import { verifyToken } from '../../../lambda/shared/tokens';

const NOW = Date.parse('2026-05-01T12:00:00.000Z');
const GROUP = 'arn:aws:personalize:eu-west-1:111122223333:dataset-group/party';
const KEY = 'the operator secret of the deployment';

const OUTPUTS: Record<string, Record<string, string>> = {
  'party-storage': { OperatorSecretArn: 'arn:operator' },
  'party-personalize': { DatasetGroupArn: GROUP },
  'party-engagement': { OperatorTokenDays: '2' },
  'party-site': { EnablerUrl: 'https://gallery.test/enabler.html' },
  'half-storage': { OperatorSecretArn: 'arn:operator' },
};

const cloudFormation = {
  send: (async (command: DescribeStacksCommand) => {
    const outputs = OUTPUTS[command.input.StackName ?? ''];
    if (!outputs) {
      const message = `Stack with id ${command.input.StackName} does not exist`;
      throw Object.assign(new Error(message), { name: 'ValidationError', $metadata: {} });
    }
    const list = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
    return { Stacks: [{ Outputs: list }] };
  }) as never,
};

const secretsManager = { send: (async () => ({ SecretString: KEY })) as never };

async function gallery(...args: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const output: Output = {
    now: () => NOW,
    progress: (line) => errors.push(line),
    print: (text) => printed.push(text),
    printError: (text) => errors.push(text),
  };
  const exitCode = await run([operatorLink({ cloudFormation, secretsManager })], args, output);
  return { exitCode, out: printed.join('\n'), errors: errors.join('\n') };
}

const tokenOf = (url: string) => url.split('#operator=')[1]?.split('\n')[0] ?? '';

const subjectAt = (token: string, now: number) =>
  verifyToken(
    { secret: async () => new TextEncoder().encode(KEY), issuer: GROUP, now: () => now },
    'operator',
    token,
  );

it('prints a link whose token is good for as long as the deployment says', async () => {
  const { exitCode, out } = await gallery('operator-link', '--stack-prefix', 'party');
  expect(exitCode).toBe(0);
  expect(out).toMatch(
    /^https:\/\/gallery\.test\/enabler\.html#operator=\S+\n\nValid until 2026-05-03T12:00:00/,
  );
  expect(await subjectAt(tokenOf(out), NOW + 47 * 3600_000)).toBe('operator');
  await expect(subjectAt(tokenOf(out), NOW + 49 * 3600_000)).rejects.toMatchObject({ status: 401 });
});

it('prints JSON, and takes the hours that are given', async () => {
  const { out } = await gallery('operator-link', '--stack-prefix=party', '--hours', '1.5', '--json');
  expect(JSON.parse(out)).toEqual({
    url: expect.stringContaining('#operator='),
    expiresAt: '2026-05-01T13:30:00.000Z',
  });
});

it('prints help', async () => {
  expect(await gallery('operator-link', '--help')).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('--hours N'),
  });
  expect(await gallery('--help')).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('operator-link'),
  });
});

it.each([
  ['nothing', [], 2, ''],
  ['an unknown command', ['fly'], 2, 'unknown command fly'],
  ['an unknown option', ['operator-link', '--colour'], 2, '--colour'],
  ['an argument too many', ['operator-link', 'now'], 2, 'got: now'],
  ['hours that are no number', ['operator-link', '--hours', 'many'], 2, 'got many'],
  ['too many hours', ['operator-link', '--hours', '9999'], 2, 'from 0.01 to 8760'],
  [
    'a prefix without stacks',
    ['operator-link', '--stack-prefix', 'none'],
    1,
    'no deployment with the prefix none',
  ],
  ['half a deployment', ['operator-link', '--stack-prefix', 'half'], 1, 'has no output DatasetGroupArn'],
])('%s is told in a sentence, with an exit code', async (_, args, exitCode, text) => {
  const result = await gallery(...args);
  expect(result.exitCode).toBe(exitCode);
  expect(result.errors).toContain(text);
  expect(result.errors).not.toContain('    at ');
});
