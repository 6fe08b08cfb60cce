// Bulk imports: the documented rules and failures one by one, the two modes, and that a failed job changes nothing.
import { type CsvFile, DataJobFailed } from '@emotion-gallery/personalize-rules/csv';
import { csv, HEADER, interactionCsv, interactionRows, likeOf, TestGroup } from './fixtures';

let group: TestGroup;
beforeEach(async () => {
  group = await TestGroup.open();
});
afterEach(() => group.remove());

const importing = (files: readonly CsvFile[], mode: 'FULL' | 'INCREMENTAL' = 'FULL') =>
  group.data.importCsv('INTERACTIONS', mode, files);
const importItems = (text: string, mode: 'FULL' | 'INCREMENTAL' = 'FULL') =>
  group.data.importCsv('ITEMS', mode, [csv(text)]);

const withRow = (row: string, at = 500): string => {
  const rows = interactionRows(1000);
  rows[at] = row;
  return `${[HEADER, ...rows].join('\n')}\n`;
};

const PREFIX = 'Failed to create a data import job for Interactions dataset. ';

test('a file of 1000 interactions is imported and is there after a restart', async () => {
  expect(group.data.hasBulkImport('INTERACTIONS')).toBe(false);
  const text = interactionCsv(1000);
  expect(await importing([csv(text)])).toEqual({ records: 1000, bytes: text.length });
  for (const restarted of [false, true]) {
    if (restarted) await group.reopen();
    expect(group.data.hasBulkImport('INTERACTIONS')).toBe(true);
    expect(group.data.sizes().INTERACTIONS).toEqual({ records: 1000, bulk: 1000, put: 0 });
    expect(group.data.userHistory('u3').events[0]).toEqual({
      itemId: 'i21',
      timestamp: 1_600_000_003,
      eventType: 'like',
    });
  }
});

test('byte order mark, Windows line ends, quoted headers and any order of columns are read', async () => {
  const rows = interactionRows(1000).map((row) => row.split(',').reverse().join(','));
  const header = HEADER.split(',')
    .reverse()
    .map((name) => `"${name}"`);
  await importing([csv(`\uFEFF${[header.join(','), ...rows].join('\r\n')}`)]);
  expect(group.data.userHistory('u0').events).toHaveLength(20);
});

test('several files are one job', async () => {
  const rows = interactionRows(1000);
  const file = (from: number, to: number, name: string) =>
    csv([HEADER, ...rows.slice(from, to)].join('\n'), name);
  await importing([file(0, 400, 'a'), file(400, 1000, 'b')]);
  expect(group.data.sizes().INTERACTIONS?.bulk).toBe(1000);
});

test('columns that the schema does not have are not imported, nullable ones may be missing', async () => {
  const lines = interactionCsv().trimEnd().split('\n');
  await importing([csv(lines.map((line, i) => `${line},${i === 0 ? 'EXTRA' : 'x'}`).join('\n'))]);
  expect(Object.keys(group.data.snapshot({}).interactions.columns)).toHaveLength(1);
});

test.each<[string, string | Buffer, string]>([
  ['fewer than 1000 records', interactionCsv(999), 'The input has 999 records'],
  ['an empty file', '', 's3://bucket/file.csv has no header row.'],
  [
    'missing columns',
    interactionCsv().replace('ITEM_ID', 'ITEM').replace('TIMESTAMP', 'TIME'),
    'Input CSV is missing the following columns:[ITEM_ID, TIMESTAMP].',
  ],
  ['a column twice', interactionCsv().replace('EVENT_VALUE', 'ITEM_ID'), 'has the column ITEM_ID twice'],
  [
    'too few cells',
    withRow('u1,i1,1600000000'),
    '3 cells, the header has 5. (s3://bucket/file.csv, line 502)',
  ],
  ['an empty id', withRow(',i1,1600000000,like,1'), 'USER_ID is empty'],
  ['an empty event type', withRow('u1,i1,1600000000,,1'), 'EVENT_TYPE is empty'],
  [
    'a time in milliseconds',
    withRow('u1,i1,1600000000000,like,1'),
    'TIMESTAMP must be in seconds since 1970',
  ],
  ['a time with a fraction', withRow('u1,i1,1600000000.5,like,1'), 'TIMESTAMP must be a whole number (long)'],
  [
    'a time as a date',
    withRow('u1,i1,2020-01-01,like,1'),
    'TIMESTAMP must be a whole number (long), not "2020-01-01"',
  ],
  [
    'a value that is no number',
    withRow('u1,i1,1600000000,like,much'),
    'EVENT_VALUE must be a number (float)',
  ],
  [
    'too long an id',
    withRow(`${'u'.repeat(257)},i1,1600000000,like,1`),
    'Length cannot be more than 256 characters for USER_ID. If no values exceed the character limit, make sure your data follows the formatting guidelines listed in https://docs.aws.amazon.com/personalize/latest/dg/data-prep-formatting.html.',
  ],
  ['an unclosed quote', withRow('"u1,i1,1600000000,like,1'), 'a quote is not closed'],
  [
    'bytes that are not UTF-8',
    Buffer.from(interactionCsv().replace('u5,', 'u\u00e9,'), 'latin1'),
    'is not UTF-8',
  ],
])('an import with %s fails with the reason and changes nothing', async (_, content, reason) => {
  await importing([csv(interactionCsv(1200))]);
  const before = [...group.data.exportCsv('INTERACTIONS', 'ALL')].join('');
  const failure = await importing([csv(content)]).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(DataJobFailed);
  expect((failure as Error).message).toContain(PREFIX);
  expect((failure as Error).message).toContain(reason);
  expect([...group.data.exportCsv('INTERACTIONS', 'ALL')].join('')).toBe(before);
});

test('files with different headers are refused', async () => {
  const other = interactionCsv().replace(HEADER, 'ITEM_ID,USER_ID,TIMESTAMP,EVENT_TYPE,EVENT_VALUE');
  await expect(importing([csv(interactionCsv(), 'a.csv'), csv(other, 'b.csv')])).rejects.toThrow(
    'All files of a job need the same header',
  );
});

test('of many problems the first are named with their lines, and the others counted', async () => {
  const text = interactionCsv().replaceAll(',like,', ',,');
  await expect(importing([csv(text)])).rejects.toThrow(
    /EVENT_TYPE is empty.*line 2\).*line 3\).*line 6\).* … and 995 more\./,
  );
});

test('a read that breaks off in the middle changes nothing', async () => {
  const broken: CsvFile = {
    name: 'broken',
    async open() {
      async function* chunks() {
        yield Buffer.from(interactionCsv());
        throw new Error('connection lost');
      }
      return chunks();
    },
  };
  await expect(importing([broken])).rejects.toThrow('connection lost');
  expect(group.data.sizes().INTERACTIONS?.bulk).toBe(0);
  expect(group.data.hasBulkImport('INTERACTIONS')).toBe(false);
});

test('interactions that are the same in every column are kept once', async () => {
  const rows = interactionRows(1000);
  await importing([csv([HEADER, ...rows, rows[0], rows[1]].join('\n'))]);
  expect(group.data.sizes().INTERACTIONS?.bulk).toBe(1000);
  const [user, item, time, type] = (rows[0] as string).split(',');
  await importing([csv([HEADER, ...rows, [user, item, time, type, '9'].join(',')].join('\n'))]);
  expect(group.data.sizes().INTERACTIONS?.bulk).toBe(1001);
});

describe('modes', () => {
  test('FULL replaces what was imported and leaves what was put', async () => {
    await group.data.putEvents(likeOf('putter', 'p'));
    await importing([csv(interactionCsv(1500))]);
    await importing([csv(interactionCsv(1000))]);
    for (const restarted of [false, true]) {
      if (restarted) await group.reopen();
      expect(group.data.sizes().INTERACTIONS).toEqual({ records: 1001, bulk: 1000, put: 1 });
      expect(group.data.userHistory('putter').events).toHaveLength(1);
    }
  });

  test('INCREMENTAL adds interactions, and those that are there already only once', async () => {
    await importing([csv(interactionCsv(1000))]);
    await importing([csv(interactionCsv(1500))], 'INCREMENTAL');
    expect(group.data.sizes().INTERACTIONS?.bulk).toBe(1500);
  });

  test('INCREMENTAL replaces items of the same id, FULL forgets the others', async () => {
    await importItems('ITEM_ID,GENRES,PRICE\na,drama,1\nb,horror,2\n');
    await importItems('ITEM_ID,GENRES,PRICE\nb,comedy,\nc,action,3\nc,war,4\n', 'INCREMENTAL');
    const metadata = () => ['a', 'b', 'c'].map((id) => group.data.metadata('ITEMS', id));
    expect(metadata()).toEqual([
      { GENRES: 'drama', PRICE: 1 },
      { GENRES: 'comedy' },
      { GENRES: 'war', PRICE: 4 },
    ]);
    await importItems('ITEM_ID,GENRES\nb,western\n');
    expect(metadata()).toEqual([undefined, { GENRES: 'western' }, undefined]);
  });

  test('of an imported and a put row the one that arrived last counts, and a FULL import keeps the put one', async () => {
    await importItems('ITEM_ID,GENRES\na,bulk\nb,bulk\n');
    group.now += 1000;
    await group.data.putEntities('ITEMS', [{ id: 'a', properties: '{"genres":"put"}' }]);
    expect(group.data.metadata('ITEMS', 'a')).toEqual({ GENRES: 'put' });
    group.now += 1000;
    await importItems('ITEM_ID,GENRES\na,later\n');
    expect(group.data.metadata('ITEMS', 'a')).toEqual({ GENRES: 'later' });
    await importItems('ITEM_ID,GENRES\nb,later\n');
    expect(group.data.metadata('ITEMS', 'a')).toEqual({ GENRES: 'put' });
  });

  test('items keep the time at which they were first seen through imports', async () => {
    await importItems('ITEM_ID,GENRES\na,x\n');
    const start = group.now;
    group.now += 1000;
    await importItems('ITEM_ID,GENRES\na,x\nb,y\n');
    await group.reopen();
    expect(group.data.itemsAddedSince(start).map(({ itemId }) => itemId)).toEqual(['b']);
  });
});

test('texts, booleans and times of items are read by their types', async () => {
  await importItems(
    'ITEM_ID,CREATION_TIMESTAMP,FREE,DESCRIPTION\na,1600000000,TRUE,"a ""long"", \\"told\\" story"\nb,,false,\n',
  );
  expect(group.data.metadata('ITEMS', 'a')).toEqual({
    CREATION_TIMESTAMP: 1_600_000_000,
    FREE: 'true',
    DESCRIPTION: 'a "long", "told" story',
  });
  expect(group.data.metadata('ITEMS', 'b')).toEqual({ FREE: 'false' });
  await expect(importItems(`ITEM_ID,GENRES\na,${'x'.repeat(1001)}\n`)).rejects.toThrow(
    'Length cannot be more than 1000 characters for GENRES.',
  );
  await expect(importItems('ITEM_ID,GENRES\n')).rejects.toThrow('The input has no records.');
});
