// npm run gallery -- operator-link and operators, and what every command line does: help, JSON, clear errors, exit codes.
import type { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { operatorLink } from '../../../cli/commands/operator-link';
import { operators } from '../../../cli/commands/operators';
import { type Output, run } from '../../../cli/run';
import { verifyToken } from '../../../lambda/shared/tokens';
import { FakeDynamoDB } from '../lambda/support/fake-dynamodb';

const NOW = Date.parse('2026-05-01T12:00:00.000Z');
const GROUP = 'arn:aws:personalize:eu-west-1:111122223333:dataset-group/party';
const KEY = 'the operator secret of the deployment';

const OUTPUTS: Record<string, Record<string, string>> = {
  'party-storage': { OperatorSecretArn: 'arn:operator', OperatorsTableName: 'operators' },
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

let dynamodb: FakeDynamoDB;
let now: number;

beforeEach(() => {
  dynamodb = new FakeDynamoDB();
  now = NOW;
});

const secretsManager = { send: (async () => ({ SecretString: KEY })) as never };

async function gallery(...args: string[]) {
  const printed: string[] = [];
  const errors: string[] = [];
  const output: Output = {
    now: () => now,
    progress: (line) => errors.push(line),
    print: (text) => printed.push(text),
    printError: (text) => errors.push(text),
  };
  const clients = { cloudFormation, dynamodb, secretsManager };
  const exitCode = await run([operatorLink(clients), operators(clients)], args, output);
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
  const [row] = dynamodb.rows('operators');
  expect(await subjectAt(tokenOf(out), NOW + 47 * 3600_000)).toBe(row?.operatorId);
  await expect(subjectAt(tokenOf(out), NOW + 49 * 3600_000)).rejects.toMatchObject({ status: 401 });
});

it('prints JSON, and takes the hours that are given', async () => {
  const { out } = await gallery('operator-link', '--stack-prefix=party', '--hours', '1.5', '--json');
  expect(JSON.parse(out)).toEqual({
    name: expect.stringMatching(/^link-/),
    url: expect.stringContaining('#operator='),
    expiresAt: '2026-05-01T13:30:00.000Z',
  });
});

const party = ['--stack-prefix', 'party'];

it('one of several operators is revoked by name, and may have a new link', async () => {
  for (const name of ['ann', 'ben']) {
    const { out } = await gallery('operators', 'add', name, ...party);
    expect(out).toContain(`operators revoke ${name}`);
  }
  expect((await gallery('operators', 'add', 'ann', ...party)).errors).toContain('revoke it first');
  expect((await gallery('operators', 'revoke', 'ann', ...party)).exitCode).toBe(0);
  const { out } = await gallery('operators', ...party);
  expect(out).toMatch(/^ann .*revoked 2026-05-01/m);
  expect(out).toMatch(/^ben .*2026-05-03T12:00:00/m);
  expect((await gallery('operators', 'add', 'ann', ...party)).exitCode).toBe(0);
  expect(dynamodb.rows('operators').filter(({ revokedAt }) => revokedAt)).toHaveLength(1);
});

it('whose link has run out is nobody’s any more', async () => {
  await gallery('operators', 'add', 'ann', '--hours', '1', ...party);
  now += 3600_001;
  expect((await gallery('operators', 'list', ...party)).out).toBe('Nobody has an operator link.');
  expect(dynamodb.rows('operators')).toEqual([]);
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
  ['another word than these', ['operators', 'end', 'ann'], 2, 'expected list, add or revoke, got end'],
  ['nobody’s name', ['operators', 'revoke', ...party], 2, 'revoke whom?'],
  ['somebody unknown', ['operators', 'revoke', 'eve', ...party], 1, 'nobody called eve'],
  ['hours that are no number', ['operator-link', '--hours', 'many'], 2, 'got many'],
  ['too many hours', ['operator-link', '--hours', '9999'], 2, 'from 0.01 to 8760'],
  [
    'a prefix without stacks',
    ['operator-link', '--stack-prefix', 'none'],
    1,
    'no deployment with the prefix none',
  ],
  ['half a deployment', ['operator-link', '--stack-prefix', 'half'], 1, 'has no output EnablerUrl'],
])('%s is told in a sentence, with an exit code', async (_, args, exitCode, text) => {
  const result = await gallery(...args);
  expect(result.exitCode).toBe(exitCode);
  expect(result.errors).toContain(text);
  expect(result.errors).not.toContain('    at ');
});
