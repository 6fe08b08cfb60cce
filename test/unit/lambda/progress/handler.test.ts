// GET /api/progress and GET /api/latest through the real handler; the test's minimum is 2 users and 5 interactions.
import { randomUUID } from 'node:crypto';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { DATASET_GROUP, serviceError, World } from '../support/world';

const world = new World();
let handler: HttpHandler;
/** Answers are kept for a second, so each test moves the clock on. */
let now = Date.parse('2026-05-02T12:00:00.000Z');

beforeAll(async () => {
  world.install();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  handler = (await import('../../../../lambda/progress/handler')).handler;
});

beforeEach(() => {
  now += 60_000;
  world.reset();
});

const progress = () => world.call(handler, 'GET', '/api/progress');
const latest = (query?: Record<string, string>) => world.call(handler, 'GET', '/api/latest', { query });

const setTotals = (users: number, qualifiedUsers: number, interactions: number) =>
  world.dynamodb.put(
    'totals',
    { shard: '00', users: users - 1, qualifiedUsers, interactions: 1 },
    { shard: '63', users: 1, qualifiedUsers: 0, interactions: interactions - 1 },
  );

describe('GET /api/progress', () => {
  it('starts at nothing, for everyone without a token', async () => {
    expect(await progress()).toMatchObject({
      status: 200,
      headers: { 'cache-control': 'no-store' },
      body: {
        ...{ users: 0, qualifiedUsers: 0, interactions: 0, reached: false },
        minimum: { users: 2, interactions: 5 },
      },
    });
  });

  it('adds up the shards in one read, without a scan', async () => {
    setTotals(3, 1, 4);
    expect((await progress()).body).toMatchObject({ users: 3, qualifiedUsers: 1, interactions: 4 });
    expect(world.dynamodb.commands).toEqual(['BatchGetItemCommand']);
  });

  it('reads at most once a second', async () => {
    await Promise.all([progress(), progress()]);
    await progress();
    expect(world.dynamodb.commands).toHaveLength(1);
    now += 1000;
    await progress();
    expect(world.dynamodb.commands).toHaveLength(2);
  });

  it.each([
    ['too few users with two likes', [9, 1, 100]],
    ['too few interactions', [9, 2, 4]],
    ['less than one in a hundred users with two likes', [201, 2, 500]],
  ])('is not reached with %s', async (_, totals) => {
    setTotals(...(totals as [number, number, number]));
    expect((await progress()).body.reached).toBe(false);
    expect(world.bus).toEqual([]);
  });

  it('is reached once the controller has counted what Amazon Personalize counts', async () => {
    setTotals(2, 2, 5);
    expect((await progress()).body).toMatchObject({ interactions: 5, reached: false });
    now += 1000;
    world.dynamodb.put('totals', { shard: 'minimum', interactions: -3, qualifiedUsers: -1, undelivered: 2 });
    expect((await progress()).body).toMatchObject({
      ...{ interactions: 2, qualifiedUsers: 1, undelivered: 2, reached: false },
    });
    now += 1000;
    world.dynamodb.put('totals', { shard: 'minimum', undelivered: 0, confirmedAt: '2026-05-02T12:00:00Z' });
    const { body } = await progress();
    expect(body).toMatchObject({ interactions: 5, reached: true });
    expect(body).not.toHaveProperty('undelivered');
  });

  it('announces the minimum once, however often it is read', async () => {
    setTotals(200, 2, 5);
    await progress();
    now += 120_000;
    await progress();
    expect(world.bus).toEqual([
      {
        source: 'emotion-gallery',
        detailType: 'MinimumReached',
        detail: {
          id: expect.stringMatching(/^[0-9a-f]{32}$/),
          datasetGroupArn: DATASET_GROUP,
          progress: {
            ...{ users: 200, qualifiedUsers: 2, interactions: 5 },
            minimum: { users: 2, interactions: 5 },
          },
        },
      },
    ]);
  });

  it('leaves a claim of another instance alone for a minute, then takes it over with the same id', async () => {
    setTotals(2, 2, 5);
    world.dynamodb.put('totals', { shard: 'minimum', claimedAt: new Date(now - 30_000).toISOString() });
    await progress();
    expect(world.bus).toEqual([]);
    now += 31_000;
    await progress();
    expect(world.bus).toHaveLength(1);
  });

  it('answers although EventBridge fails, and announces when the claim has lapsed', async () => {
    setTotals(2, 2, 5);
    world.busFault = () => {
      throw serviceError('InternalException', 'server');
    };
    expect(await progress()).toMatchObject({ status: 200, body: { interactions: 5 } });
    world.busFault = () => undefined;
    now += 61_000;
    await progress();
    expect(world.bus).toHaveLength(1);
  });

  it('asks to come back when the totals cannot be read, and does not keep the failure', async () => {
    world.dynamodb.fault = () => ({ error: serviceError('ThrottlingException') });
    expect(await progress()).toMatchObject({ status: 503 });
    world.dynamodb.fault = () => undefined;
    expect(await progress()).toMatchObject({ status: 200 });
  });
});

describe('GET /api/latest', () => {
  const like = (itemId: string, acceptedAt: string, day: string | undefined = acceptedAt.slice(0, 10)) => {
    world.addPictures(itemId);
    likeRow(itemId, acceptedAt, day);
  };
  const likeRow = (itemId: string, acceptedAt: string, day?: string) =>
    world.dynamodb.put('likes', {
      ...{ visitorId: 'ann', eventId: randomUUID(), itemId, emotion: itemId.split('/')[1], liked: true },
      ...{ acceptedAt, day },
    });

  it('lists the pictures liked today and yesterday, each once, newest first, and not by whom', async () => {
    like('emotions/calm/1.svg', '2026-05-01T23:00:00.000Z');
    like('emotions/sad/1.svg', '2026-05-02T10:00:00.000Z');
    like('emotions/calm/1.svg', '2026-05-02T11:00:00.000Z');
    like('emotions/fear/1.svg', '2026-04-20T11:00:00.000Z');
    const { status, body } = await latest();
    expect(status).toBe(200);
    const [calm, sad] = ['emotions/calm/1.svg', 'emotions/sad/1.svg'];
    expect(body).toEqual({
      images: [
        {
          itemId: calm,
          url: `/pictures/${calm}/picture.svg`,
          emotion: 'calm',
          likedAt: '2026-05-02T11:00:00.000Z',
        },
        {
          itemId: sad,
          url: `/pictures/${sad}/picture.svg`,
          emotion: 'sad',
          likedAt: '2026-05-02T10:00:00.000Z',
        },
      ],
    });
  });

  it('leaves out what left the gallery', async () => {
    like('emotions/calm/1.svg', '2026-05-02T11:00:00.000Z');
    likeRow('emotions/calm/gone.svg', '2026-05-02T11:30:00.000Z', '2026-05-02');
    expect((await latest()).body.images).toHaveLength(1);
  });

  it('lists as many as are asked for', async () => {
    for (let index = 0; index < 30; index += 1)
      like(`emotions/calm/${index}.svg`, '2026-05-02T10:00:00.000Z');
    expect((await latest({ limit: '5' })).body.images).toHaveLength(5);
    expect((await latest()).body.images).toHaveLength(12);
    expect((await latest({ limit: '24' })).body.images).toHaveLength(24);
  });

  it.each([
    [{ limit: '25' }, 'limit'],
    [{ limit: '0' }, 'limit'],
    [{ day: '2026-01-01' }, 'day'],
  ])('refuses %j', async (query, field) => {
    const answer = await latest(query as unknown as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

it('another method is refused, another path is not found', async () => {
  expect(await world.call(handler, 'DELETE', '/api/progress')).toMatchObject({
    status: 405,
    headers: { allow: 'GET' },
  });
  expect(await world.call(handler, 'GET', '/api/other')).toMatchObject({ status: 404 });
});
