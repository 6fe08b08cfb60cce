// S3's object events through the real `catalog` handler.
import { serviceError, World } from '../support/world';

const world = new World();
let handler: (event: unknown) => Promise<void>;

beforeAll(async () => {
  world.install();
  handler = (await import('../../../../lambda/catalog/handler')).handler;
});

beforeEach(() => world.reset());

interface Changes {
  readonly size?: number;
  readonly sequencer?: string;
  readonly versionId?: string;
  readonly deletion?: string;
  readonly time?: string;
}

const TIME = '2026-05-01T12:00:00Z';

const objectEvent = (type: 'Created' | 'Deleted', key: string, changes: Changes = {}) =>
  handler({
    source: 'aws.s3',
    'detail-type': `Object ${type}`,
    time: changes.time ?? TIME,
    detail: {
      bucket: { name: 'gallery' },
      'deletion-type': changes.deletion,
      object: {
        ...{ key, size: changes.size ?? 2048, etag: 'e', 'version-id': changes.versionId },
        sequencer: changes.sequencer ?? '0055AED6DCD9',
      },
    },
  });

const created = (key: string, changes?: Changes) => objectEvent('Created', key, changes);
const deleted = (key: string, changes?: Changes) => objectEvent('Deleted', key, changes);
const rows = () => world.dynamodb.rows('items');

const PICTURE = 'emotions/calm/lake.svg';

it('a new picture becomes an item, here and in Amazon Personalize', async () => {
  await created(PICTURE);
  expect(rows()).toEqual([
    {
      ...{ itemId: PICTURE, emotion: 'calm', listed: 'calm', contentType: 'image/svg+xml', size: 2048 },
      ...{ createdAt: TIME, sequencer: '0055AED6DCD9' },
    },
  ]);
  expect(world.items).toEqual([
    {
      datasetArn: process.env.ITEMS_DATASET_ARN,
      items: [{ itemId: PICTURE, properties: '{"emotion":"calm","creationTimestamp":1777636800}' }],
    },
  ]);
});

it('a removed picture leaves the gallery and stays on record', async () => {
  await created(PICTURE);
  await deleted(PICTURE, { sequencer: '0055AED6DCDA', time: '2026-05-02T12:00:00Z' });
  expect(rows()).toEqual([expect.objectContaining({ itemId: PICTURE, removedAt: '2026-05-02T12:00:00Z' })]);
  expect(rows()[0]).not.toHaveProperty('listed');
});

it('a picture put back is listed again with its first date', async () => {
  await created(PICTURE);
  await deleted(PICTURE, { sequencer: '0055AED6DCDA' });
  await created(PICTURE, { sequencer: '0055AED6DCDB', time: '2026-05-03T12:00:00Z' });
  expect(rows()[0]).toMatchObject({ listed: 'calm', createdAt: TIME });
  expect(rows()[0]).not.toHaveProperty('removedAt');
});

it('an event that comes late changes nothing', async () => {
  await created(PICTURE, { sequencer: '02' });
  await deleted(PICTURE, { sequencer: '03' });
  await created(PICTURE, { sequencer: '02' });
  expect(rows()[0]).not.toHaveProperty('listed');
});

it('an event that comes twice is applied with the same result', async () => {
  await created(PICTURE);
  const [once] = rows();
  await created(PICTURE);
  expect(rows()).toEqual([once]);
});

it('the expiry of an old version is no removal, a delete marker is', async () => {
  await created(PICTURE, { sequencer: '01', versionId: 'v1' });
  await deleted(PICTURE, { sequencer: '02', versionId: 'v0', deletion: 'Permanently Deleted' });
  expect(rows()[0]).toMatchObject({ listed: 'calm' });
  await deleted(PICTURE, { sequencer: '03', versionId: 'v2', deletion: 'Delete Marker Created' });
  expect(rows()[0]).not.toHaveProperty('listed');
});

it.each([
  ['of an unknown emotion', 'emotions/bored/1.svg', 'unknown emotion'],
  ['of an unknown type', 'emotions/calm/notes.txt', 'unknown file type'],
  ['without an extension', 'emotions/calm/lake', 'unknown file type'],
  ['too deep', 'emotions/calm/2026/1.svg', 'not at emotions/<emotion>/<file>'],
  ['too high', 'emotions/1.svg', 'not at emotions/<emotion>/<file>'],
  ['with a bar in its name', 'emotions/calm/a|b.svg', 'unsafe character in the name'],
  ['with a quote in its name', 'emotions/calm/a"b.svg', 'unsafe character in the name'],
  ['with too long a name', `emotions/calm/${'x'.repeat(250)}.svg`, 'name longer than 256 characters'],
])('a file %s is recorded with the reason, not listed, and not fatal', async (_, key, reason) => {
  await created(key);
  expect(rows()).toEqual([expect.objectContaining({ itemId: key, refused: reason })]);
  expect(rows()[0]).not.toHaveProperty('listed');
  expect(world.items).toEqual([]);
});

it('an empty file is recorded and not listed', async () => {
  await created(PICTURE, { size: 0 });
  expect(rows()).toEqual([expect.objectContaining({ refused: 'empty file' })]);
});

it('a folder marker is ignored', async () => {
  await created('emotions/calm/', { size: 0 });
  expect(rows()).toEqual([]);
});

it('a picture that Amazon Personalize does not take now is listed and left to the sweep', async () => {
  world.personalizeFault = () => {
    throw serviceError('ThrottlingException');
  };
  await created(PICTURE);
  expect(rows()[0]).toMatchObject({ listed: 'calm', unsentPartition: 'unsent', unsentSince: TIME });
});

it('a failing table makes the event come again', async () => {
  world.dynamodb.fault = () => ({ error: serviceError('InternalServerError', 'server') });
  await expect(created(PICTURE)).rejects.toThrow('InternalServerError');
});

it('an event of another kind is an error', async () => {
  await expect(handler({ 'detail-type': 'Object Restored', detail: {} })).rejects.toThrow();
});
