// All operations of all services, asked for what they do not know and without what they need.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { type AwsEndpoint, createAwsEndpoint } from '../../src/endpoint';
import { AwsError, type Shape } from '../../src/service';
import { SERVICES } from '../../src/services';

/** What DynamoDB reads before it looks at the other members. */
const needed = (service: string, name: string): Shape => {
  if (service !== 'dynamodb' || name === 'ListTables') return {};
  return name.startsWith('Batch') ? { RequestItems: { 'no-table': [] } } : { TableName: 'no-table' };
};
/** The first look their resource up, and check what they make of it and the change; the others are refused whatever they are asked. */
const NOT_MEMBERS_FIRST =
  /^(apigateway\.Update(Integration|Route|Stage)|cloudfront\.Update\w+(Policy|Control)|cloudformation\..*Drifts?)$/;

const state = mkdtempSync(join(tmpdir(), 'every-operation-'));
let endpoint: AwsEndpoint;
let operations: { service: string; name: string }[];

beforeAll(async () => {
  endpoint = await createAwsEndpoint({
    stateDir: state,
    region: 'us-east-1',
    accountId: '000000000000',
    awsPort: 0,
    sitePort: 0,
    clock: new RealClock(1),
    personalizeClock: new RealClock(60),
    log: () => undefined,
  });
  operations = SERVICES.flatMap(({ id }) => endpoint.operations(id).map((name) => ({ service: id, name })));
});
afterAll(async () => {
  await endpoint.close();
  rmSync(state, { recursive: true, force: true });
});

async function errorOf(service: string, name: string, input: Shape): Promise<unknown> {
  return endpoint.call(service, name, input).then(
    () => undefined,
    (error: unknown) => error,
  );
}

test('a member that an operation does not know is refused by its name', async () => {
  const passedOver: string[] = [];
  let asked = 0;
  for (const { service, name } of operations) {
    // Amazon Personalize takes all members of its API, and AWS passes over others there.
    if (service === 'personalize' || NOT_MEMBERS_FIRST.test(`${service}.${name}`)) continue;
    asked += 1;
    const message = String(await errorOf(service, name, { ...needed(service, name), NoSuchMember: 1 }));
    if (!message.includes('NoSuchMember')) passedOver.push(`${service}.${name}: ${message}`);
  }
  expect(passedOver).toEqual([]);
  expect(asked).toBeGreaterThan(300);
});

test('input without members, or with values of no type that fits, is never an error of the service itself', async () => {
  const broken: string[] = [];
  const wrong = new Proxy({}, { get: () => Number.NaN, has: () => true, ownKeys: () => [] });
  for (const { service, name } of operations) {
    for (const input of [{}, wrong]) {
      const error = await errorOf(service, name, input);
      if (error === undefined || (error instanceof AwsError && error.status < 500)) continue;
      broken.push(`${service}.${name}: ${String(error)}`);
    }
  }
  expect(broken).toEqual([]);
});
