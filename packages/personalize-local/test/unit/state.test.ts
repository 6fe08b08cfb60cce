// The journal and the store on it: torn lines, damage, group commit, compaction.
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../../src/state/journal';
import { ResourceStore } from '../../src/state/resource-store';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'personalize-state-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const file = () => join(dir, 'log');

async function openJournal() {
  const records: unknown[] = [];
  const journal = await Journal.open(file(), (record) => records.push(record));
  return { journal, records };
}

describe('the journal', () => {
  it('gives back what was flushed, in order', async () => {
    const { journal } = await openJournal();
    for (let i = 0; i < 100; i++) journal.append({ i, text: 'ü' });
    await journal.flushed();
    await journal.close();
    const { records, journal: again } = await openJournal();
    expect(records).toEqual(Array.from({ length: 100 }, (_, i) => ({ i, text: 'ü' })));
    await again.close();
  });

  it('cuts a torn last line off and goes on behind the good ones', async () => {
    const { journal } = await openJournal();
    journal.append('ä first');
    await journal.close();
    for (const torn of ['12345678 {"tor', 'zzz\n', '00000000 "bad checksum"\n']) {
      await appendFile(file(), torn);
      const { journal: next, records } = await openJournal();
      expect(records).toEqual(['ä first']);
      await next.close();
    }
    const { journal: last } = await openJournal();
    last.append('second');
    await last.close();
    const { records, journal: end } = await openJournal();
    expect(records).toEqual(['ä first', 'second']);
    await end.close();
  });

  it('refuses a file that is damaged before its end', async () => {
    const { journal } = await openJournal();
    journal.append('first');
    journal.append('second');
    await journal.close();
    await writeFile(file(), (await readFile(file(), 'utf8')).replace('first', 'fIrst'));
    await expect(openJournal()).rejects.toThrow(/is damaged at character 0/);
  });

  it('loses nothing when appends, flushes and compactions overlap', async () => {
    const { journal } = await openJournal();
    const live: number[] = [];
    const waits: Promise<void>[] = [];
    for (let i = 0; i < 300; i++) {
      live.push(i);
      journal.append(i);
      if (i % 3 === 0) waits.push(journal.flushed());
      if (i % 50 === 0) waits.push(journal.compact(() => live));
      if (i % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(waits);
    await journal.close();
    const { records, journal: again } = await openJournal();
    expect([...new Set(records as number[])].sort((a, b) => a - b)).toEqual(live);
    await again.close();
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

  it('finds after a restart exactly what was committed, compacted or not', async () => {
    const store = await ResourceStore.open(dir);
    // Enough to pass the size at which the journal is rewritten.
    for (let round = 0; round < 10; round++) {
      for (let i = 1; i <= 100; i++) store.commit({ put: [schema(i)] });
      await store.flushed();
    }
    store.commit({ remove: ['schema-7'] });
    await store.flushed();
    await store.close();
    expect((await readFile(join(dir, 'resources.log'))).length).toBeLessThan(6_000_000);
    const again = await ResourceStore.open(dir);
    expect(again.all('schema')).toHaveLength(99);
    expect(again.get('schema', 'schema-7')).toBeUndefined();
    expect(again.sequence()).toBe(101);
    await again.close();
  });
});
