// The schemas of the deployed gallery change: in place where Amazon Personalize allows it, refused where it does not. So is a change of
// what other stacks have by its name or id. Then the gallery is destroyed, and nothing is left in any service.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AvroField, AvroSchema } from '../../../lambda/shared/personalize/avro';
import { interactionsSchema, itemsSchema } from '../../../lambda/shared/personalize/schemas';
import { Account } from '../app/account';
import { changeTemplate, copyAssembly } from '../app/assembly';
import { GalleryClient, likeOf } from '../app/gallery-client';
import { type CliResult, cdk } from './support/cli';
import { type DeployedGallery, deployGallery, PREFIX } from './support/gallery';
import { left } from './support/left';

const STACK = `${PREFIX}-personalize`;
const ITEM = 'emotions/calm/one.svg';
const ARTIST: AvroField = { name: 'ARTIST', type: ['null', 'string'] };
const YEAR: AvroField = { name: 'YEAR', type: ['int', 'null'] };

let gallery: DeployedGallery;
let client: GalleryClient;
let account: Account;
let scratch: string;

beforeAll(async () => {
  gallery = await deployGallery();
  client = new GalleryClient(gallery.endpoint.siteUrl);
  account = new Account({
    awsEndpoint: gallery.endpoint.endpoint,
    credentials: gallery.endpoint.credentials,
    outputs: { all: gallery.outputs },
  });
  scratch = mkdtempSync(join(tmpdir(), 'changed-schema-'));
  const { call } = gallery.endpoint;
  await call('s3', 'PutObject', {
    Bucket: gallery.outputs.BucketName,
    Key: ITEM,
    Body: Buffer.from('<svg/>'),
  });
  await untilIngested();
});

afterAll(async () => {
  client?.close();
  account?.close();
  await gallery?.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** The picture is in the gallery, and Amazon Personalize has taken it. */
async function untilIngested(): Promise<void> {
  const isIngested = ({ listed, unsentSince }: Record<string, unknown>) => listed && !unsentSince;
  while (!(await account.rows('ItemsTableName')).some(isIngested)) await pause(100);
}

/** The app as it would be synthesized with further columns in one schema. */
function assemblyWith(name: string, schema: AvroSchema, ...columns: readonly AvroField[]): string {
  const assembly = join(scratch, name);
  const fields = schema.fields as AvroField[];
  const before = fields.length;
  fields.push(...columns);
  try {
    gallery.synthesize(assembly);
  } finally {
    fields.length = before;
  }
  return assembly;
}

const deploy = (assembly: string, stack = STACK): Promise<CliResult> =>
  cdk(
    gallery.endpoint,
    ...['deploy', stack, '--exclusively', '--app', assembly, '--require-approval=never', '--no-notices'],
    '--progress=events',
  );

interface Dataset {
  readonly datasetArn: string;
  readonly schemaArn: string;
  readonly creationDateTime: number;
  readonly status: string;
}

const arnOf = (type: 'ITEMS' | 'INTERACTIONS') =>
  `${String(gallery.outputs.DatasetGroupArn).replace(':dataset-group/', ':dataset/')}/${type}`;

async function describe(type: 'ITEMS' | 'INTERACTIONS'): Promise<Dataset> {
  const { call } = gallery.endpoint;
  return (await call('personalize', 'DescribeDataset', { datasetArn: arnOf(type) })).dataset as Dataset;
}

async function columnsOf(type: 'ITEMS' | 'INTERACTIONS'): Promise<string[]> {
  const { schemaArn } = await describe(type);
  const { schema } = await gallery.endpoint.call('personalize', 'DescribeSchema', { schemaArn });
  const document = JSON.parse((schema as { schema: string }).schema) as { fields: { name: string }[] };
  return document.fields.map(({ name }) => name);
}

async function schemas(): Promise<string[]> {
  const { schemas: found } = await gallery.endpoint.call('personalize', 'ListSchemas', {});
  return (found as { name: string }[]).map(({ name }) => name.replace(/-[0-9a-f]{8}$/, '')).sort();
}

const OF_EACH_DATASET = ['interactions', 'items', 'users'].map((type) => `${PREFIX}-${type}`);

async function status(StackName = STACK): Promise<string> {
  const { Stacks } = await gallery.endpoint.call('cloudformation', 'DescribeStacks', { StackName });
  return (Stacks as { StackStatus: string }[])[0]?.StackStatus ?? '';
}

const putItem = (itemId: string, properties: object) =>
  gallery.endpoint.call('personalize', 'PutItems', {
    datasetArn: arnOf('ITEMS'),
    items: [{ itemId, properties: JSON.stringify({ creationTimestamp: 1_700_000_000, ...properties }) }],
  });

/** Somebody comes, sees the picture and likes it; Amazon Personalize has the like. */
async function expectServing(): Promise<void> {
  const { token, visitorId } = await client.createVisitor();
  const { accepted } = await client.like(token, [likeOf(ITEM)]);
  expect(accepted).toHaveLength(1);
  const likes = await account.datasetLikes();
  expect(likes.filter(({ userId }) => userId === visitorId)).toHaveLength(1);
}

test('a further column comes in place: the dataset, its data and its ARN stay, the old schema goes', async () => {
  const before = await describe('ITEMS');
  await expect(putItem('with-artist', { emotion: 'sad', artist: 'Ada' })).rejects.toThrow();
  expect(await deploy(assemblyWith('artist', itemsSchema, ARTIST))).toMatchObject({ exitCode: 0 });
  const after = await describe('ITEMS');
  expect(after).toMatchObject({ status: 'ACTIVE', creationDateTime: before.creationDateTime });
  expect(await columnsOf('ITEMS')).toContain('ARTIST');
  expect(await schemas()).toEqual(OF_EACH_DATASET);
  await putItem('with-artist', { emotion: 'sad', artist: 'Ada' });
  const rows = await account.exportDataset('ITEMS');
  const artists = rows.map(({ ITEM_ID, ARTIST: artist }) => [ITEM_ID, artist]);
  expect(artists.sort()).toEqual([
    [ITEM, ''],
    ['with-artist', 'Ada'],
  ]);
  await expectServing();
});

/** A role that is refused, made when the dataset has its new schema. */
function breakBehind(assembly: string): void {
  changeTemplate(assembly, STACK, ({ Resources }) => {
    Resources.Broken = {
      Type: 'AWS::IAM::Role',
      Properties: { AssumeRolePolicyDocument: { Statement: 'nobody' } },
      DependsOn: 'ItemsDataset',
    };
  });
}

test('a deployment that fails behind the change is rolled back, and can be repeated', async () => {
  const broken = assemblyWith('broken', itemsSchema, ARTIST, YEAR);
  breakBehind(broken);
  expect((await deploy(broken)).exitCode).toBe(1);
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  // What the service does not take back stays, empty.
  expect(await columnsOf('ITEMS')).toContain('YEAR');
  await putItem('without-year', { emotion: 'calm' });
  await expectServing();

  expect(await deploy(assemblyWith('repaired', itemsSchema, ARTIST, YEAR))).toMatchObject({ exitCode: 0 });
  expect(await schemas()).toEqual(OF_EACH_DATASET);
  await putItem('with-year', { emotion: 'calm', year: 1973 });
});

test('the code before the change can be deployed again; its records still fit', async () => {
  expect(await deploy(gallery.assembly)).toMatchObject({ exitCode: 0 });
  expect(await status()).toBe('UPDATE_COMPLETE');
  await putItem('as-before', { emotion: 'calm' });
  expect(await schemas()).toEqual(OF_EACH_DATASET);
});

test('a change of the interactions is refused, rolled back, and the gallery goes on', async () => {
  const { exitCode, output } = await deploy(
    assemblyWith('interactions', interactionsSchema, { name: 'DEVICE', type: ['string', 'null'] }),
  );
  expect(exitCode).toBe(1);
  expect(output.replaceAll(/\s+/g, ' ')).toContain('replaces schemas of Items and Users only');
  expect(await status()).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await columnsOf('INTERACTIONS')).not.toContain('DEVICE');
  expect(await schemas()).toEqual(OF_EACH_DATASET);
  await expectServing();
});

test.each([
  ['storage', 'AWS::DynamoDB::Table', 'TableName', /Export \S+ cannot be updated as it is in use by/],
  // Amazon Personalize has one tracker a group, and CloudFormation makes before it deletes.
  ['personalize', 'AWS::Personalize::EventTracker', 'Name', /event ?tracker/i],
])(
  'a replacement in the %s stack (%s) is refused while others have the old one, and they go on with it',
  async (part, type, name, reason) => {
    const stack = `${PREFIX}-${part}`;
    const assembly = join(scratch, `replaced-${part}`);
    copyAssembly(gallery.assembly, assembly);
    changeTemplate(assembly, stack, ({ Resources }) => {
      const resource = Object.values(Resources).find(({ Type }) => Type === type);
      if (!resource) throw new Error(`${stack} has no ${type}`);
      resource.Properties[name] = 'another';
    });
    const { exitCode, output } = await deploy(assembly, stack);
    expect(exitCode).toBe(1);
    expect(output.replaceAll(/\s+/g, ' ')).toMatch(reason);
    expect(await status(stack)).toBe('UPDATE_ROLLBACK_COMPLETE');
    await expectServing();
  },
);

test('destroying all stacks leaves the buckets of the CDK and of CloudFormation itself, and nothing else', async () => {
  const { endpoint, assembly } = gallery;
  const { exitCode, output } = await cdk(
    endpoint,
    ...['destroy', '--all', '--force', '--app', assembly, '--no-notices'],
  );
  expect({ exitCode, output: exitCode === 0 ? '' : output }).toEqual({ exitCode: 0, output: '' });
  expect(await left(endpoint)).toEqual({
    buckets: [
      'cdk-hnb659fds-assets-000000000000-us-east-1',
      // Takes the answers of custom resources; on AWS it is in an account of CloudFormation's.
      'cloudformation-custom-resource-response-useast1',
    ],
    roles: [],
    buses: ['default'],
    scheduleGroups: ['default'],
    distributions: 0,
  });
});
