// data describe, on files that are right, and on all kinds of wrong ones.
import { at, data, interactions, read, write } from './files';

const json = async (...args: string[]) => JSON.parse((await data('describe', ...args, '--json')).out);

test('counts rows, users, items, duplicates, event types and the span of time', async () => {
  const text = interactions();
  const again = text.split('\n')[5];
  const [found] = await json(write('interactions.csv', `${text}\n${again}\n`));
  expect(found).toMatchObject({
    kind: 'INTERACTIONS',
    rows: 1201,
    refusals: [],
    interactions: {
      users: 30,
      items: 51,
      usersWithTwo: 30,
      duplicates: 1,
      isOrdered: false,
      from: 1_700_000_000,
      to: 1_700_000_000 + 1199 * 60,
      newItems: 1,
      userActivity: { minimum: 40, median: 40, maximum: 41 },
      eventTypes: [
        { value: 'view', count: 961 },
        { value: 'buy', count: 240 },
      ],
    },
  });
  expect(found.schema.fields.map(({ name }: { name: string }) => name)).toEqual([
    'USER_ID',
    'ITEM_ID',
    'TIMESTAMP',
    'EVENT_TYPE',
  ]);
});

test('compares files with those before them, and suggests types for columns of one’s own', async () => {
  const items = write(
    'items.csv',
    'ITEM_ID,TITLE,GENRES,PRICE,STOCK\nitem-1,"One, or two",Drama|War,1.5,3\nnever,Never,War,2,4\nthird,Third,Drama,2,5\n',
  );
  const [, found] = await json(items, write('interactions.csv', interactions()));
  expect(found.against).toEqual([{ file: items, what: 'items', onlyHere: 50, onlyThere: 2 }]);
  const [{ schema }] = await json(items);
  expect(schema.fields).toEqual([
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TITLE', type: ['null', 'string'] },
    { name: 'GENRES', type: ['null', 'string'], categorical: true },
    { name: 'PRICE', type: ['null', 'float'] },
    { name: 'STOCK', type: ['null', 'int'] },
  ]);
});

test('names wrong rows by file and line, and what Amazon Personalize would refuse, and fails', async () => {
  const file = write(
    'wrong.csv',
    'USER_ID,ITEM_ID,TIMESTAMP\n1,a,1700000000\n2,b,1700000000000\n3,,1700000000\n4,d\n5,e,yesterday\n',
  );
  const { exitCode, out } = await data('describe', file);
  expect(exitCode).toBe(1);
  expect(out).toContain(`${file}, line 3: TIMESTAMP must be in seconds since 1970`);
  expect(out).toContain(`${file}, line 4: ITEM_ID is empty`);
  expect(out).toContain(`${file}, line 5: 2 cells, the header has 3`);
  expect(out).toContain(`${file}, line 6: TIMESTAMP must be a whole number`);
  expect(out).toContain('needs at least 1000');
});

test.each([
  ['one that is not there', () => at('nowhere.csv'), /cannot read .*nowhere.csv: there is no such file/],
  ['an empty one', () => write('empty.csv', ''), /empty.csv is empty/],
  ['one with a header alone', () => write('head.csv', 'USER_ID,ITEM_ID,TIMESTAMP\n'), /nothing below it/],
  ['a folder', () => at('.'), /it is no file/],
  [
    'one of another kind',
    () => write('other.csv', 'a,b\n1,2\n'),
    /line 1: the header has a, b; .*data convert/,
  ],
  ['a column twice', () => write('twice.csv', 'ITEM_ID,A,A\n1,2,3\n'), /line 1: the column A is there twice/],
  ['an open quote', () => write('quote.csv', 'ITEM_ID,A\n1,"2\n'), /Line 2: a quote is not closed/],
  [
    'Excel’s Korean encoding',
    () =>
      write(
        'cp949.csv',
        Buffer.concat([Buffer.from('ITEM_ID,NAME\n1,a\n2,'), Buffer.from([0xc7, 0xd1, 0x0a])]),
      ),
    /cp949.csv, line 3: this is not UTF-8; .*iconv -f CP949/,
  ],
  ['UTF-16', () => write('utf16.csv', Buffer.from('\ufeffITEM_ID,A\n', 'utf16le')), /line 1: .*it is UTF-16/],
])('refuses %s with its place and a remedy', async (_, file, message) => {
  const { exitCode, errors, out } = await data('describe', file());
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(errors).toMatch(message);
  expect(errors).not.toContain('    at ');
});

test('checks by a schema that is given, and names its faults', async () => {
  const file = write('users.csv', 'USER_ID,AGE\n1,old\n2,30\n');
  const field = (type: unknown) => ({
    type: 'record',
    name: 'Users',
    namespace: 'com.amazonaws.personalize.schema',
    version: '1.0',
    fields: [
      { name: 'USER_ID', type: 'string' },
      { name: 'AGE', type },
    ],
  });
  const schema = write('users.schema.json', JSON.stringify(field('int')));
  expect((await data('describe', file, '--schema', schema)).out).toContain(
    'line 2: AGE must be a whole number (int), not "old"',
  );
  const faulty = write('faulty.json', JSON.stringify(field('date')));
  expect((await data('describe', file, '--schema', faulty)).errors).toMatch(
    /faulty.json, fields.1.type: Field AGE/,
  );
});

test('writes a report that needs nothing else, with a text for each chart, in Korean too', async () => {
  const file = write('interactions.csv', interactions());
  await data('describe', file, '--report', at('report.html'), '--lang', 'ko');
  const html = read('report.html');
  expect(html).toContain('<html lang="ko">');
  expect(html).toContain('받아들입니다');
  expect(html).not.toMatch(/(src|href)=|https?:/);
  const charts = html.match(/<svg /g) ?? [];
  expect(charts.length).toBe(4);
  expect(html.match(/role="img" aria-label="[^"]{10,}"/g)).toHaveLength(charts.length);
});
