// A state folder from before the store: resources and what was put are there, whole, or nothing has changed.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { interactions } from '../../../personalize-rules/test/unit/schemas';
import { openDatasetGroup } from '../../src/data';
import { ResourceStore } from '../../src/state/resource-store';

let stateDir: string;
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'take-over-'));
});
afterEach(() => rmSync(stateDir, { recursive: true, force: true }));

const oldLine = (value: unknown) => {
  const json = JSON.stringify(value);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
};
const oldRecord = (value: unknown) => {
  const payload = Buffer.from(JSON.stringify(value));
  const header = Buffer.alloc(8);
  header.writeUInt32LE(payload.length, 0);
  header.writeUInt32LE(crc32(payload), 4);
  return Buffer.concat([header, payload]);
};
const schema = { kind: 'schema', arn: 'a', sequence: 1, name: 'a' };
const like = { USER_ID: 'ada', ITEM_ID: 'sea', EVENT_TYPE: 'like', TIMESTAMP: 1_700_000_000, $event: 'e1' };

function writeOldFolder(resources: string): string {
  const dataset = join(stateDir, 'groups', 'g', 'INTERACTIONS');
  mkdirSync(dataset, { recursive: true });
  const manifest = { format: 1, schema: interactions, next: 2, sealed: [], log: 'put-1.log' };
  writeFileSync(join(dataset, 'manifest.json'), JSON.stringify(manifest));
  const torn = oldRecord({ t: 2, rows: [] }).subarray(0, 12);
  writeFileSync(join(dataset, 'put-1.log'), Buffer.concat([oldRecord({ t: 1, rows: [like] }), torn]));
  writeFileSync(join(stateDir, 'resources.log'), resources);
  return dataset;
}

test('resources and events are taken over', async () => {
  const dataset = writeOldFolder(
    `${oldLine({ put: [schema, { ...schema, arn: 'b' }] })}${oldLine({ remove: ['b'] })}0000`,
  );
  for (const isAgain of [false, true]) {
    const store = await ResourceStore.open(stateDir, new ManualClock());
    expect(store.all('schema')).toEqual([schema]);
    await store.close();
    const group = await openDatasetGroup(join(dataset, '..'));
    expect(group.userHistory('ada').events.map(({ itemId }) => itemId)).toEqual(['sea']);
    await group.close();
    expect(existsSync(join(stateDir, 'resources.log'))).toBe(false);
    expect(existsSync(join(dataset, 'manifest.json'))).toBe(false);
    expect(isAgain || existsSync(join(dataset, 'put-2.log'))).toBe(true);
  }
});

test('a damaged line stops it with the name of the file', async () => {
  writeOldFolder(`${oldLine({ put: [schema] }).replace('schema', 'schemA')}${oldLine({})}`);
  await expect(ResourceStore.open(stateDir, new ManualClock())).rejects.toThrow(
    /resources\.log is damaged: line 1/,
  );
  expect(existsSync(join(stateDir, 'store'))).toBe(false);
});

test.each(['missing', 'empty'])('datasets whose store is %s are not taken for left-overs', async (how) => {
  writeOldFolder('');
  rmSync(join(stateDir, 'resources.log'));
  if (how === 'empty') mkdirSync(join(stateDir, 'store'));
  await expect(ResourceStore.open(stateDir, new ManualClock())).rejects.toThrow(
    /resources\.log is damaged: it is missing/,
  );
});
