// Long logs are moved into tables while the group works; nobody notices.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { likeOf, TestGroup } from './fixtures';

let group: TestGroup;
beforeEach(async () => {
  group = await TestGroup.open();
  group.sealAfter = 10;
  await group.reopen();
});
afterEach(() => group.remove());

const files = (dataset: string) => readdirSync(join(group.dir, dataset)).sort();

test('events are all there after any number of tables and a restart, repeated ids still refused', async () => {
  const put = (i: number) => group.data.putEvents(likeOf(`u${i % 3}`, `i${i}`, { eventId: `e${i}` }));
  await group.data.putEvents(likeOf(undefined, 'anonymous'));
  await Promise.all(Array.from({ length: 35 }, (_, i) => put(i)));
  for (let i = 35; i < 50; i++) await put(i);
  expect(files('INTERACTIONS').filter((name) => name.startsWith('sealed-')).length).toBeGreaterThanOrEqual(2);
  for (const restarted of [false, true]) {
    if (restarted) await group.reopen();
    expect(group.data.sizes().INTERACTIONS?.put).toBe(51);
    expect(await put(3)).toEqual({ stored: 0, duplicates: 1 });
    expect(group.data.trainingCounts({})).toEqual({ interactions: 51, users: 3, usersWithTwo: 3 });
    expect(group.data.userHistory('u1').events).toHaveLength(17);
  }
  expect(group.repairs).toEqual([]);
});

test('items keep their newest rows, and one table and one log are all that is left', async () => {
  for (let i = 0; i < 45; i++) {
    await group.data.putEntities('ITEMS', [{ id: `i${i % 4}`, properties: `{"price":${i}}` }]);
  }
  expect(files('ITEMS').map((name) => name.replace(/\d+/, ''))).toEqual([
    'manifest',
    'put-.log',
    'sealed-.table',
  ]);
  for (const restarted of [false, true]) {
    if (restarted) await group.reopen();
    expect(['i0', 'i1', 'i2', 'i3'].map((id) => group.data.metadata('ITEMS', id)?.PRICE)).toEqual([
      44, 41, 42, 43,
    ]);
    expect(group.data.sizes().ITEMS).toEqual({ records: 4, bulk: 0, put: 4 });
  }
});
