// npm run gallery -- rebuild: what a row says, which likes are left out, and what a file looks like.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CsvFile } from '../../../cli/rebuild/csv-file';
import { missingLikes } from '../../../cli/rebuild/missing-likes';
import { interactionRow, itemRow, type LikeRecord, userRow } from '../../../cli/rebuild/rows';
import { telling } from '../../../cli/rebuild/sparing';
import { streamLikes } from '../../../cli/rebuild/stream-likes';
import type { UndeliveredEntry } from '../../../lambda/shared/data/undelivered';

const like: LikeRecord = {
  ...{ visitorId: 'ann', eventId: 'e1', sessionId: 's', itemId: 'emotions/calm/1.svg', liked: true },
  ...{ occurredAt: '2026-05-01T11:59:59.900Z', acceptedAt: '2026-05-01T12:00:00.000Z' },
};

describe('rows', () => {
  test('a like is what PutEvents would say of it, with whole seconds', () => {
    const impression = ['emotions/calm/1.svg', 'emotions/sad/2.svg'];
    expect(interactionRow({ ...like, impression, recommendationId: 'RID-1' })).toEqual({
      ...{ USER_ID: 'ann', ITEM_ID: 'emotions/calm/1.svg', TIMESTAMP: '1777636799' },
      ...{ EVENT_TYPE: 'like', EVENT_VALUE: '1', RECOMMENDATION_ID: 'RID-1' },
      IMPRESSION: 'emotions/calm/1.svg|emotions/sad/2.svg',
    });
  });

  test('a like taken back is an unlike that is worth 0', () => {
    expect(interactionRow({ ...like, liked: false })).toMatchObject({
      EVENT_TYPE: 'unlike',
      EVENT_VALUE: '0',
      IMPRESSION: undefined,
    });
  });

  test('an impression is cut after the last id that fits into 1,000 characters', () => {
    const impression = Array.from({ length: 25 }, (_, n) => `${n}`.padStart(60, 'x'));
    const { IMPRESSION = '' } = interactionRow({ ...like, impression: ['a|b', ...impression] });
    expect(IMPRESSION.split('|')).toEqual(impression.slice(0, 16));
    expect(IMPRESSION.length).toBeLessThanOrEqual(1000);
  });

  test('items and users', () => {
    const createdAt = '2026-05-01T12:00:00.999Z';
    expect(itemRow({ itemId: 'i', emotion: 'sad', listed: 'sad', createdAt })).toEqual({
      ...{ ITEM_ID: 'i', CREATION_TIMESTAMP: '1777636800', EMOTION: 'sad' },
    });
    expect(itemRow({ itemId: 'i', emotion: 'sad', createdAt }).EMOTION).toBe('removed');
    expect(userRow({ visitorId: 'ann' })).toEqual({ USER_ID: 'ann', EMOTION: undefined });
  });
});

describe('likes that a dataset cannot have', () => {
  const madeAt = Date.parse('2026-05-02T00:00:00.000Z');
  const entry = (eventId: string, changes: Partial<UndeliveredEntry> = {}): UndeliveredEntry => ({
    ...{ partition: '01', entry: `${like.acceptedAt}#${eventId}`, visitorId: 'ann', sessionId: 's' },
    events: [{ eventId, eventType: 'like', itemId: like.itemId, occurredAt: like.occurredAt }],
    attempts: 0,
    ...changes,
  });
  async function* all(...entries: UndeliveredEntry[]) {
    yield* entries;
  }
  const verdict = async (entries: UndeliveredEntry[], changes: Partial<LikeRecord> = {}) =>
    (await missingLikes(madeAt, all(...entries))).verdict({ ...like, ...changes });

  test('what was accepted before the dataset was made is missing, what came at that moment or later is streamed', async () => {
    expect(await verdict([], { acceptedAt: '2026-05-01T23:59:59.999Z' })).toBe('missing');
    expect(await verdict([], { acceptedAt: '2026-05-02T00:00:00.000Z' })).toBe('streamed');
    expect(await verdict([], { acceptedAt: '2026-05-03T00:00:00.000Z' })).toBe('streamed');
  });

  test('when it happened does not count: a phone may send a like days later', async () => {
    const acceptedAt = '2026-05-02T00:00:01.000Z';
    expect(await verdict([], { acceptedAt, occurredAt: '2026-04-25T00:00:00.000Z' })).toBe('streamed');
  });

  test('an entry that waits for the sweep, or that it sent to this dataset, is left over', async () => {
    expect(await verdict([entry('e1')])).toBe('left over');
    expect(await verdict([entry('e1', { deliveredAt: '2026-05-02T00:10:00.000Z' })])).toBe('left over');
    expect(await verdict([entry('e2')])).toBe('missing');
    expect(await verdict([entry('e1', { visitorId: 'ben' })])).toBe('missing');
  });

  test('one that the sweep sent to an earlier dataset is missing in this one', async () => {
    expect(await verdict([entry('e1', { deliveredAt: '2026-05-01T13:00:00.000Z' })])).toBe('missing');
  });
});

describe('a file', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'rebuild-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const columns = [
    { name: 'USER_ID', nullable: false },
    { name: 'AGE', nullable: true },
    { name: 'EMOTION', nullable: true },
  ];
  const create = (...more: { name: string; nullable: boolean }[]) =>
    CsvFile.create(join(folder, 'users.csv'), 'Users', [...columns, ...more]);

  test('has the columns of the schema in its order; what the tables do not know stays empty', async () => {
    const file = await create();
    await file.add({ EMOTION: 'sad', USER_ID: 'ann', OTHER: 'x' });
    await file.add({ USER_ID: 'b,"e"\\n', EMOTION: undefined });
    await file.close();
    expect(file.rows).toBe(2);
    expect(readFileSync(file.path, 'utf8')).toBe('USER_ID,AGE,EMOTION\nann,,sad\n"b,\\"e\\"\\\\n",,\n');
  });

  test('is whole when it is larger than what is kept before writing', async () => {
    const file = await create();
    for (let n = 0; n < 10_000; n++) await file.add({ USER_ID: `user-${n}`, EMOTION: 'calm' });
    await file.close();
    const lines = readFileSync(file.path, 'utf8').split('\n');
    expect(lines).toHaveLength(10_002);
    expect(lines[10_000]).toBe('user-9999,,calm');
  });

  test('names a required column that the tables do not have, and a row that lacks one', async () => {
    const file = await create({ name: 'COUNTRY', nullable: false });
    await expect(file.add({ USER_ID: 'ann', EMOTION: 'sad' })).rejects.toThrow(
      'Users: the schema requires COUNTRY, which the tables do not have. Nothing was uploaded.',
    );
    await expect(file.add({ USER_ID: 'ann', COUNTRY: undefined })).rejects.toThrow(
      'COUNTRY of ann is empty in the table',
    );
    await file.close();
  });
});

test('few likes are streamed by visitor and session, ten a call, under their own ids', async () => {
  const sent: { userId?: string; sessionId?: string; ids: (string | undefined)[] }[] = [];
  const client = {
    send: async ({
      input,
    }: {
      input: { userId?: string; sessionId?: string; eventList?: { eventId?: string }[] };
    }) => {
      const { userId, sessionId, eventList = [] } = input;
      sent.push({ userId, sessionId, ids: eventList.map(({ eventId }) => eventId) });
    },
  } as unknown as Parameters<typeof streamLikes>[0];
  const many = Array.from({ length: 12 }, (_, n) => ({ ...like, eventId: `e${n}` }));
  const told: number[] = [];
  const other = { ...like, sessionId: 't', eventId: 'x', liked: false };
  await streamLikes(client, 'tracking', [...many.slice(0, 6), other, ...many.slice(6)], (n) => told.push(n));
  expect(sent).toEqual([
    { userId: 'ann', sessionId: 's', ids: many.slice(0, 10).map(({ eventId }) => eventId) },
    { userId: 'ann', sessionId: 's', ids: ['e10', 'e11'] },
    { userId: 'ann', sessionId: 't', ids: ['x'] },
  ]);
  expect(told).toEqual([10, 12, 13]);
});

test('reading tells every other second how far it is', async () => {
  let now = 0;
  const told: string[] = [];
  async function* rows() {
    for (let row = 1; row <= 5; row++) {
      now += 900;
      yield row;
    }
  }
  const read: number[] = [];
  for await (const row of telling(rows(), 'likes', { now: () => now, progress: (line) => told.push(line) }))
    read.push(row);
  expect(read).toEqual([1, 2, 3, 4, 5]);
  expect(told).toEqual(['read 3 likes']);
});
