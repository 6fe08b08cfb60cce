// data split: what is held out, and that nothing is half written.
import { at, data, interactions, list, read, write } from './files';

const rowsOf = (path: string) => read(path).trim().split('\n').slice(1);
const all = () => interactions().split('\n').slice(1);

test('holds out the last tenth of each user, and loses no row', async () => {
  const file = write('interactions.csv', interactions());
  const { exitCode } = await data('split', file, '--out', at('tenth'));
  expect(exitCode).toBe(0);
  const [train, test] = [rowsOf('tenth/interactions.train.csv'), rowsOf('tenth/interactions.test.csv')];
  expect([...train, ...test].sort()).toEqual(all().sort());
  for (let user = 0; user < 30; user++) {
    const own = (rows: string[]) => rows.filter((row) => row.startsWith(`user-${user},`));
    const times = (rows: string[]) => own(rows).map((row) => Number(row.split(',')[2]));
    expect(times(test)).toHaveLength(4);
    expect(Math.min(...times(test))).toBeGreaterThan(Math.max(...times(train)));
  }
});

test('leaves the last one out, and a user of one row in training', async () => {
  const file = write('few.csv', 'USER_ID,ITEM_ID,TIMESTAMP\na,1,5\nb,1,1\nb,2,9\nb,3,4\n');
  await data('split', file, '--by', 'leave-last-out', '--out', at('last'));
  expect(rowsOf('last/few.test.csv')).toEqual(['b,2,9']);
});

test('splits by time, with rows of one second on one side', async () => {
  const file = write('time.csv', 'USER_ID,ITEM_ID,TIMESTAMP\na,1,1\na,2,2\nb,3,3\nb,4,3\nc,5,4\n');
  await data('split', file, '--by', 'time', '--share', '0.5', '--out', at('time'));
  expect(rowsOf('time/time.test.csv')).toEqual(['c,5,4']);
});

test('cold items are in no other file, and the same for the same seed', async () => {
  const file = write('interactions.csv', interactions());
  const cold = async (name: string, seed: string) => {
    await data('split', file, '--cold-items', '0.2', '--seed', seed, '--out', at(name));
    return rowsOf(`${name}/interactions.cold.csv`);
  };
  const first = await cold('cold-1', '7');
  expect(await cold('cold-2', '7')).toEqual(first);
  expect(await cold('cold-3', '8')).not.toEqual(first);
  const items = (rows: string[]) => new Set(rows.map((row) => row.split(',')[1]));
  expect(items(first).size).toBe(10);
  const others = items([
    ...rowsOf('cold-1/interactions.train.csv'),
    ...rowsOf('cold-1/interactions.test.csv'),
  ]);
  expect([...items(first)].filter((item) => others.has(item))).toEqual([]);
});

test('quotes what has to be quoted', async () => {
  const row = 'a,"x, ""y""",1';
  const file = write('quoted.csv', `USER_ID,ITEM_ID,TIMESTAMP\n${row}\n`);
  await data('split', file, '--out', at('quoted'));
  expect(rowsOf('quoted/quoted.train.csv')).toEqual([row]);
});

test('deals rows out as they are: quoted line ends, blank lines, a byte order mark, no line end at the end, over many chunks', async () => {
  const [plain, odd] = ['user-1,item-1', 'user-2,"a ""quoted"", item\r\nof two lines"'];
  const body = Array.from({ length: 60_000 }, (_, i) => `${i % 3 ? plain : odd},${i}`);
  const text = `\ufeffUSER_ID,ITEM_ID,TIMESTAMP\r\n${body.join('\r\n\r\n')}`;
  await data('split', write('odd.csv', text), '--share', '0.5', '--out', at('odd'));
  const parts = ['train', 'test'].map((part) => read(`odd/odd.${part}.csv`));
  for (const part of parts) expect(part.startsWith('USER_ID,ITEM_ID,TIMESTAMP\r\n')).toBe(true);
  const rows = parts.flatMap((part) =>
    part
      .slice(part.indexOf('\n') + 1)
      .trimEnd()
      .split(/(?<=,\d+)\r?\n/),
  );
  expect(rows.sort()).toEqual([...body].sort());
});

test('the newest items are cold where one says so', async () => {
  const file = write(
    'new.csv',
    'USER_ID,ITEM_ID,TIMESTAMP\na,new,9\na,old,1\na,older,0\nb,new,8\nb,old,7\nb,mid,5\n',
  );
  await data('split', file, '--cold-items', '0.5', '--cold-by', 'newest', '--out', at('newest'));
  expect(rowsOf('newest/new.cold.csv')).toEqual(['a,new,9', 'b,new,8', 'b,mid,5']);
  expect((await data('split', file, '--cold-by', 'taste', '--out', at('none'))).errors).toContain(
    '--cold-by must be chance or newest, got taste',
  );
});

test('a wrong row writes nothing, and neither does a file that is there already', async () => {
  const wrong = write('wrong.csv', 'USER_ID,ITEM_ID,TIMESTAMP\na,1,1\na,2,soon\n');
  const { errors } = await data('split', wrong, '--out', at('.'));
  expect(errors).toMatch(/wrong.csv, line 3: TIMESTAMP .*"soon"/);
  expect(list('.').filter((name) => name.startsWith('wrong.t'))).toEqual([]);
  const file = write('interactions.csv', interactions());
  await data('split', file, '--out', at('there'));
  const before = read('there/interactions.train.csv');
  const again = await data('split', file, '--out', at('there'), '--share', '0.5');
  expect(again.errors).toContain('is there already: --overwrite replaces it');
  expect(read('there/interactions.train.csv')).toBe(before);
  expect(list('there')).toEqual(['interactions.test.csv', 'interactions.train.csv']);
});

test('files that are not interactions and shares that are none are refused', async () => {
  expect((await data('split', write('items.csv', 'ITEM_ID,A\n1,2\n'))).errors).toContain(
    'only they are split',
  );
  expect((await data('split', 'x.csv', '--share', '2')).errors).toContain('--share must be a number from');
  expect((await data('split', 'x.csv', '--by', 'luck')).errors).toContain('--by must be last-share');
});
