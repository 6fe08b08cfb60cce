// Resources on disk.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { ResourceStore } from '../../src/state/resource-store';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'personalize-state-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

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
