// Resources on disk.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { createPersonalize } from '../../src';
import { FolderStore } from '../../src/standalone/folder-store';
import { ResourceStore } from '../../src/state/resource-store';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'personalize-state-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('the state folder', () => {
  const open = (stateDir: string) =>
    createPersonalize({
      stateDir,
      accountId: '000000000000',
      region: 'us-east-1',
      clock: new ManualClock(),
      objectStore: new FolderStore(dir),
    });

  it("is not somebody's documents, which stay as they are", async () => {
    await writeFile(join(dir, 'thesis.txt'), 'mine');
    await expect(open(dir)).rejects.toThrow('holds files that are not of personalize-local (thesis.txt)');
    expect(await readdir(dir)).toEqual(['thesis.txt']);
  });

  it('is no file', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(open(join(dir, 'file'))).rejects.toThrow('The state needs a folder');
  });

  it('may be one from before folders were marked', async () => {
    await (await open(join(dir, 'state'))).close();
    await rm(join(dir, 'state', '.state-folder'));
    await (await open(join(dir, 'state'))).close();
    expect(await readdir(join(dir, 'state'))).toContain('.state-folder');
  });
});

describe('the resource store', () => {
  const schema = (sequence: number) => ({
    kind: 'schema' as const,
    arn: `schema-${sequence}`,
    schemaArn: `schema-${sequence}`,
    name: `schema-${sequence}`,
    schema: 'x'.repeat(10_000),
    sequence,
    creationDateTime: 0,
    lastUpdatedDateTime: 0,
    tags: [],
  });

  it('finds after a restart exactly what was committed, cleaned or not', async () => {
    const store = await ResourceStore.open(dir, new ManualClock());
    // Enough for the store to clean up.
    for (let round = 0; round < 10; round++) {
      for (let i = 1; i <= 100; i++) store.commit({ put: [schema(i)] });
      await store.flushed();
    }
    store.commit({ remove: ['schema-7'] });
    await store.flushed();
    await store.close();
    const again = await ResourceStore.open(dir, new ManualClock());
    expect(again.all('schema')).toHaveLength(99);
    expect(again.get('schema', 'schema-7')).toBeUndefined();
    expect(again.sequence()).toBe(101);
    await again.close();
  });
});
