// The functions against DynamoDB on localhost: their expressions, transactions and indexes hold there, not only in the
// unit tests' fake.
import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { HttpHandler } from '../../../lambda/shared/http/handler';
import { createDynamoDb } from '../../../packages/aws-local/src/services/dynamodb';
import { type Harness, startServices } from '../../../packages/aws-local/test/local/harness';
import { World } from '../../unit/lambda/support/world';

type Keys = readonly [hash: string, range?: string];

const TABLES: Record<string, { keys: Keys; indexes?: Record<string, Keys> }> = {
  items: {
    keys: ['itemId'],
    indexes: { pictures: ['listed', 'itemId'], unsent: ['unsentPartition', 'unsentSince'] },
  },
  visitors: { keys: ['visitorId'], indexes: { unsent: ['unsentPartition', 'unsentSince'] } },
  likes: { keys: ['visitorId', 'eventId'], indexes: { latest: ['day', 'acceptedAt'] } },
  totals: { keys: ['shard'] },
  undelivered: { keys: ['partition', 'entry'] },
  operators: { keys: ['operatorId'] },
};

const schema = ([hash, range]: Keys) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  ...(range ? [{ AttributeName: range, KeyType: 'RANGE' as const }] : []),
];

function createTable(name: string): CreateTableCommand {
  const { keys, indexes = {} } = TABLES[name] ?? { keys: [''] };
  const attributes = new Set([...keys, ...Object.values(indexes).flat()]);
  return new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [...attributes].map((each) => ({ AttributeName: each, AttributeType: 'S' })),
    KeySchema: schema(keys),
    ...(Object.keys(indexes).length > 0 && {
      GlobalSecondaryIndexes: Object.entries(indexes).map(([IndexName, index]) => ({
        IndexName,
        KeySchema: schema(index),
        Projection: { ProjectionType: 'ALL' },
      })),
    }),
  });
}

const world = new World();
let harness: Harness;
let client: DynamoDBClient;
let now = Date.now();

beforeAll(async () => {
  harness = await startServices({ dynamodb: createDynamoDb });
  client = new DynamoDBClient(harness.client);
  for (const name of Object.keys(TABLES)) await client.send(createTable(name));
  await client.send(
    new PutItemCommand({
      TableName: 'operators',
      Item: { operatorId: { S: 'operator' }, name: { S: 'Ann' } },
    }),
  );
  const send = client.send.bind(client);
  world.install();
  Object.assign(world.dynamodb, { send });
  jest.spyOn(Date, 'now').mockImplementation(() => now);
});

afterAll(async () => {
  client.destroy();
  await harness.close();
});

const load = async (name: string): Promise<HttpHandler> =>
  ((await import(`../../../lambda/${name}/handler`)) as { handler: HttpHandler }).handler;

it('a gallery fills, people come and like, the minimum is reached, what failed is made up for', async () => {
  const { handler: onObject } = await import('../../../lambda/catalog/handler');
  const catalog = (event: object) => onObject(event, { getRemainingTimeInMillis: () => 60_000 });
  const { handler: redeliver } = await import('../../../lambda/redeliver/handler');
  const [visitors, images, like] = [await load('visitors'), await load('images'), await load('like')];
  const [progress, operator] = [await load('progress'), await load('operator')];

  const pictures = ['emotions/calm/1.svg', 'emotions/calm/2.svg', 'emotions/sad/1.svg'];
  for (const key of pictures) {
    world.s3.put(key, '<svg/>');
    await catalog({
      'detail-type': 'Object Created',
      time: new Date(now).toISOString(),
      detail: { object: { key } },
    });
  }

  const first = await world.call(visitors, 'POST', '/api/visitors', { body: { emotion: 'calm' } });
  const people = await world.call(operator, 'POST', '/api/operator/people', {
    body: { count: 1 },
    token: await world.token('operator', { audience: 'operator' }),
  });
  const tokens: string[] = [first.body.token, people.body.visitors[0].token];

  const listed = await world.call(images, 'GET', '/api/images', {
    token: tokens[0],
    query: { emotion: 'calm' },
  });
  expect(listed.body.images).toHaveLength(2);

  const send = (token: string | undefined, ...events: object[]) =>
    world.call(like, 'POST', '/api/likes', {
      token,
      body: {
        sessionId: 'session',
        likes: events.map((event) => ({
          ...{ eventId: randomUUID(), itemId: pictures[0], liked: true, impression: pictures },
          ...{ occurredAt: new Date(now).toISOString(), ...event },
        })),
      },
    });
  const eventId = randomUUID();
  expect(await send(tokens[0], { eventId }, { itemId: pictures[1] })).toMatchObject({ status: 202 });
  expect((await send(tokens[0], { eventId }, {})).body).toMatchObject({ duplicates: [eventId] });
  now += 1000;
  expect(await send(tokens[0], { itemId: pictures[1], liked: false })).toMatchObject({ status: 202 });
  world.personalizeFault = () => {
    throw Object.assign(new Error('down'), { name: 'TimeoutError' });
  };
  expect(await send(tokens[1], {}, {})).toMatchObject({ status: 202 });
  world.personalizeFault = () => undefined;

  const totals = await world.call(progress, 'GET', '/api/progress');
  expect(totals.body).toMatchObject({ users: 2, qualifiedUsers: 2, interactions: 5, reached: false });
  expect(world.bus).toHaveLength(1);

  const after = await world.call(images, 'GET', '/api/images', { token: tokens[0] });
  const liked = (after.body.images as { itemId: string; liked: boolean }[]).filter((image) => image.liked);
  expect(liked.map(({ itemId }) => itemId)).toEqual([pictures[0]]);
  const latest = await world.call(progress, 'GET', '/api/latest');
  expect(latest.body.images.length).toBeGreaterThan(0);

  now += 61_000;
  await redeliver({ source: 'aws.events', detail: {} } as Parameters<typeof redeliver>[0], {
    getRemainingTimeInMillis: () => 55_000,
  });
  const delivered = new Set(
    world.events.flatMap(({ eventList }) => eventList?.map((event) => event.eventId)),
  );
  expect(delivered.size).toBe(6);
  expect(world.bus).toHaveLength(1);

  world.s3.objects.delete(String(pictures[0]));
  await catalog({
    'detail-type': 'Object Deleted',
    time: new Date(now).toISOString(),
    detail: { object: { key: pictures[0] } },
  });
  const left = await world.call(images, 'GET', '/api/images', {
    token: tokens[0],
    query: { emotion: 'calm' },
  });
  expect(left.body.images).toHaveLength(1);
});
