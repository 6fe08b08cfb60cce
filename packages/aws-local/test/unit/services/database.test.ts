// The database under DynamoDB on a disk that fills up: what is refused is as if it had not been asked for, on disk and in memory.
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import type { ServiceContext } from '../../../src/service';
import { Database } from '../../../src/services/dynamodb/database';
import { execute } from '../../../src/services/dynamodb/dynalite';

let dir: string;
let store: Store;
let database: Database;

async function open(): Promise<void> {
  store = new Store({ dir, clock: new ManualClock() });
  database = await Database.open({ store, accountId: '000000000000', region: 'us-east-1' } as ServiceContext);
}

async function reopen(): Promise<void> {
  await database.close();
  await store.close();
  await open();
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'database-'));
  await open();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await database.close();
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

const fill = () =>
  jest.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw new Error('ENOSPC: no space left on device, write');
  });
const createTable = (TableName: string) =>
  database.administer(
    'CreateTable',
    database.check('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }),
  );
const deleteTable = (TableName: string) =>
  database.administer('DeleteTable', database.check('DeleteTable', { TableName }));
const put = (id: string) =>
  database.write((unit) =>
    execute(unit, 'PutItem', database.check('PutItem', { TableName: 'likes', Item: { id: { S: id } } })),
  );
const ids = async () => {
  const found: string[] = [];
  for await (const item of database.items('likes')) found.push(String(item.id?.S));
  return found.sort();
};

test('tables and items are there after a restart', async () => {
  await createTable('likes');
  await Promise.all(['a', 'b', 'c'].map(put));
  await reopen();
  expect(database.tableNames()).toEqual(['likes']);
  expect(await ids()).toEqual(['a', 'b', 'c']);
  await deleteTable('likes');
  await reopen();
  expect([database.tableNames(), await ids()]).toEqual([[], []]);
});

test('an item that the disk refuses is not there, and the next one is taken when there is room', async () => {
  await createTable('likes');
  await put('a');
  const full = fill();
  await expect(put('b')).rejects.toThrow('ENOSPC');
  expect(await ids()).toEqual(['a']);
  full.mockRestore();
  await put('c');
  await reopen();
  expect(await ids()).toEqual(['a', 'c']);
});

test('a table whose creation or deletion the disk refuses is as it was', async () => {
  await createTable('likes');
  await put('a');
  const full = fill();
  await expect(createTable('other')).rejects.toThrow('ENOSPC');
  await expect(deleteTable('likes')).rejects.toThrow('ENOSPC');
  expect(database.tableNames()).toEqual(['likes']);
  expect(await ids()).toEqual(['a']);
  full.mockRestore();
  await reopen();
  expect(database.tableNames()).toEqual(['likes']);
  expect(await ids()).toEqual(['a']);
});
