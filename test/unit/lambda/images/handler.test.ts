// GET /api/images through the real handler.
import { randomUUID } from 'node:crypto';
import { encodeCursor } from '../../../../lambda/images/page';
import type { Image } from '../../../../lambda/shared/contract/schemas';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { serviceError, World } from '../support/world';

const world = new World();
let handler: HttpHandler;
let visitorId: string;
let token: string;
/** The catalogue is kept for some seconds, so each test moves the clock on. */
let now = Date.now();

beforeAll(async () => {
  world.install();
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  handler = (await import('../../../../lambda/images/handler')).handler;
});

beforeEach(async () => {
  now += 60_000;
  world.reset();
  visitorId = randomUUID();
  token = await world.token(visitorId);
  world.addPictures(...['happy', 'calm', 'sad'].flatMap((emotion) => pictures(emotion, 10)));
});

const pictures = (emotion: string, count: number) =>
  Array.from({ length: count }, (_, index) => `emotions/${emotion}/${index}.svg`);

const list = (query: Record<string, string> = {}, as = token) =>
  world.call(handler, 'GET', '/api/images', { token: as, query });

async function listAll(query: Record<string, string>, as = token): Promise<Image[]> {
  const images: Image[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await list({ ...query, ...(cursor && { cursor }) }, as);
    images.push(...body.images);
    cursor = body.cursor;
  } while (cursor);
  return images;
}

const ids = (images: readonly Image[]) => images.map(({ itemId }) => itemId);

it('pages through names as long as a name can be', async () => {
  const names = Array.from({ length: 7 }, (_, index) => `emotions/fear/${index}${'행'.repeat(237)}.svg`);
  world.addPictures(...names);
  expect(ids(await listAll({ emotion: 'fear', limit: '2' })).sort()).toEqual(names.sort());
});

it('gives a photo in several widths, with its size and a placeholder', async () => {
  const itemId = 'emotions/fear/photo.jpg';
  world.dynamodb.put('items', {
    ...{ itemId, emotion: 'fear', listed: 'fear', createdAt: '2026-01-01' },
    picture: {
      ...{ folder: 'pictures/a/b', width: 800, height: 600, widths: [320, 800] },
      placeholder: 'data:image/webp;base64,AA==',
    },
  });
  const { body } = await list({ emotion: 'fear' });
  expect(body.images).toEqual([
    {
      ...{ itemId, emotion: 'fear', liked: false, width: 800, height: 600 },
      url: '/pictures/a/b/picture.jpg',
      srcset: '/pictures/a/b/320.webp 320w, /pictures/a/b/800.webp 800w',
      placeholder: 'data:image/webp;base64,AA==',
    },
  ]);
});

it('shows a picture of the release before as its file, until that is looked at again', async () => {
  const itemId = 'emotions/fear/a b.jpg';
  world.dynamodb.put('items', { itemId, emotion: 'fear', listed: 'fear', createdAt: '2026-01-01' });
  const { body } = await list({ emotion: 'fear' });
  expect(body.images).toEqual([{ itemId, url: '/emotions/fear/a%20b.jpg', emotion: 'fear', liked: false }]);
});

it('lists the pictures of an emotion with their addresses', async () => {
  world.addPictures('emotions/fear/a b#ü.svg');
  const { status, body } = await list({ emotion: 'fear' });
  expect(status).toBe(200);
  expect(body).toEqual({
    images: [
      {
        itemId: 'emotions/fear/a b#ü.svg',
        url: '/pictures/emotions/fear/a b#ü.svg/picture.svg',
        emotion: 'fear',
        liked: false,
      },
    ],
  });
});

it('shows every picture once from page to page, then no cursor', async () => {
  expect(ids(await listAll({ emotion: 'calm', limit: '3' })).sort()).toEqual(pictures('calm', 10).sort());
});

it('reads all pages of the tables', async () => {
  world.dynamodb.pageSize = 2;
  for (const itemId of pictures('sad', 10)) {
    world.dynamodb.put('likes', {
      ...{ visitorId, eventId: randomUUID(), itemId, liked: true },
      ...{ occurredAt: '2026-05-01T00:00:00.000Z', acceptedAt: '2026-05-01T00:00:00.000Z' },
    });
  }
  const images = await listAll({ emotion: 'sad' });
  expect(images).toHaveLength(10);
  expect(images.every(({ liked }) => liked)).toBe(true);
});

it('mixes all emotions when none is asked for, twelve a page', async () => {
  const { body } = await list();
  expect(body.images).toHaveLength(12);
  expect(new Set(body.images.map(({ emotion }: Image) => emotion)).size).toBeGreaterThan(1);
});

it('has an order of its own for each visitor, the same at each call', async () => {
  const other = await world.token(randomUUID());
  const first = ids(await listAll({ limit: '50' }));
  expect(ids(await listAll({ limit: '7' }))).toEqual(first);
  expect(ids(await listAll({ limit: '50' }, other))).not.toEqual(first);
});

it('goes on at the right place when pictures come and go between two pages', async () => {
  const { body } = await list({ emotion: 'calm', limit: '5' });
  const seen = ids(body.images);
  const left = pictures('calm', 10).filter((itemId) => !seen.includes(itemId));
  for (const itemId of [seen[4], left[0]]) world.dynamodb.delete('items', { itemId });
  now += 10_000;
  const next = await list({ emotion: 'calm', limit: '50', cursor: body.cursor });
  expect(ids(next.body.images).sort()).toEqual(left.slice(1).sort());
});

it('says what the visitor likes now: the latest event of a picture decides', async () => {
  const event = (itemId: string, liked: boolean, minute: number) => ({
    ...{ visitorId, eventId: randomUUID(), itemId, liked },
    ...{ occurredAt: `2026-05-01T00:0${minute}:00.000Z`, acceptedAt: '2026-05-01T01:00:00.000Z' },
  });
  const [kept = '', back = '', again = ''] = pictures('calm', 3);
  world.dynamodb.put(
    'likes',
    event(kept, true, 1),
    ...[event(back, false, 2), event(back, true, 1)],
    ...[event(again, true, 3), event(again, false, 2), event(again, true, 1)],
    { ...event('emotions/calm/5.svg', true, 1), visitorId: randomUUID() },
  );
  const liked = (await listAll({ emotion: 'calm' })).filter((image) => image.liked);
  expect(ids(liked).sort()).toEqual([kept, again].sort());
});

it('does not list what was removed', async () => {
  world.dynamodb.put('items', { itemId: 'emotions/calm/0.svg', emotion: 'calm', removedAt: '2026-05-01' });
  expect(await listAll({ emotion: 'calm' })).toHaveLength(9);
});

it.each([
  ['an unknown emotion', { emotion: 'bored' }, 'emotion'],
  ['an empty emotion', { emotion: '' }, 'emotion'],
  ['a limit of zero', { limit: '0' }, 'limit'],
  ['a limit over 50', { limit: '51' }, 'limit'],
  ['a limit that is no number', { limit: 'ten' }, 'limit'],
  ['a negative limit', { limit: '-1' }, 'limit'],
  ['a cursor that is none', { cursor: 'abc' }, 'cursor'],
  ['an empty cursor', { cursor: '' }, 'cursor'],
  [
    'a changed cursor',
    { cursor: `${encodeCursor({ place: 1, itemId: 'emotions/calm/0.svg' })}AA` },
    'cursor',
  ],
  ['a cursor of another shape', { cursor: Buffer.from('{"offset":1}').toString('base64url') }, 'cursor'],
  ['a cursor that is too long', { cursor: 'a'.repeat(601) }, 'cursor'],
  ['an unknown parameter', { visitorId: 'someone' }, 'visitorId'],
])('%s is refused and the field is named', async (_, query, field) => {
  const answer = await list(query as unknown as Record<string, string>);
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toEqual([{ field, message: expect.any(String) }]);
});

it('needs a visitor token', async () => {
  expect(await list({}, '')).toMatchObject({ status: 401 });
  expect(await list({}, await world.token('operator', { audience: 'operator' }))).toMatchObject({
    status: 401,
  });
});

it('asks to come back when DynamoDB is throttled, and answers once it is not', async () => {
  world.dynamodb.fault = () => ({ error: serviceError('ThrottlingException') });
  expect(await list()).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  world.dynamodb.fault = () => undefined;
  expect(await list()).toMatchObject({ status: 200 });
});
