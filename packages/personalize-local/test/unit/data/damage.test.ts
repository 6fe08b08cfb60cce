// A bit that flips anywhere in a dataset group's folder: opening stops with the file's name. A file that was lost does too.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import { openDatasetGroup } from '../../../src/data';
import { csv, interactionCsv, likeOf, TestGroup } from './fixtures';

let group: TestGroup;
beforeEach(async () => {
  group = await TestGroup.open();
  group.sealAfter = 10;
  await group.reopen();
  for (let i = 0; i < 25; i += 1)
    await group.data.putEvents(likeOf(`u${i % 3}`, `i${i}`, { eventId: `e${i}` }));
  await group.data.importCsv('INTERACTIONS', 'FULL', [csv(interactionCsv(1000))]);
  await group.data.close();
});
afterEach(() => group.remove());

const files = () =>
  readdirSync(group.dir, { recursive: true })
    .map((name) => join(group.dir, String(name)))
    .filter((path) => statSync(path).isFile())
    .sort();

test('a flipped bit stops the opening with the name of the file', async () => {
  const random = seededRandom(3);
  expect(new Set(files().map((file) => basename(file).replace(/-\d+/, '')))).toEqual(
    new Set(['manifest', 'put.log', 'sealed.table', 'bulk.table']),
  );
  for (let round = 0; round < 120; round += 1) {
    const all = files();
    const file = all[round % all.length] as string;
    const good = readFileSync(file);
    const bad = Buffer.from(good);
    const at = Math.floor(random() * bad.length);
    bad.writeUInt8(bad.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
    writeFileSync(file, bad);
    await expect(openDatasetGroup(group.dir)).rejects.toThrow(basename(file));
    writeFileSync(file, good);
  }
});

test('a file that was emptied or lost stops the opening with its name, and nothing is removed', async () => {
  // An empty dataset without a manifest is one that was never made.
  for (const file of files().filter((path) => path.includes('INTERACTIONS'))) {
    const good = readFileSync(file);
    writeFileSync(file, '');
    await expect(openDatasetGroup(group.dir)).rejects.toThrow(`${basename(file)} is damaged`);
    const before = files();
    rmSync(file);
    await expect(openDatasetGroup(group.dir)).rejects.toThrow(`${basename(file)} is damaged: it is missing`);
    writeFileSync(file, good);
    expect(files()).toEqual(before);
  }
});
