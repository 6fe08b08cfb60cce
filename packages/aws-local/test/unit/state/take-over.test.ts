// A state folder from before the store: what it held is in the store, whole, or nothing has changed.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import * as dynalite from 'dynalite/db';
import { openStore } from '../../../src/state/open-store';

let stateDir: string;
const open = () => openStore({ stateDir, clock: new ManualClock(), log: () => undefined });
const write = (path: string, ...lines: string[]) => {
  mkdirSync(join(stateDir, path, '..'), { recursive: true });
  writeFileSync(join(stateDir, path), lines.join('\n'));
};

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'take-over-'));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

test('the live values of each file are in the map of its name, in their order', async () => {
  write('sqs/messages.jsonl', '[["b",1]]', '[["a",{"x":2}],["c",3]]', '[["b",4]]', '[["c"]]', '[["torn"');
  write('iam/roles.jsonl', '[["role",{"name":"role"}]]', '');
  const store = await open();
  expect([...store.map('sqs/messages').entries()]).toEqual([
    ['b', 4],
    ['a', { x: 2 }],
  ]);
  expect(store.map('iam/roles').get('role')).toEqual({ name: 'role' });
  expect(existsSync(join(stateDir, 'sqs/messages.jsonl'))).toBe(false);
  await store.close();
  const again = await open();
  expect(again.map('sqs/messages').size).toBe(2);
  await again.close();
});

test('tables of DynamoDB are taken over with their items', async () => {
  const path = join(stateDir, 'dynamodb', 'tables');
  mkdirSync(path, { recursive: true });
  const { db } = dynalite.create({ path, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  await db.open();
  await db.batch([
    { type: 'put', key: 'table~likes', value: { TableName: 'likes', TableStatus: 'ACTIVE' } },
    { type: 'put', key: 'item-likes~ada', value: { visitorId: { S: 'ada' } } },
    { type: 'put', key: 'table~half', value: { TableName: 'half', TableStatus: 'CREATING' } },
    { type: 'put', key: 'item-half~ada', value: {} },
  ]);
  await db.close();
  const store = await open();
  expect([...store.map('dynamodb/items').entries()]).toEqual([
    ['item-likes~ada', { visitorId: { S: 'ada' } }],
    ['table~likes', { TableName: 'likes', TableStatus: 'ACTIVE' }],
  ]);
  expect(existsSync(path)).toBe(false);
  await store.close();
});

test.each(['missing', 'empty'])(
  'objects whose store is %s stop the start, and are not taken for left-overs',
  async (how) => {
    write('s3/objects/blob', 'a picture');
    if (how === 'empty') mkdirSync(join(stateDir, 'store'));
    await expect(open()).rejects.toThrow(/store is damaged: it is missing or empty/);
    expect(readFileSync(join(stateDir, 's3/objects/blob'), 'utf8')).toBe('a picture');
  },
);

test('a damaged file stops it with the name of the file and the line, and nothing is changed', async () => {
  write('sqs/queues.jsonl', '[["a",1]]', '');
  write('sqs/messages.jsonl', '[["a",1]]', 'nonsense', '[["b",2]]', '');
  const before = readdirSync(join(stateDir, 'sqs')).map((name) =>
    readFileSync(join(stateDir, 'sqs', name), 'utf8'),
  );
  await expect(open()).rejects.toThrow(/messages\.jsonl is damaged: line 2/);
  expect(
    readdirSync(join(stateDir, 'sqs')).map((name) => readFileSync(join(stateDir, 'sqs', name), 'utf8')),
  ).toEqual(before);
  expect(existsSync(join(stateDir, 'store'))).toBe(false);
});
