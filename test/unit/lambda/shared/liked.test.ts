// What instances remember of a visitor's likes holds only as long as nothing was liked or taken back, wherever that came in.
import { likeStore } from '../../../../lambda/like/store';
import { likedItems } from '../../../../lambda/shared/gallery/liked';
import { FakeDynamoDB } from '../support/fake-dynamodb';

const TABLES = { visitors: 'visitors', likes: 'likes', totals: 'totals', undelivered: 'undelivered' };
const VISITOR = 'visitor';
const [CALM, SAD] = ['emotions/calm/1.svg', 'emotions/sad/1.svg'];

let dynamodb: FakeDynamoDB;
let now: number;
let events: number;

beforeEach(() => {
  dynamodb = new FakeDynamoDB();
  dynamodb.put('visitors', { visitorId: VISITOR, likes: 0 });
  now = Date.parse('2026-05-01T12:00:00Z');
  events = 0;
});

/** A like or an unlike, as another function stores it. */
async function store(eventType: 'like' | 'unlike', itemId: string, visitorId = VISITOR): Promise<void> {
  now += 1000;
  events += 1;
  const rim = { now: () => now, random: () => 0, sleep: async () => undefined };
  const like = { eventId: `event-${events}`, eventType, itemId, occurredAt: new Date(now).toISOString() };
  await likeStore({ client: dynamodb, tables: TABLES, ...rim }).store({
    ...{ visitorId, sessionId: 'session', requestId: `request-${events}`, trackingId: 'tracking' },
    likes: [{ ...like, emotion: 'calm' }],
  });
}

const instance = () => likedItems(dynamodb, TABLES);
const queries = () => dynamodb.commands.filter((name) => name === 'QueryCommand').length;

it('shows each like and each unlike at once, in every instance', async () => {
  const [one, another] = [instance(), instance()];
  const seen = async () => {
    const liked = [...(await one(VISITOR)).liked].sort();
    expect([...(await another(VISITOR)).liked].sort()).toEqual(liked);
    return liked;
  };
  expect(await seen()).toEqual([]);
  await store('like', CALM);
  expect(await seen()).toEqual([CALM]);
  await store('like', SAD);
  expect(await seen()).toEqual([CALM, SAD]);
  await store('unlike', CALM);
  expect(await seen()).toEqual([SAD]);
  await store('like', CALM);
  expect(await seen()).toEqual([CALM, SAD]);
});

it('does not read the likes again while the visitor likes nothing', async () => {
  dynamodb.put('visitors', { visitorId: 'other', likes: 0 });
  await store('like', CALM);
  const liked = instance();
  await liked(VISITOR);
  await store('like', SAD, 'other');
  expect([...(await liked(VISITOR)).liked]).toEqual([CALM]);
  expect(queries()).toBe(1);
});

it('does not take a like that came between its two readings for one that it knows of', async () => {
  let isBetween = true;
  const send = dynamodb.send as (command: object) => Promise<unknown>;
  const client = {
    send: async (command: object) => {
      const answer = await send(command);
      if (command.constructor.name === 'QueryCommand' && isBetween) {
        isBetween = false;
        await store('like', SAD);
      }
      return answer;
    },
  };
  const raced = likedItems(client as never, TABLES);
  expect([...(await raced(VISITOR)).liked]).toEqual([]);
  expect([...(await raced(VISITOR)).liked]).toEqual([SAD]);
});

it('reads the likes of a visitor whose row is gone each time', async () => {
  await store('like', CALM);
  dynamodb.delete('visitors', { visitorId: VISITOR });
  const liked = instance();
  await liked(VISITOR);
  expect([...(await liked(VISITOR)).liked]).toEqual([CALM]);
  expect(queries()).toBe(2);
});

it('keeps visitors apart', async () => {
  dynamodb.put('visitors', { visitorId: 'other', likes: 0 });
  await store('like', CALM);
  await store('like', SAD, 'other');
  const liked = instance();
  expect([...(await liked(VISITOR)).liked]).toEqual([CALM]);
  expect([...(await liked('other')).liked]).toEqual([SAD]);
  expect([...(await liked(VISITOR)).liked]).toEqual([CALM]);
});
