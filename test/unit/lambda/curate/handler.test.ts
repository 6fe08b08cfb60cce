// Pictures that operators send, take out and put back, through the real handler.
import { createHash } from 'node:crypto';
import type { UploadFile, UploadState } from '../../../../lambda/shared/contract/schemas';
import type { HttpHandler } from '../../../../lambda/shared/http/handler';
import { World } from '../support/world';

const world = new World();
let curate: HttpHandler;
let now = Date.parse('2026-05-01T12:00:00.000Z');

beforeAll(async () => {
  world.install();
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' });
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  curate = (await import('../../../../lambda/curate/handler')).handler;
});

beforeEach(() => {
  world.reset();
  // Past what the instance remembers of the test before.
  now += 60_000;
});

const call = async (method: string, path: string, more: object = {}) =>
  world.call(curate, method, path, {
    token: await world.token('operator', { audience: 'operator' }),
    ...more,
  });

const hash = (content: string) => createHash('sha256').update(content).digest('base64');

const file = (more: Partial<UploadFile> = {}): UploadFile => ({
  ...{ emotion: 'calm', name: 'image.jpg', type: 'image/jpeg', bytes: 1234, sha256: hash('lake') },
  ...more,
});

const plan = (...files: object[]) => call('POST', '/api/operator/uploads', { body: { files } });
const states = async (...files: object[]) =>
  (await plan(...files)).body.uploads as (UploadState & { request: { url: string } })[];

describe('POST /api/operator/uploads', () => {
  it('signs a request that is good for this name, size, type and content alone, for a quarter of an hour', async () => {
    const [upload] = await states(file());
    const itemId = `emotions/calm/image-${createHash('sha256').update('lake').digest('hex').slice(0, 12)}.jpg`;
    expect(upload).toEqual({
      ...{ state: 'send', itemId },
      request: {
        url: expect.stringMatching(new RegExp(`^/${itemId}\\?`)),
        headers: { 'content-type': 'image/jpeg', 'x-amz-checksum-sha256': hash('lake') },
      },
    });
    const query = new URLSearchParams(upload?.request.url.split('?')[1]);
    expect(query.get('X-Amz-SignedHeaders')).toBe('content-length;content-type;host;x-amz-checksum-sha256');
    expect(query.get('X-Amz-Expires')).toBe('900');
  });

  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\Photos\\lake.JPG', 'lake'],
    ['a"b|c\u0007.jpg', 'a-b-c-'],
    ['행복한 하루.jpg'.normalize('NFD'), '행복한 하루'],
    ['\ud800.jpg', '-'],
    ['.jpg', 'picture'],
    [`${'긴'.repeat(300)}.jpg`, '긴'.repeat(80)],
  ])('the name %j becomes one that an item can have', async (name, stem) => {
    const [upload] = await states(file({ name }));
    expect(upload?.itemId).toBe(
      `emotions/calm/${stem}-${createHash('sha256').update('lake').digest('hex').slice(0, 12)}.jpg`,
    );
  });

  it('tells what became of a file: listed with its picture, or refused with the reason', async () => {
    const [first, second] = await states(file(), file({ sha256: hash('text') }));
    world.dynamodb.put(
      'items',
      {
        ...{ itemId: first?.itemId, emotion: 'calm', listed: 'calm', sha256: hash('lake') },
        picture: { folder: 'pictures/1/2', widths: [320] },
      },
      { itemId: second?.itemId, refused: 'not a picture' },
    );
    expect(await states(file(), file({ sha256: hash('text') }))).toEqual([
      {
        ...{ state: 'listed', itemId: first?.itemId },
        image: expect.objectContaining({ srcset: '/pictures/1/2/320.webp 320w' }),
      },
      { state: 'refused', itemId: second?.itemId, reason: 'not a picture' },
    ]);
  });

  it('knows a picture by its content, under another name and emotion too', async () => {
    world.addPictures('emotions/sad/by-the-command-line.jpg');
    const [row] = world.dynamodb.rows('items');
    world.dynamodb.put('items', { ...row, sha256: hash('lake') });
    expect(await states(file())).toEqual([
      { state: 'duplicate', itemId: 'emotions/sad/by-the-command-line.jpg' },
    ]);
  });

  it('one that was taken out does not come back by being sent again, as long as it can be had back', async () => {
    const [{ itemId = '' } = {}] = await states(file());
    world.dynamodb.put('items', { itemId, emotion: 'calm', removedAt: '2026-05-01T00:00:00.000Z' });
    world.s3.put(`removed/${itemId}`, 'lake');
    expect(await states(file())).toEqual([{ state: 'removed', itemId }]);
    world.s3.objects.clear();
    expect(await states(file())).toMatchObject([{ state: 'send' }]);
  });

  it.each([
    ['a type that cannot be read', { type: 'image/heic' }, 'files[0].type'],
    ['a video', { type: 'video/mp4' }, 'files[0].type'],
    ['an empty file', { bytes: 0 }, 'files[0].bytes'],
    ['more than 40 MB', { bytes: 40 * 1024 * 1024 + 1 }, 'files[0].bytes'],
    ['an unknown emotion', { emotion: 'bored' }, 'files[0].emotion'],
    ['no name', { name: '' }, 'files[0].name'],
    ['something else than a hash', { sha256: 'abc' }, 'files[0].sha256'],
    ['a key of somebody’s choice', { key: 'site/index.html' }, 'files[0].key'],
  ])('%s is refused before it is sent, and the field is named', async (_, more, field) => {
    const answer = await plan({ ...file(), ...more });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });

  it('takes twenty files at a time', async () => {
    expect(
      await states(...Array.from({ length: 20 }, (_, index) => file({ name: `${index}.jpg` }))),
    ).toHaveLength(20);
    expect((await plan(...Array.from({ length: 21 }, () => file()))).status).toBe(400);
  });
});

describe('GET and POST /api/operator/pictures, GET /api/operator/removed', () => {
  const ITEM = 'emotions/calm/lake.jpg';
  const move = (action: string, itemId = ITEM) =>
    call('POST', '/api/operator/pictures', { body: { action, itemId } });
  const keys = () => [...world.s3.objects.keys()];

  it('lists sixty pictures of an emotion, the newest first, and how many there are', async () => {
    world.addPictures(
      ...Array.from({ length: 61 }, (_, index) => `emotions/calm/${index}.jpg`),
      'emotions/sad/1.jpg',
    );
    const newest = world.dynamodb.rows('items')[30];
    world.dynamodb.put('items', { ...newest, createdAt: '2026-02-01T00:00:00.000Z' });
    const first = await call('GET', '/api/operator/pictures', { query: { emotion: 'calm' } });
    expect([first.body.count, first.body.images.length]).toEqual([61, 60]);
    expect(first.body.images[0].itemId).toBe(newest?.itemId);
    const rest = await call('GET', '/api/operator/pictures', { query: { emotion: 'calm', from: '60' } });
    expect(rest.body.images).toHaveLength(1);
  });

  it('what is taken out is kept where nothing shows it, and put back', async () => {
    world.s3.put(ITEM, 'lake');
    expect((await move('remove')).status).toBe(202);
    expect(keys()).toEqual([`removed/${ITEM}`]);
    expect((await call('GET', '/api/operator/removed')).body).toEqual({
      files: [{ itemId: ITEM, removedAt: expect.any(String) }],
      count: 1,
    });
    expect((await move('restore')).status).toBe(202);
    expect(keys()).toEqual([ITEM]);
    expect(String(world.s3.objects.get(ITEM)?.body)).toBe('lake');
  });

  it('finds a file in the form of Unicode that a Mac gave it', async () => {
    const itemId = 'emotions/sad/슬픔.jpg';
    world.s3.put(itemId.normalize('NFD'), 'rain');
    expect((await move('remove', itemId)).status).toBe(202);
    expect((await call('GET', '/api/operator/removed')).body.files[0].itemId).toBe(itemId);
    expect((await move('restore', itemId)).status).toBe(202);
    expect(keys()).toEqual([itemId.normalize('NFD')]);
  });

  it('interrupted in between, the same call ends it', async () => {
    world.s3.put(ITEM, 'lake');
    world.s3.before = (command) => {
      if (command.constructor.name === 'DeleteObjectCommand') throw new Error('lost');
    };
    expect((await move('remove')).status).toBe(500);
    world.s3.before = () => undefined;
    expect((await move('remove')).status).toBe(202);
    world.s3.put(ITEM, 'lake');
    expect((await move('restore')).status).toBe(202);
    expect(keys()).toEqual([ITEM]);
  });

  it('what is not there, and what another picture’s name stands in the way of, is told', async () => {
    expect((await move('remove')).status).toBe(404);
    expect((await move('restore')).status).toBe(404);
    world.s3.put(`removed/${ITEM}`, 'lake');
    world.s3.put(ITEM, 'another lake');
    expect(await move('restore')).toMatchObject({ status: 409 });
    expect(String(world.s3.objects.get(ITEM)?.body)).toBe('another lake');
  });

  it.each(['site/index.html', 'personalize/config/x.json', 'emotions/calm/../../site/index.html', ''])(
    'nothing but pictures can be moved: %s',
    async (itemId) => {
      world.s3.put(itemId, 'page');
      expect((await move('remove', itemId)).status).toBe(400);
      expect(keys()).toEqual([itemId]);
    },
  );
});

describe('GET /api/operator/refused', () => {
  const refused = () => call('GET', '/api/operator/refused');

  it('lists the files that are not in the gallery, as they are called in the bucket, with the reasons', async () => {
    world.addPictures('emotions/calm/1.svg');
    const apart = 'emotions/sad/행복.heic'.normalize('NFD');
    world.dynamodb.put('items', { itemId: apart.normalize('NFC'), objectKey: apart, refused: 'HEIC' });
    expect(await refused()).toMatchObject({
      status: 200,
      body: { files: [{ key: apart, reason: 'HEIC' }], count: 1 },
    });
  });

  it('counts all of them, and lists a hundred', async () => {
    for (let index = 0; index < 120; index += 1) {
      world.dynamodb.put('items', { itemId: `emotions/calm/${index}.txt`, refused: 'not a picture' });
    }
    const { body } = await refused();
    expect([body.files.length, body.count]).toEqual([100, 120]);
  });
});

it.each([
  ['GET', '/api/operator/pictures'],
  ['POST', '/api/operator/pictures'],
  ['POST', '/api/operator/uploads'],
  ['GET', '/api/operator/removed'],
  ['GET', '/api/operator/refused'],
])('%s %s is for operators only', async (method, path) => {
  for (const token of [undefined, await world.token('somebody')]) {
    expect((await world.call(curate, method, path, { token })).status).toBe(401);
  }
});
