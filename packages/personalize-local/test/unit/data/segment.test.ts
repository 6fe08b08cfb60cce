// Tables in files: the same rows come back, and damage is noticed.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { repeatedRows } from '../../../src/data/duplicates';
import { readSegment, writeSegment } from '../../../src/data/segment';
import { type ColumnSpec, ownDictionaries, Table } from '../../../src/data/table';

const SPECS: ColumnSpec[] = [
  { name: 'A', kind: 'dictionary' },
  { name: 'N', kind: 'number' },
  { name: 'T', kind: 'text' },
];

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'segment-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const text = fc.option(fc.string({ unit: 'grapheme', maxLength: 20 }), { nil: undefined });
const row = fc.tuple(text, fc.option(fc.double({ noNaN: true }), { nil: undefined }), text);

const tableOf = (rows: readonly (readonly [string?, number?, string?])[]): Table => {
  const table = Table.empty(SPECS, ownDictionaries());
  for (const each of rows) table.append(each);
  return table;
};
const rowsOf = (table: Table) =>
  Array.from({ length: table.rows }, (_, i) => SPECS.map(({ name }) => table.value(i, name)));

test('any rows come back as they were, the kept ones only, also into dictionaries that have other texts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      async (rows, every) => {
        const path = join(dir, 'table');
        await writeSegment(path, tableOf(rows), (i) => i % every === 0);
        const dictionaries = ownDictionaries();
        dictionaries('A').add('taken');
        const back = rowsOf(await readSegment(path, dictionaries));
        expect(back).toEqual(rows.filter((_, i) => i % every === 0));
      },
    ),
    { numRuns: 80 },
  );
});

test('a damaged file is refused, whatever byte is wrong', async () => {
  const path = join(dir, 'damaged');
  await writeSegment(path, tableOf([['a', 1, 'x']]));
  const whole = readFileSync(path);
  for (const at of [0, 9, 13, 20, whole.length - 1]) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 1;
    writeFileSync(path, damaged);
    await expect(readSegment(path, ownDictionaries())).rejects.toThrow('is damaged');
  }
  writeFileSync(path, whole.subarray(0, 10));
  await expect(readSegment(path, ownDictionaries())).rejects.toThrow('is damaged');
});

test('rows that repeat an earlier one are found, and only those', () => {
  const few = fc.tuple(
    fc.constantFrom('a', 'b', undefined),
    fc.constantFrom(0, 0.5, 1e12, undefined),
    fc.constantFrom('x', undefined),
  );
  fc.assert(
    fc.property(fc.array(few, { maxLength: 60 }), (rows) => {
      const keys = rows.map((each) => JSON.stringify(each.map((value) => value ?? null)));
      const expected = keys.map((key, i) => (keys.indexOf(key) < i ? 1 : 0));
      expect([...repeatedRows(tableOf(rows))]).toEqual(expected);
    }),
  );
});
