// Recommendations, similar pictures and rankings through the real handlers: with a model, without one, with a bad one.
import { randomUUID } from 'node:crypto';
import type { Image } from '../../../../lambda/shared/contract/schemas';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { serviceError, World } from '../support/world';

const world = new World();
const handlers: Record<string, HttpHandler> = {};
let visitorId: string;
let token: string;
/** The catalogue and the recent likes are kept for some seconds, so each test moves the clock on. */
let now = Date.parse('2026-05-02T12:00:00.000Z');

beforeAll(async () => {
  world.install();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  handlers.recommend = (await import('../../../../lambda/recommend/handler')).handler;
  handlers.similar = (await import('../../../../lambda/similar/handler')).handler;
  handlers.ranking = (await import('../../../../lambda/ranking/handler')).handler;
});

const [CALM, CALMER, CALMEST, SAD] = [
  'emotions/calm/1.svg',
  'emotions/calm/2.svg',
  'emotions/calm/3.svg',
  'emotions/sad/1.svg',
];

beforeEach(async () => {
  now += 120_000;
  world.reset();
  visitorId = randomUUID();
  token = await world.token(visitorId);
  [CALM, CALMER, CALMEST, SAD].forEach((itemId, index) => {
    world.addPictures(itemId);
    const [row] = world.dynamodb.rows('items').slice(-1);
    world.dynamodb.put('items', { ...row, createdAt: `2026-01-0${index + 1}` });
  });
});

const call = (name: string, method: string, path: string, more: object = {}) =>
  world.call(handlers[name] as HttpHandler, method, path, { token, ...more });
const recommend = (query?: Record<string, string>) =>
  call('recommend', 'GET', '/api/recommendations', { query });
const similar = (itemId: string, query?: Record<string, string>) =>
  call('similar', 'GET', `/api/similar/${itemId}`, { query, pathParameters: { itemId } });
const rank = (body: unknown) => call('ranking', 'POST', '/api/ranking', { body });

const ids = ({ images }: { images: readonly Image[] }) => images.map(({ itemId }) => itemId);

const like = (itemId: string, who: string = randomUUID()) =>
  world.dynamodb.put('likes', {
    ...{ visitorId: who, eventId: randomUUID(), itemId, liked: true, day: '2026-05-02' },
    ...{ occurredAt: '2026-05-02T10:00:00.000Z', acceptedAt: '2026-05-02T10:00:00.000Z' },
  });

describe('GET /api/recommendations', () => {
  it('gives the model’s pictures in its order, with the recommendation id that goes into their likes', async () => {
    world.model = () => [SAD, CALM];
    const { status, body } = await recommend({ limit: '2' });
    expect(status).toBe(200);
    expect(body).toEqual({
      recommendationId: 'RID-1',
      source: 'personalize',
      images: [
        { itemId: SAD, url: `/pictures/${SAD}/picture.svg`, emotion: 'sad', liked: false },
        { itemId: CALM, url: `/pictures/${CALM}/picture.svg`, emotion: 'calm', liked: false },
      ],
    });
    expect(world.asked).toEqual([
      { campaignArn: 'campaign/personal', userId: visitorId, numResults: 22, filterArn: 'filter/not-liked' },
    ]);
  });

  it('asks the model for one emotion by the filter that takes it', async () => {
    world.model = () => [CALM];
    await recommend({ emotion: 'calm' });
    expect(world.asked[0]).toMatchObject({
      filterArn: 'filter/by-emotion-not-liked',
      filterValues: { EMOTIONS: '"calm"' },
    });
  });

  it('leaves out what the visitor just liked and what left the gallery, although the model has it', async () => {
    like(CALM, visitorId);
    world.model = () => [CALM, 'emotions/calm/gone.svg', SAD];
    expect(ids((await recommend()).body)).toEqual([SAD]);
  });

  it('lets a picture come back whose like was taken back: the model is asked for more, and not by the filter of likes', async () => {
    like(SAD, visitorId);
    like(CALM, visitorId);
    world.dynamodb.put('likes', {
      ...{ visitorId, eventId: randomUUID(), itemId: CALM, liked: false },
      ...{ occurredAt: '2026-05-02T11:00:00.000Z', acceptedAt: '2026-05-02T11:00:00.000Z' },
    });
    world.model = () => [SAD, CALM];
    expect(ids((await recommend({ limit: '2' })).body)).toEqual([CALM]);
    expect(world.asked[0]).toMatchObject({ numResults: 23, filterArn: 'filter/in-gallery' });
    now += 1000;
    await recommend({ emotion: 'calm' });
    expect(world.asked[1]).toMatchObject({ filterArn: 'filter/by-emotion' });
  });

  it('gives the newest pictures before anything was liked', async () => {
    const { body } = await recommend();
    expect(body.source).toBe('newest');
    expect(body).not.toHaveProperty('recommendationId');
    expect(ids(body)).toEqual([SAD, CALMEST, CALMER, CALM]);
  });

  it('gives the most liked pictures before the first model, without the visitor’s own likes', async () => {
    like(CALM);
    like(CALM);
    like(CALMER);
    like(SAD, visitorId);
    const { body } = await recommend();
    expect(body.source).toBe('popular');
    expect(ids(body)).toEqual([CALM, CALMER, CALMEST]);
    expect(ids((await recommend({ emotion: 'sad' })).body)).toEqual([]);
  });

  it('gives equally liked pictures newest first, and those of one moment by their names', async () => {
    const twin = 'emotions/calm/0.svg';
    world.dynamodb.put('items', {
      ...{ itemId: twin, emotion: 'calm', listed: 'calm', createdAt: '2026-01-01' },
      picture: { folder: 'pictures/twin', widths: [] },
    });
    for (const itemId of [CALM, twin, CALMEST]) like(itemId);
    expect(ids((await recommend()).body)).toEqual([CALMEST, twin, CALM, SAD, CALMER]);
  });

  it.each([
    ['is throttled', serviceError('ThrottlingException')],
    ['is slow', serviceError('TimeoutError')],
    ['fails', serviceError('InternalFailure', 'server')],
    ['refuses', serviceError('InvalidInputException')],
    ['was deleted', serviceError('ResourceNotFoundException')],
  ])('still answers when the campaign %s', async (_, error) => {
    world.model = () => {
      throw error;
    };
    const { status, body } = await recommend();
    expect(status).toBe(200);
    expect(body.images).toHaveLength(4);
  });

  it('leaves a missing campaign alone for two seconds, then finds the new model', async () => {
    await recommend();
    world.model = () => [CALM];
    expect((await recommend()).body.source).toBe('newest');
    expect(world.asked).toHaveLength(1);
    now += 2000;
    expect((await recommend()).body.source).toBe('personalize');
  });

  it('asks again at once after a throttle', async () => {
    world.model = () => {
      throw serviceError('ThrottlingException');
    };
    await recommend();
    world.model = () => [CALM];
    expect((await recommend()).body.source).toBe('personalize');
  });

  it.each([
    [{ emotion: 'bored' }, 'emotion'],
    [{ limit: '0' }, 'limit'],
    [{ limit: '51' }, 'limit'],
    [{ userId: 'someone' }, 'userId'],
  ])('refuses %j', async (query, field) => {
    const answer = await recommend(query as unknown as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
    expect(world.asked).toEqual([]);
  });
});

describe('GET /api/similar/{itemId}', () => {
  it('gives the model’s similar pictures, and marks those that the visitor likes', async () => {
    world.model = () => [CALM, SAD, CALMER];
    like(SAD, visitorId);
    const { status, body } = await similar(CALM);
    expect(status).toBe(200);
    expect(body).toMatchObject({ source: 'personalize', recommendationId: 'RID-1' });
    expect(body.images.map(({ itemId, liked }: Image) => [itemId, liked])).toEqual([
      [SAD, true],
      [CALMER, false],
    ]);
    expect(world.asked[0]).toMatchObject({ campaignArn: 'campaign/similar', itemId: CALM });
  });

  it('asks the model once in half a minute for a picture', async () => {
    world.model = () => [CALMER];
    await similar(CALMEST);
    await similar(CALMEST);
    expect(world.asked).toHaveLength(1);
    now += 30_000;
    await similar(CALMEST);
    expect(world.asked).toHaveLength(2);
  });

  it('gives others of the same emotion without a model', async () => {
    expect(ids((await similar(CALM)).body)).toEqual([CALMEST, CALMER]);
  });

  it('does not find a picture that is not in the gallery', async () => {
    expect(await similar('emotions/calm/9.svg')).toMatchObject({
      status: 404,
      body: { errors: [{ field: 'itemId' }] },
    });
  });

  it('refuses a limit that is none and another method', async () => {
    expect(await similar(CALM, { limit: 'all' })).toMatchObject({ status: 400 });
    expect(await call('similar', 'POST', `/api/similar/${CALM}`)).toMatchObject({
      status: 405,
      headers: { allow: 'GET' },
    });
  });
});

describe('POST /api/ranking', () => {
  it('gives all pictures in the model’s order', async () => {
    world.model = () => [SAD, CALMER, CALM];
    const { status, body } = await rank({ itemIds: [CALM, CALMER, SAD] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ source: 'personalize', recommendationId: 'RID-1' });
    expect(ids(body)).toEqual([SAD, CALMER, CALM]);
    expect(world.asked[0]).toMatchObject({ userId: visitorId, inputList: [CALM, CALMER, SAD] });
  });

  it('gives all pictures without a model too, the most liked first', async () => {
    like(CALMER);
    const { body } = await rank({ itemIds: [CALM, CALMER] });
    expect(body.source).toBe('popular');
    expect(ids(body)).toEqual([CALMER, CALM]);
  });

  it.each([
    ['no item ids', {}, 400, 'itemIds'],
    ['an empty list', { itemIds: [] }, 400, 'itemIds'],
    ['a text', { itemIds: CALM }, 400, 'itemIds'],
    [
      '101 item ids',
      { itemIds: Array.from({ length: 101 }, (_, n) => `emotions/calm/${n}.svg`) },
      400,
      'itemIds',
    ],
    ['an item id twice', { itemIds: [CALM, CALM] }, 400, 'itemIds'],
    ['an item id that is none', { itemIds: [CALM, 'x'] }, 400, 'itemIds[1]'],
    ['an unknown item', { itemIds: [CALM, 'emotions/calm/9.svg'] }, 422, 'itemIds[1]'],
    ['a user id', { itemIds: [CALM], userId: 'someone' }, 400, 'userId'],
  ])('refuses %s', async (_, body, status, field) => {
    expect(await rank(body)).toMatchObject({ status, body: { errors: [{ field }] } });
    expect(world.asked).toEqual([]);
  });
});

it.each([
  ['recommend', 'GET', '/api/recommendations'],
  ['similar', 'GET', `/api/similar/${CALM}`],
  ['ranking', 'POST', '/api/ranking'],
])('%s needs a visitor token', async (name, method, path) => {
  const operator = await world.token('operator', { audience: 'operator' });
  expect(await call(name, method, path, { token: undefined })).toMatchObject({ status: 401 });
  expect(await call(name, method, path, { token: operator })).toMatchObject({ status: 401 });
});
