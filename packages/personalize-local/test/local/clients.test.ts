// All operations as the clients of others send them and read the answers: the SDK for JavaScript, and, where they are installed,
// boto3 and the AWS CLI. Each operation is asked for what is there and for what is not; all clients must be told the same.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import * as control from '@aws-sdk/client-personalize';
import * as events from '@aws-sdk/client-personalize-events';
import * as runtime from '@aws-sdk/client-personalize-runtime';
import { type Operation, operations, type Shape } from '../../src/protocol/model';
import { type Harness, REGION, startHarness } from './harness';
import { makeWorld, recipe, SCHEMAS, type World } from './world';

type Json = Readonly<Record<string, unknown>>;
interface Told {
  readonly answer?: Json;
  readonly code?: string;
  readonly message?: string;
  /** This version of the client does not have the operation, or has another model of it. */
  readonly unknown?: boolean;
}
type Call = (operation: Operation, input: Json) => Promise<Told>;

let h: Harness;
let world: World;

beforeAll(async () => {
  h = await startHarness();
  world = await makeWorld(h, 'clients');
});
afterAll(() => h.stop());

const MISSING = 'missing-one';

/** A value for a required member: of the world, or of nothing that is there. */
function valueFor(shape: Shape, name: string, who: string, isThere: boolean): unknown {
  switch (shape.kind) {
    case 'structure':
      return inputFor(shape, who, isThere);
    case 'list':
      return name === 'inputList' ? ['item-1', 'item-2'] : [valueFor(shape.member, name, who, isThere)];
    case 'map':
      return {};
    case 'number':
    case 'integer':
      return Math.max(1, shape.limits.min ?? 1);
    case 'boolean':
      return false;
    case 'timestamp':
      return 1_764_547_200;
    case 'string':
      return textFor(shape, name, who, isThere);
  }
}

function textFor(shape: Shape, name: string, who: string, isThere: boolean): string {
  const texts: Readonly<Record<string, string>> = {
    datasetGroupArn: world.datasetGroupArn,
    datasetArn: world.datasetArns.ITEMS,
    schemaArn: world.schemaArns.ITEMS,
    solutionArn: world.solutionArn,
    solutionVersionArn: world.solutionVersionArn,
    campaignArn: world.campaignArn,
    eventTrackerArn: world.eventTrackerArn,
    filterArn: world.datasetGroupArn.replace(/dataset-group.*/, `filter/${MISSING}`),
    resourceArn: world.datasetGroupArn,
    trackingId: world.trackingId,
  };
  const known = texts[name];
  if (known !== undefined) return isThere ? known : known.replace(/[^/]+$/, MISSING);
  if (name.endsWith('Arn') && name !== 'roleArn' && name !== 'recipeArn') {
    const kind = name.slice(0, -3).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return world.datasetGroupArn.replace(/dataset-group.*/, `${kind}/${MISSING}`);
  }
  const others: Readonly<Record<string, string>> = {
    recipeArn: recipe('aws-popularity-count'),
    roleArn: 'arn:aws:iam::123456789012:role/PersonalizeRole',
    schema: SCHEMAS.ITEMS,
    filterExpression: 'INCLUDE ItemID WHERE Items.EMOTION IN ("calm")',
    properties: '{"emotion":"calm"}',
    path: 's3://bucket/none/',
    dataLocation: 's3://bucket/none.csv',
    datasetType: 'Items',
    userId: 'user-1',
    itemId: 'item-1',
    sessionId: 'session',
    eventType: 'like',
    expression: 'SUM(Items.PRICE)',
  };
  if ('limits' in shape && shape.limits.enum) return shape.limits.enum[0] ?? '';
  return others[name] ?? `${name}-${who}`;
}

function inputFor(shape: Shape, who: string, isThere: boolean): Json {
  if (shape.kind !== 'structure') return {};
  const required = [...shape.members].filter(
    ([name]) => shape.required.has(name) || ['solutionVersionArn', 'roleArn'].includes(name),
  );
  return Object.fromEntries(required.map(([name, inner]) => [name, valueFor(inner, name, who, isThere)]));
}

/** Deletions come last, or there would be nothing left for the next client. */
const ALL = [...operations.values()];
const HARMLESS = ALL.filter(({ name }) => !/^(Delete|Stop)/.test(name));

const byJs: Call = async ({ name, service }, input) => {
  const [client, commands] = {
    personalize: [h.control, control],
    'personalize-events': [h.events, events],
    'personalize-runtime': [h.runtime, runtime],
  }[service] as [control.PersonalizeClient, Readonly<Record<string, new (given: Json) => never>>];
  const Command = commands[`${name}Command`];
  if (!Command) return { unknown: true };
  try {
    const output: object = await client.send(new Command(withDates(input) as Json));
    const { $metadata: _metadata, ...answer } = output as Record<string, unknown>;
    return { answer };
  } catch (error) {
    const { name: code, message } = error as Error;
    return { code, message };
  }
};

/** The SDK for JavaScript takes times as dates. */
const withDates = (value: unknown): unknown => {
  if (value === 1_764_547_200) return new Date(value * 1000);
  if (Array.isArray(value)) return value.map(withDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, withDates(inner)]));
};

/** The first Python that has the module, if one has. */
const pythonWith = (module: string, ...pythons: readonly string[]) =>
  pythons.find((python) => spawnSync(python, ['-c', `import ${module}`]).status === 0);
const CLIENTS = {
  boto3: pythonWith('boto3', 'python3', '/usr/bin/python3'),
  // The system's is version 2.
  cli: pythonWith('awscli.clidriver', '/usr/bin/python3', 'python3'),
};

async function withWorker(client: keyof typeof CLIENTS, use: (call: Call) => Promise<void>): Promise<void> {
  const script = join(__dirname, 'clients', 'worker.py');
  const env = {
    PATH: process.env.PATH,
    HOME: h.dir,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    AWS_PAGER: '',
    NO_PROXY: '127.0.0.1',
  };
  const stdio: ['pipe', 'pipe', 'inherit'] = ['pipe', 'pipe', 'inherit'];
  const worker: ChildProcess = spawn(String(CLIENTS[client]), [script, h.url, REGION], { env, stdio });
  const lines: Interface = createInterface({ input: worker.stdout as NodeJS.ReadableStream });
  try {
    await use(async ({ name, service }, input) => {
      const answered = once(lines, 'line');
      worker.stdin?.write(`${JSON.stringify({ client, service, operation: name, input })}\n`);
      return JSON.parse((await answered)[0]);
    });
  } finally {
    worker.kill();
  }
}

/** What each operation told, by name and by whether it was asked for what is there. */
async function askAll(call: Call, who: string): Promise<Map<string, Told>> {
  const told = new Map<string, Told>();
  for (const operation of HARMLESS)
    told.set(`${operation.name} there`, await call(operation, inputFor(operation.input, who, true)));
  for (const operation of ALL)
    told.set(`${operation.name} missing`, await call(operation, inputFor(operation.input, who, false)));
  return told;
}

/** The CLI follows the pages of lists by itself. */
const membersOf = ({ answer = {} }: Told) => Object.keys(answer).filter((name) => name !== 'nextToken');

/** Names of what one client made differ from another's. */
const comparable = (who: string, { code, message }: Told) => ({
  code,
  message: message?.replaceAll(who, 'WHO'),
});

/**
 * Refused although asked for what is there: the world has none of it, has it already, or the required members alone do not do. All
 * others succeed; these do in the tests beside this one.
 */
const REFUSED = [
  ...['CreateBatchSegmentJob', 'CreateDataDeletionJob', 'CreateDataset', 'CreateDatasetImportJob'],
  ...['CreateEventTracker', 'CreateRecommender', 'CreateSolution'],
  ...['DescribeAlgorithm', 'DescribeBatchInferenceJob', 'DescribeBatchSegmentJob', 'DescribeDataDeletionJob'],
  ...[
    'DescribeDatasetExportJob',
    'DescribeDatasetImportJob',
    'DescribeFeatureTransformation',
    'DescribeFilter',
  ],
  ...['DescribeMetricAttribution', 'DescribeRecommender', 'StartRecommender', 'UpdateCampaign'],
  ...[
    'UpdateMetricAttribution',
    'UpdateRecommender',
    'UpdateSolution',
    'PutActionInteractions',
    'PutActions',
  ],
  ...['PutEvents', 'PutItems', 'PutUsers'],
  ...['GetActionRecommendations', 'GetPersonalizedRanking', 'GetRecommendations'],
];

test('the SDK for JavaScript asks all 79 operations, and is told answers or errors that the model has', async () => {
  const told = await askAll(byJs, 'js');
  expect(ALL).toHaveLength(79);
  const strange = [...told].filter(([key, { code }]) => {
    const errors = operations.get(key.split(' ')[0] ?? '')?.errors;
    return code !== undefined && !errors?.has(code) && code !== 'ValidationException';
  });
  expect(strange).toEqual([]);
  const refused = HARMLESS.filter(({ name }) => !told.get(`${name} there`)?.answer).map(({ name }) => name);
  expect(refused).toEqual(REFUSED);
});

async function toldTheSame(client: keyof typeof CLIENTS): Promise<void> {
  const expected = await askAll(byJs, `js-for-${client}`);
  await withWorker(client, async (call) => {
    const told = await askAll(call, `by-${client}`);
    const known = [...told].filter(([, { unknown }]) => !unknown);
    expect(known.length).toBeGreaterThan(100);
    for (const [key, one] of known) {
      const other = expected.get(key) ?? {};
      expect([key, comparable(`by-${client}`, one)]).toEqual([key, comparable(`js-for-${client}`, other)]);
      expect([key, membersOf(one)]).toEqual([key, membersOf(other)]);
    }
  });
}

for (const client of ['boto3', 'cli'] as const) {
  (CLIENTS[client] ? test : test.skip)(`${client} is told the same`, () => toldTheSame(client));
}
