// S3's object events through the real `catalog` handler.
import { jpeg, svg } from '../../../support/pictures';
import { serviceError, World } from '../support/world';

const world = new World();
let handler: (event: unknown, context?: unknown) => Promise<void>;

beforeAll(async () => {
  world.install();
  handler = (await import('../../../../lambda/catalog/handler')).handler as typeof handler;
});

beforeEach(() => world.reset());

const TIME = '2026-05-01T12:00:00Z';

/** Tells of a change; what is in the bucket is what counts. */
const tell = (type: 'Created' | 'Deleted', key: string, time = TIME) =>
  handler({
    source: 'aws.s3',
    'detail-type': `Object ${type}`,
    time,
    detail: {
      bucket: { name: 'gallery' },
      object: { key, size: 2048, etag: 'e', sequencer: '0055AED6DCD9' },
    },
  });

const upload = (key: string, body: Buffer | Uint8Array | string = svg()) => {
  world.s3.put(key, body);
  return tell('Created', key);
};
const take = (key: string, time?: string) => {
  world.s3.objects.delete(key);
  return tell('Deleted', key, time);
};
const rows = () => world.dynamodb.rows('items');
const sentEmotions = () =>
  world.items.flatMap(({ items }) => items?.map(({ properties }) => JSON.parse(String(properties)).emotion));

const PICTURE = 'emotions/calm/lake.svg';

it('a new picture becomes an item, here and in Amazon Personalize', async () => {
  await upload(PICTURE);
  expect(rows()).toMatchObject([
    {
      ...{ itemId: PICTURE, emotion: 'calm', listed: 'calm', contentType: 'image/svg+xml' },
      ...{ createdAt: TIME, objectKey: PICTURE },
    },
  ]);
  expect(rows()[0]).not.toHaveProperty('unsentSince');
  expect(world.items).toEqual([
    {
      datasetArn: process.env.ITEMS_DATASET_ARN,
      items: [{ itemId: PICTURE, properties: '{"emotion":"calm","creationTimestamp":1777636800}' }],
    },
  ]);
});

it('a removed picture leaves the gallery, stays on record, and Amazon Personalize can leave it out', async () => {
  await upload(PICTURE);
  await take(PICTURE, '2026-05-02T12:00:00Z');
  expect(rows()).toEqual([expect.objectContaining({ itemId: PICTURE, removedAt: '2026-05-02T12:00:00Z' })]);
  expect(rows()[0]).not.toHaveProperty('listed');
  expect(sentEmotions()).toEqual(['calm', 'removed']);
});

it('a picture put back is listed again with its first date', async () => {
  await upload(PICTURE);
  await take(PICTURE);
  world.s3.put(PICTURE, svg());
  await tell('Created', PICTURE, '2026-05-03T12:00:00Z');
  expect(rows()[0]).toMatchObject({ listed: 'calm', createdAt: TIME });
  expect(rows()[0]).not.toHaveProperty('removedAt');
  expect(sentEmotions()).toEqual(['calm', 'removed', 'calm']);
});

it('a picture that is back by the removal of its delete marker, told as a deletion, is listed', async () => {
  await upload(PICTURE);
  await take(PICTURE);
  world.s3.put(PICTURE, svg());
  await tell('Deleted', PICTURE);
  expect(rows()[0]).toMatchObject({ listed: 'calm' });
});

it('events in the wrong order and twice end as the bucket is', async () => {
  world.s3.put(PICTURE, svg());
  await tell('Deleted', PICTURE);
  expect(rows()[0]).toMatchObject({ listed: 'calm' });
  await take(PICTURE);
  await tell('Created', PICTURE);
  await tell('Created', PICTURE);
  expect(rows()).toEqual([expect.objectContaining({ removedAt: TIME })]);
});

it('an event that comes twice is applied once', async () => {
  await upload(PICTURE);
  const [once] = rows();
  await tell('Created', PICTURE);
  expect(rows()).toEqual([once]);
  expect(world.items).toHaveLength(1);
});

it('the deletion of what was never seen makes no row', async () => {
  await tell('Deleted', 'emotions/calm/never.svg');
  expect(rows()).toEqual([]);
});

it('a row that another event writes meanwhile is looked at again, and so is the bucket', async () => {
  world.s3.put(PICTURE, svg());
  let overtaken = false;
  world.dynamodb.fault = (command) => {
    if (command.constructor.name !== 'UpdateItemCommand' || overtaken) return undefined;
    overtaken = true;
    world.s3.objects.delete(PICTURE);
    world.dynamodb.put('items', {
      itemId: PICTURE,
      emotion: 'calm',
      createdAt: TIME,
      removedAt: TIME,
      revision: 1,
    });
    return undefined;
  };
  await tell('Created', PICTURE);
  expect(rows()).toEqual([expect.objectContaining({ removedAt: TIME, revision: 1 })]);
  expect(rows()[0]).not.toHaveProperty('listed');
});

describe('one name in two forms of Unicode', () => {
  const name = 'emotions/calm/행복한 고양이.svg';
  const [composed, apart] = [name.normalize('NFC'), name.normalize('NFD')];

  it('is one item, shown from the object that was stored last', async () => {
    await upload(apart, svg('<g/>'));
    expect(rows()).toEqual([expect.objectContaining({ itemId: composed, objectKey: apart, listed: 'calm' })]);
    await upload(composed, svg());
    expect(rows()).toEqual([expect.objectContaining({ itemId: composed, objectKey: composed })]);
  });

  it('stays in the gallery while one of the two is left', async () => {
    await upload(apart);
    await upload(composed);
    await take(composed);
    expect(rows()[0]).toMatchObject({ listed: 'calm', objectKey: apart });
    await take(apart);
    expect(rows()).toEqual([expect.objectContaining({ removedAt: TIME })]);
  });

  it('a long name as a Mac writes it fits, as its letters are put together', async () => {
    const long = `emotions/calm/${'행'.repeat(100)}.svg`;
    await upload(long.normalize('NFD'));
    expect(rows()).toEqual([expect.objectContaining({ itemId: long, listed: 'calm' })]);
  });
});

it.each([
  ['of an unknown emotion', 'emotions/bored/1.svg', 'unknown emotion'],
  ['too deep', 'emotions/calm/2026/1.svg', 'not at emotions/<emotion>/<file>'],
  ['too high', 'emotions/1.svg', 'not at emotions/<emotion>/<file>'],
  ['with a bar in its name', 'emotions/calm/a|b.svg', 'unsafe character in the name'],
  ['with a quote in its name', 'emotions/calm/a"b.svg', 'unsafe character in the name'],
  ['with too long a name', `emotions/calm/${'x'.repeat(250)}.svg`, 'name longer than 256 characters'],
])('a file %s is recorded with the reason, not listed, and not fatal', async (_, key, reason) => {
  await upload(key);
  expect(rows()).toEqual([expect.objectContaining({ itemId: key, refused: reason })]);
  expect(rows()[0]).not.toHaveProperty('listed');
  expect(world.items).toEqual([]);
});

it('what a file is, its content says: words named as a picture are recorded with the reason', async () => {
  await upload('emotions/calm/words.png', 'words');
  expect(rows()).toEqual([expect.objectContaining({ refused: expect.stringMatching(/^not a picture/) })]);
  await upload('emotions/calm/lake');
  expect(rows()[1]).toMatchObject({ listed: 'calm', contentType: 'image/svg+xml' });
});

describe('what is shown', () => {
  const shown = () => [...world.s3.objects.keys()].filter((key) => key.startsWith('pictures/')).sort();
  const folder = () => (rows()[0]?.picture as { folder: string } | undefined)?.folder;

  it('is made small, and lies under an address of its own that browsers may keep', async () => {
    await upload('emotions/calm/photo.jpg', await jpeg(400, 300));
    expect(rows()[0]).toMatchObject({ picture: { width: 400, height: 300, widths: [320, 400] } });
    expect(shown().map((key) => key.replace(`${folder()}/`, ''))).toEqual([
      '320.webp',
      '400.webp',
      'picture.jpg',
    ]);
    expect(world.s3.objects.get(`${folder()}/320.webp`)).toMatchObject({
      contentType: 'image/webp',
      cacheControl: 'public, max-age=2592000, immutable',
    });
  });

  it('is gone when the picture was removed', async () => {
    await upload(PICTURE);
    expect(shown()).toHaveLength(1);
    await take(PICTURE);
    expect(shown()).toEqual([]);
    expect(rows()[0]).not.toHaveProperty('picture');
    expect(rows()[0]).not.toHaveProperty('obsolete');
  });

  it('has another address when the picture was replaced, and when it came back', async () => {
    await upload(PICTURE);
    const [first] = shown();
    await upload(PICTURE, svg('<g/>'));
    const [second, ...more] = shown();
    expect([second === first, more]).toEqual([false, []]);
    await take(PICTURE);
    await upload(PICTURE);
    expect(shown()).toHaveLength(1);
    expect([first, second]).not.toContain(shown()[0]);
  });

  it('is deleted by the next try when S3 fails at first', async () => {
    await upload(PICTURE);
    world.s3.objects.delete(PICTURE);
    world.s3.before = (command) => {
      if (command.constructor.name === 'DeleteObjectsCommand') throw serviceError('SlowDown', 'server');
    };
    await expect(tell('Deleted', PICTURE)).rejects.toThrow('SlowDown');
    expect(rows()[0]).not.toHaveProperty('listed');
    world.s3.before = () => undefined;
    await tell('Deleted', PICTURE);
    expect(shown()).toEqual([]);
  });
});

it('an empty file is recorded and not listed', async () => {
  await upload(PICTURE, '');
  expect(rows()).toEqual([expect.objectContaining({ refused: 'empty file' })]);
});

it('a picture that a file of another kind takes the place of leaves, and Amazon Personalize can leave it out', async () => {
  await upload(PICTURE);
  await upload(PICTURE, '');
  expect(rows()[0]).toMatchObject({ refused: 'empty file' });
  expect(rows()[0]).not.toHaveProperty('listed');
  expect(sentEmotions()).toEqual(['calm', 'removed']);
});

it('a refused file that is deleted is no longer told of', async () => {
  await upload('emotions/calm/notes.txt', 'words');
  await take('emotions/calm/notes.txt');
  expect(rows()[0]).not.toHaveProperty('refused');
});

it('a folder marker is ignored', async () => {
  await upload('emotions/calm/', '');
  expect(rows()).toEqual([]);
});

it('a picture that Amazon Personalize does not take now is listed and left to the sweep', async () => {
  world.personalizeFault = () => {
    throw serviceError('ThrottlingException');
  };
  await upload(PICTURE);
  expect(rows()[0]).toMatchObject({ listed: 'calm', unsentPartition: 'unsent', unsentSince: TIME });
});

it('a failing table makes the event come again', async () => {
  world.dynamodb.fault = () => ({ error: serviceError('InternalServerError', 'server') });
  await expect(upload(PICTURE)).rejects.toThrow('InternalServerError');
});

describe('pictures that an earlier release has listed', () => {
  const lookAgain = (remaining = 60_000) =>
    handler(
      { source: 'aws.events', 'detail-type': 'Scheduled Event', time: TIME, detail: {} },
      { getRemainingTimeInMillis: () => remaining },
    );
  const old = (name: string) => ({
    itemId: name,
    emotion: 'calm',
    listed: 'calm',
    createdAt: TIME,
    sequencer: '01',
  });
  const [one, two] = ['emotions/calm/1.svg', 'emotions/calm/2.svg'] as const;

  beforeEach(() => {
    world.dynamodb.put('items', old(one), old(two));
    world.s3.put(one, svg());
  });

  it('are looked into when a deployment has written the pages', async () => {
    const detail = { object: { key: 'site/index.html' } };
    await handler(
      { source: 'aws.s3', 'detail-type': 'Object Created', time: TIME, detail },
      { getRemainingTimeInMillis: () => 60_000 },
    );
    expect(rows()).toMatchObject([{ itemId: one, picture: { widths: [] } }, { removedAt: TIME }]);
  });

  it('are looked into; one whose file is gone leaves', async () => {
    await lookAgain();
    expect(rows()).toMatchObject([
      { itemId: one, listed: 'calm', picture: { widths: [] } },
      { removedAt: TIME },
    ]);
    world.dynamodb.commands.length = 0;
    await lookAgain();
    expect(new Set(world.dynamodb.commands)).toEqual(new Set(['QueryCommand']));
  });

  it('wait for the next time when the time is nearly up', async () => {
    await lookAgain(10_000);
    expect(rows()[0]).not.toHaveProperty('picture');
  });
});

it('an event of another kind is an error', async () => {
  await expect(handler({ 'detail-type': 'Object Restored', detail: {} })).rejects.toThrow();
});
