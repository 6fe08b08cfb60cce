// preflight: what stands in the way of a deployment is told as "fails", what could not be looked at as "unknown", each with what to do.
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  ListCampaignsCommand,
  ListDatasetGroupsCommand,
  ListSchemasCommand,
  PersonalizeClient,
} from '@aws-sdk/client-personalize';
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { type GetParameterCommand, ParameterNotFound } from '@aws-sdk/client-ssm';
import { type Check, check, ok, resultOf } from '../../../cli/checks';
import type { Clients } from '../../../cli/clients';
import type { Rim } from '../../../cli/command';
import { costOf, preflight } from '../../../cli/commands/preflight';
import { accountChecks } from '../../../cli/preflight/account';
import { nameChecks } from '../../../cli/preflight/names';
import { quotaChecks } from '../../../cli/preflight/quotas';
import { readSettings } from '../../../lib/config';

interface World {
  readonly parameters?: Readonly<Record<string, string>>;
  readonly stackState?: string;
  readonly groups?: readonly string[];
  readonly quotas?: Readonly<Record<string, number>>;
  readonly concurrency?: { ConcurrentExecutions: number; UnreservedConcurrentExecutions: number };
}

const gone = (name: string, message = name) => Object.assign(new Error(message), { name });

/** Clients that answer out of the world; the paginators ask for the class of a client, so those are real ones. */
function clientsOf({ parameters = {}, stackState, groups = [], quotas, concurrency }: World): Clients {
  const personalize = new PersonalizeClient({ region: 'eu-west-1' });
  personalize.send = (async (command: unknown) => {
    if (command instanceof ListDatasetGroupsCommand)
      return { datasetGroups: groups.map((name) => ({ name })) };
    if (command instanceof ListSchemasCommand) return { schemas: [] };
    if (command instanceof ListCampaignsCommand) return { campaigns: [] };
    return { Filters: [] };
  }) as never;
  const serviceQuotas = new ServiceQuotasClient({ region: 'eu-west-1' });
  serviceQuotas.send = (async (command: unknown) => {
    if (!quotas || !(command instanceof ListServiceQuotasCommand)) throw gone('AccessDeniedException');
    return { Quotas: Object.entries(quotas).map(([QuotaName, Value]) => ({ QuotaName, Value })) };
  }) as never;
  const client = (send: (command: never) => unknown) => ({ send: async (command: never) => send(command) });
  return {
    personalize,
    serviceQuotas,
    sts: client(() => ({ Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/somebody' })),
    ssm: client((command: GetParameterCommand) => {
      const Value = parameters[command.input.Name ?? ''];
      if (Value === undefined) throw new ParameterNotFound({ message: 'no', $metadata: {} });
      return { Parameter: { Value } };
    }),
    cloudFormation: client((command: unknown) => {
      if (!(command instanceof DescribeStacksCommand) || !stackState)
        throw gone('ValidationError', 'Stack does not exist');
      return { Stacks: [{ StackStatus: stackState }] };
    }),
    lambda: client(() => ({
      AccountLimit: concurrency ?? { ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 },
    })),
  } as never;
}

const byName = <T extends { readonly name: string }>(checks: readonly T[], name: string) =>
  checks.find((each) => each.name === name);
const infrastructure = '/aws/service/global-infrastructure/regions';
const bootstrap = '/cdk-bootstrap/hnb659fds/version';

test.each(['CredentialsProviderError', 'ExpiredToken', 'InvalidClientTokenId'])(
  'credentials that are not there or not valid (%s) fail, with how to log in, and are the one thing that is told of the account',
  async (name) => {
    const refuse = () => {
      throw gone(name, 'no');
    };
    const client = { send: async () => refuse(), config: { region: async () => 'eu-west-1' } };
    const nobody = new Proxy({}, { get: () => client }) as Clients;
    const { json, exitCode } = await preflight(nobody).run({}, [], {} as Rim);
    expect(exitCode).toBe(1);
    const { checks } = json as { checks: Check[] };
    expect(byName(checks, 'credentials')).toMatchObject({
      outcome: 'fails',
      found: `${name}: no`,
      todo: expect.stringContaining('aws sso login'),
    });
    expect(checks.map(({ name: each }) => each)).toEqual(['credentials', 'region', 'bootstrap', 'cost']);
  },
);

test('stacks that may not be looked at are unknown, and the other checks go on', async () => {
  const clients = clientsOf({});
  const denied = { send: async () => Promise.reject(gone('AccessDenied', 'not you')) };
  const checks = await nameChecks({ ...clients, cloudFormation: denied } as never, 'gallery');
  expect(checks.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['stacks', 'unknown'],
    ['names', 'unknown'],
  ]);
});

test('a region of which AWS says that it lacks the service fails, with those that have it', async () => {
  const parameters = { [`${infrastructure}/eu-north-1`]: 'eu-north-1', [bootstrap]: '21' };
  const checks = await accountChecks(clientsOf({ parameters }), 'eu-north-1');
  expect(byName(checks, 'region')).toMatchObject({
    outcome: 'fails',
    todo: expect.stringContaining('eu-west-1'),
  });
  expect(byName(checks, 'bootstrap')).toMatchObject({ outcome: 'ok' });
});

test('a region that AWS names only lately is taken at its word', async () => {
  const parameters = { [`${infrastructure}/eu-north-1/services/personalize`]: 'personalize' };
  expect(byName(await accountChecks(clientsOf({ parameters }), 'eu-north-1'), 'region')).toMatchObject({
    outcome: 'ok',
  });
});

test('a region of another partition fails, although it has the service: ARNs are written for ours', async () => {
  const parameters = { [`${infrastructure}/cn-north-1/services/personalize`]: 'personalize' };
  expect(byName(await accountChecks(clientsOf({ parameters }), 'cn-north-1'), 'region')).toMatchObject({
    outcome: 'fails',
    found: expect.stringContaining('partition aws-cn'),
  });
});

test.each([
  ['no bootstrap stack', {}, 'fails'],
  ['one that is too old', { [bootstrap]: '5' }, 'fails'],
  ['one that says nothing of a version', { [bootstrap]: 'latest' }, 'unknown'],
])('%s is told with the command that mends it', async (_name, parameters, outcome) => {
  const found = byName(await accountChecks(clientsOf({ parameters }), 'eu-west-1'), 'bootstrap');
  expect(found).toMatchObject({ outcome, todo: 'npx cdk bootstrap aws://ACCOUNT/eu-west-1' });
});

test('a stack that takes no update fails, with what it needs first', async () => {
  const checks = await nameChecks(clientsOf({ stackState: 'UPDATE_ROLLBACK_FAILED' }), 'gallery');
  expect(byName(checks, 'stacks')).toMatchObject({
    outcome: 'fails',
    todo: 'First aws cloudformation continue-update-rollback --stack-name gallery-storage',
  });
});

const five = ['a', 'b', 'c', 'd', 'e'];

test('a quota that is full fails; by its default alone it is unknown, for the account may have more', async () => {
  const settings = readSettings({});
  const asked = await quotaChecks(
    clientsOf({ groups: five, quotas: { 'Active dataset groups': 5 } }),
    settings,
  );
  expect(byName(asked, 'dataset groups')).toMatchObject({ outcome: 'fails', found: '5 of 5, 1 to be made' });
  const guessed = await quotaChecks(clientsOf({ groups: five }), settings);
  expect(byName(guessed, 'dataset groups')).toMatchObject({ outcome: 'unknown' });
});

test('what the deployment has made already needs no room of its own', async () => {
  const groups = [...five.slice(1), 'emotion-gallery-dev'];
  const checks = await quotaChecks(
    clientsOf({ groups, quotas: { 'Active dataset groups': 5 } }),
    readSettings({}),
  );
  expect(byName(checks, 'dataset groups')).toMatchObject({ outcome: 'ok', found: '5 of 5, 0 to be made' });
});

test('a reservation that the account would refuse fails before the deployment does', async () => {
  const concurrency = { ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 };
  const reserving = await quotaChecks(clientsOf({ concurrency }), readSettings({ reservedConcurrency: '5' }));
  expect(byName(reserving, 'concurrent executions')).toMatchObject({
    outcome: 'fails',
    found: expect.stringContaining('takes 65'),
  });
  const plain = await quotaChecks(clientsOf({ concurrency }), readSettings({}));
  expect(byName(plain, 'concurrent executions')).toMatchObject({ outcome: 'unknown' });
});

test('a cost is told as such only for the region whose prices are known; elsewhere it is unknown, with where to look', () => {
  const { campaigns } = readSettings({ campaigns: 'personal,similar' });
  expect(costOf({ campaigns }, 'us-east-1')).toEqual(
    ok('0.74 US dollars an hour once personal and similar are up (list price of us-east-1)'),
  );
  expect(costOf({ campaigns }, 'eu-west-1')).toEqual({
    outcome: 'unknown',
    found: expect.stringMatching(/list price of us-east-1; that of eu-west-1 is not known here/),
    todo: expect.stringContaining('Value=eu-west-1'),
  });
  expect(costOf({ campaigns: [] }, 'eu-west-1')).toMatchObject({ outcome: 'ok' });
});

test('what cannot be looked at is unknown, with the error; only a check that fails makes the exit code 1', async () => {
  const denied = await check('quotas', async () => {
    throw gone('AccessDeniedException', 'not you');
  });
  expect(denied).toMatchObject({ outcome: 'unknown', found: 'AccessDeniedException: not you' });
  expect(resultOf([denied, { name: 'region', ...ok('there') }]).exitCode).toBe(0);
  expect(resultOf([{ name: 'region', outcome: 'fails', found: 'not there' }]).exitCode).toBe(1);
});
