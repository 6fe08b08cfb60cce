// POST /api/likes through the real handler: the contract, every bad input, every fault.
import { randomUUID } from 'node:crypto';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { cancelled } from '../support/fake-dynamodb';
import { serviceError, World } from '../support/world';

const world = new World();
let handler: HttpHandler;

beforeAll(async () => {
  world.install();
  handler = (await import('../../../../lambda/like/handler')).handler;
});

const CALM = 'emotions/calm/1.svg';
const SAD = 'emotions/sad/1.svg';
let visitorId: string;
let token: string;

beforeEach(async () => {
  world.reset();
  visitorId = randomUUID();
  token = await world.token(visitorId);
  world.addVisitor(visitorId);
  world.addPictures(CALM, SAD);
});

const like = (changes: object = {}) => ({
  eventId: randomUUID(),
  itemId: CALM,
  liked: true,
  impression: [CALM, SAD],
  occurredAt: new Date().toISOString(),
  ...changes,
});

const send = (likes: unknown, changes: object = {}, as = token) =>
  world.call(handler, 'POST', '/api/likes', {
    token: as,
    body: { sessionId: 'session-1', likes, ...changes },
  });

const totals = () =>
  world.dynamodb.rows('totals').reduce<Record<string, number>>(
    (sum, row) => ({
      users: (sum.users ?? 0) + Number(row.users),
      qualifiedUsers: (sum.qualifiedUsers ?? 0) + Number(row.qualifiedUsers),
      interactions: (sum.interactions ?? 0) + Number(row.interactions),
    }),
    {},
  );

const nothingWritten = () => {
  expect(world.dynamodb.rows('likes')).toEqual([]);
  expect(world.dynamodb.rows('undelivered')).toEqual([]);
  expect(world.dynamodb.rows('totals')).toEqual([]);
  expect(world.events).toEqual([]);
  expect(world.queue).toEqual([]);
};

describe('a like', () => {
  it('is stored, counted and delivered with its session, impression and recommendation id', async () => {
    const one = like({ recommendationId: 'RID-46-6e3f-4d2c-CID-9a1b2c' });
    const answer = await send([one]);
    expect(answer).toMatchObject({
      status: 202,
      body: { accepted: [one.eventId], duplicates: [], rejected: [] },
    });
    expect(world.dynamodb.rows('likes')).toMatchObject([{ visitorId, eventId: one.eventId, liked: true }]);
    expect(totals()).toEqual({ users: 1, qualifiedUsers: 0, interactions: 1 });
    expect(world.events).toEqual([
      {
        trackingId: 'tracking',
        userId: visitorId,
        sessionId: 'session-1',
        eventList: [
          {
            eventId: one.eventId,
            eventType: 'like',
            eventValue: 1,
            itemId: CALM,
            sentAt: new Date(one.occurredAt),
            impression: [CALM, SAD],
            recommendationId: 'RID-46-6e3f-4d2c-CID-9a1b2c',
          },
        ],
      },
    ]);
  });

  it('costs one transaction and one PutEvents in the steady case', async () => {
    await send([like()]);
    await send([like()]);
    world.dynamodb.commands.length = 0;
    world.events.length = 0;
    await send([like()]);
    expect(world.dynamodb.commands).toEqual(['TransactWriteItemsCommand']);
    expect(world.events).toHaveLength(1);
  });

  it('is no longer undelivered after the next one of the same instance', async () => {
    await send([like()]);
    expect(world.dynamodb.rows('undelivered')).toHaveLength(1);
    const [first] = world.dynamodb.rows('undelivered');
    await send([like()]);
    expect(world.dynamodb.rows('undelivered')).not.toContainEqual(first);
    expect(world.dynamodb.rows('undelivered')).toHaveLength(1);
  });

  it('that is taken back is delivered as unlike and not counted', async () => {
    await send([like()]);
    await send([like({ liked: false })]);
    expect(world.events[1]?.eventList).toMatchObject([{ eventType: 'unlike', eventValue: 0 }]);
    expect(totals()).toEqual({ users: 1, qualifiedUsers: 0, interactions: 1 });
  });

  it('sent again is told as duplicate, neither counted nor delivered twice', async () => {
    const one = like();
    await send([one]);
    const again = await send([one, like()]);
    expect(again.body).toMatchObject({ duplicates: [one.eventId], rejected: [] });
    expect(again.body.accepted).toHaveLength(1);
    expect(totals().interactions).toBe(2);
    expect(world.events.flatMap(({ eventList }) => eventList)).toHaveLength(2);
    const all = await send([one]);
    expect(all).toMatchObject({ status: 202, body: { accepted: [], duplicates: [one.eventId] } });
  });

  it('of a picture that left the gallery is rejected with the reason, the others are accepted', async () => {
    const gone = 'emotions/fear/gone.svg';
    world.dynamodb.put('items', { itemId: gone, emotion: 'fear', removedAt: '2026-01-02T00:00:00.000Z' });
    const [one, two] = [like(), like({ itemId: gone })];
    const { status, body } = await send([one, two]);
    expect(status).toBe(202);
    expect(body.accepted).toEqual([one.eventId]);
    expect(body.rejected).toEqual([{ eventId: two.eventId, reason: expect.stringContaining('removed') }]);
  });

  it('makes a user qualified with the second one, across instances that know nothing', async () => {
    await send([like()]);
    const other = randomUUID();
    world.addVisitor(other, 1);
    world.dynamodb.put('totals', { shard: 'of another', users: 1, qualifiedUsers: 0, interactions: 1 });
    await send([like()], {}, await world.token(other));
    expect(totals()).toEqual({ users: 2, qualifiedUsers: 1, interactions: 3 });
  });

  it('in the base64 encoding of API Gateway is read all the same', async () => {
    const body = Buffer.from(JSON.stringify({ sessionId: 's', likes: [like()] }));
    expect(await world.call(handler, 'POST', '/api/likes', { token, body })).toMatchObject({ status: 202 });
  });
});

it.each([20, -20])('a device whose clock is wrong by %d days loses no like', async (days) => {
  const device = new Date(Date.now() + days * 24 * 3600_000).toISOString();
  expect((await send([like({ occurredAt: device })], { sentAt: device })).body.accepted).toHaveLength(1);
  const [row] = world.dynamodb.rows('likes');
  expect(String(row?.occurredAt).slice(0, 10)).toBe(String(row?.acceptedAt).slice(0, 10));
});

describe('names and ids', () => {
  it('an event id in capitals is the same event', async () => {
    const one = like();
    await send([one]);
    const again = await send([{ ...one, eventId: one.eventId.toUpperCase() }]);
    expect(again.body).toEqual({ accepted: [], duplicates: [one.eventId], rejected: [] });
    expect(totals().interactions).toBe(1);
  });

  it('an item id in another form of Unicode is the same picture', async () => {
    const name = 'emotions/calm/행복.svg';
    world.addPictures(name);
    const answer = await send([like({ itemId: name.normalize('NFD'), impression: [name.normalize('NFD')] })]);
    expect(answer.body.accepted).toHaveLength(1);
    expect(world.dynamodb.rows('likes')).toMatchObject([{ itemId: name }]);
  });
});

describe('bad input', () => {
  const eleven = () => Array.from({ length: 11 }, () => like());
  const without = (field: string) => ({ ...like(), [field]: undefined });
  const twice = randomUUID();

  const cases: [string, () => [likes: unknown, changes?: object], number, string][] = [
    ['no session id', () => [[like()], { sessionId: undefined }], 400, 'sessionId'],
    ['a session id that is a number', () => [[like()], { sessionId: 7 }], 400, 'sessionId'],
    ['a blank session id', () => [[like()], { sessionId: '  ' }], 400, 'sessionId'],
    ['the session id "null"', () => [[like()], { sessionId: 'null' }], 400, 'sessionId'],
    ['the session id "undefined"', () => [[like()], { sessionId: 'undefined' }], 400, 'sessionId'],
    ['a session id that is too long', () => [[like()], { sessionId: 'x'.repeat(129) }], 400, 'sessionId'],
    ['a user id in the body', () => [[like()], { userId: 'someone' }], 400, 'userId'],
    ['no likes', () => [undefined], 400, 'likes'],
    ['likes that are no list', () => [{}], 400, 'likes'],
    ['an empty list', () => [[]], 400, 'likes'],
    ['11 likes', () => [eleven()], 400, 'likes'],
    ['a like that is a text', () => [['like']], 400, 'likes[0]'],
    ['an unknown field', () => [[like({ colour: 'red' })]], 400, 'likes[0].colour'],
    ['no event id', () => [[like(), without('eventId')]], 400, 'likes[1].eventId'],
    ['an event id that is no UUID', () => [[like({ eventId: 'e1' })]], 400, 'likes[0].eventId'],
    ['an event id that is a number', () => [[like({ eventId: 1 })]], 400, 'likes[0].eventId'],
    [
      'an event id twice',
      () => [[like({ eventId: twice }), like({ eventId: twice.toUpperCase() })]],
      400,
      'likes[1].eventId',
    ],
    ['no item id', () => [[without('itemId')]], 400, 'likes[0].itemId'],
    ['an item id that is a number', () => [[like({ itemId: 5 })]], 400, 'likes[0].itemId'],
    ['an item id of no emotion', () => [[like({ itemId: 'emotions/bored/1.svg' })]], 400, 'likes[0].itemId'],
    [
      'an item id that is too long',
      () => [[like({ itemId: `emotions/calm/${'x'.repeat(256)}` })]],
      400,
      'likes[0].itemId',
    ],
    ['an unknown item', () => [[like(), like({ itemId: 'emotions/calm/2.svg' })]], 422, 'likes[1].itemId'],
    ['no liked', () => [[without('liked')]], 400, 'likes[0].liked'],
    ['a liked that is a text', () => [[like({ liked: 'true' })]], 400, 'likes[0].liked'],
    ['no impression', () => [[without('impression')]], 400, 'likes[0].impression'],
    ['an impression that is a text', () => [[like({ impression: CALM })]], 400, 'likes[0].impression'],
    ['26 impressions', () => [[like({ impression: Array(26).fill(CALM) })]], 400, 'likes[0].impression'],
    ['an impression of a number', () => [[like({ impression: [CALM, 1] })]], 400, 'likes[0].impression[1]'],
    [
      'an impression of an unknown item',
      () => [[like({ impression: [CALM, 'emotions/sad/9.svg'] })]],
      422,
      'likes[0].impression[1]',
    ],
    [
      'a recommendation id that is none',
      () => [[like({ recommendationId: 'abc' })]],
      400,
      'likes[0].recommendationId',
    ],
    [
      'a recommendation id over 40 characters',
      () => [[like({ recommendationId: `RID-${'a'.repeat(37)}` })]],
      400,
      'likes[0].recommendationId',
    ],
    ['no occurredAt', () => [[without('occurredAt')]], 400, 'likes[0].occurredAt'],
    ['an occurredAt in milliseconds', () => [[like({ occurredAt: Date.now() })]], 400, 'likes[0].occurredAt'],
    ['an occurredAt that is no date', () => [[like({ occurredAt: 'today' })]], 400, 'likes[0].occurredAt'],
    ['a sentAt that is no date', () => [[like()], { sentAt: 'now' }], 400, 'sentAt'],
  ];

  it.each(cases)('%s is refused, the field is named, nothing is written', async (_, make, status, field) => {
    const answer = await send(...make());
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.body).toMatchObject({ status, title: expect.any(String) });
    expect(answer.body.errors).toContainEqual({ field, message: expect.any(String) });
    nothingWritten();
  });

  it.each([
    ['not JSON', '{"sessionId":', 400, 'body'],
    ['a list', '[]', 400, 'body'],
    ['null', 'null', 400, 'body'],
    ['not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 400, 'body'],
    ['over 64 KB', JSON.stringify({ sessionId: 'x'.repeat(65_536) }), 413, 'body'],
    ['empty', '', 400, 'sessionId'],
  ])('a body that is %s is refused', async (_, body, status, field) => {
    const answer = await world.call(handler, 'POST', '/api/likes', { token, body });
    expect(answer.status).toBe(status);
    expect(answer.body.errors[0].field).toBe(field);
    nothingWritten();
  });

  it('a body of another content type is refused', async () => {
    const headers = { 'content-type': 'text/plain' };
    const body = { sessionId: 's', likes: [like()] };
    const answer = await world.call(handler, 'POST', '/api/likes', { token, body, headers });
    expect(answer).toMatchObject({ status: 415, body: { errors: [{ field: 'content-type' }] } });
    nothingWritten();
  });

  it('another method is refused with the one that is allowed', async () => {
    const answer = await world.call(handler, 'PUT', '/api/likes', { token });
    expect(answer).toMatchObject({ status: 405, headers: { allow: 'POST' } });
    expect(answer.body.errors).toEqual([{ field: 'method', message: expect.any(String) }]);
  });

  it.each<[string, () => Promise<string> | string]>([
    ['no token', () => ''],
    ['a token that is none', () => 'abc'],
    ['a forged token', () => world.token(visitorId, { secret: 'guessed' })],
    ['an expired token', () => world.token(visitorId, { issuedMsAgo: 2 * 3600 * 1000 })],
    ['a token of another deployment', () => world.token(visitorId, { issuer: `${'other'}` })],
    ['an operator token', () => world.token('operator', { audience: 'operator' })],
    [
      'an operator token signed with the visitor secret',
      () => world.token('operator', { audience: 'operator', secret: 'visitor-secret' }),
    ],
    [
      'a token without a signature',
      async () => `${(await world.token(visitorId)).split('.').slice(0, 2).join('.')}.`,
    ],
    ['a token of a visitor that does not exist', () => world.token(randomUUID())],
  ])('%s is refused', async (_, make) => {
    const answer = await send([like()], {}, await make());
    expect(answer).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(answer.body.errors).toEqual([{ field: 'authorization', message: expect.any(String) }]);
    nothingWritten();
  });
});

describe('faults', () => {
  it.each([
    ['throttled', serviceError('ThrottlingException')],
    ['failing', serviceError('InternalServerException', 'server')],
    ['timing out', serviceError('TimeoutError')],
    ['refusing the event', serviceError('InvalidInputException')],
  ])('with PutEvents %s the like is accepted and queued', async (_, error) => {
    world.personalizeFault = () => {
      throw error;
    };
    const one = like();
    expect(await send([one])).toMatchObject({ status: 202, body: { accepted: [one.eventId] } });
    const [entry] = world.dynamodb.rows('undelivered');
    expect(world.queue.map((body) => JSON.parse(body))).toEqual([
      { partition: entry?.partition, entry: entry?.entry },
    ]);
    world.personalizeFault = () => undefined;
    await send([like()]);
    expect(world.dynamodb.rows('undelivered')).toContainEqual(entry);
  });

  it('with the retry queue failing too the like is accepted, and its entry waits for the sweep', async () => {
    world.personalizeFault = () => {
      throw serviceError('TimeoutError');
    };
    world.queueFault = () => {
      throw serviceError('TimeoutError');
    };
    expect(await send([like()])).toMatchObject({ status: 202 });
    expect(world.dynamodb.rows('undelivered')).toHaveLength(1);
  });

  it('a conflict on the totals or the visitor is tried again', async () => {
    let conflicts = 3;
    world.dynamodb.fault = (command) =>
      command.constructor.name === 'TransactWriteItemsCommand' && conflicts-- > 0
        ? { error: cancelled([{ Code: 'None' }, { Code: 'None' }, { Code: 'TransactionConflict' }]) }
        : undefined;
    expect(await send([like()])).toMatchObject({ status: 202 });
    expect(totals().interactions).toBe(1);
  });

  it.each([
    ['stays throttled', serviceError('ThrottlingException')],
    ['stays contended', cancelled([{ Code: 'TransactionConflict' }])],
    ['fails', serviceError('InternalServerError', 'server')],
    ['times out', serviceError('TimeoutError')],
  ])('when DynamoDB %s, the caller is asked to come back', async (_, error) => {
    world.dynamodb.fault = (command) =>
      command.constructor.name === 'TransactWriteItemsCommand' ? { error } : undefined;
    const answer = await send([like()]);
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
    nothingWritten();
  });

  it('when DynamoDB applied what it reported as failed, sending again counts nothing twice', async () => {
    const one = like();
    world.dynamodb.fault = (command) =>
      command.constructor.name === 'TransactWriteItemsCommand'
        ? { error: serviceError('TimeoutError'), applied: true }
        : undefined;
    expect(await send([one])).toMatchObject({ status: 503 });
    world.dynamodb.fault = () => undefined;
    expect(await send([one])).toMatchObject({ status: 202, body: { duplicates: [one.eventId] } });
    expect(totals().interactions).toBe(1);
    expect(world.dynamodb.rows('undelivered')).toHaveLength(1);
  });

  it('a lookup of items that fails is a 503, an unexpected error a plain 500', async () => {
    const fresh = 'emotions/calm/unseen.svg';
    world.addPictures(fresh);
    world.dynamodb.fault = () => ({ error: serviceError('ThrottlingException') });
    expect(await send([like({ itemId: fresh })])).toMatchObject({ status: 503 });
    world.dynamodb.fault = () => ({ error: serviceError('AccessDeniedException') });
    const answer = await send([like({ itemId: fresh })]);
    expect(answer).toMatchObject({ status: 500, body: { title: 'Internal error' } });
    expect(JSON.stringify(answer.body)).not.toContain('AccessDenied');
  });
});
