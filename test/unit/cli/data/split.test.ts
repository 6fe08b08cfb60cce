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
