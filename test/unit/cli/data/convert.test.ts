// data convert: MovieLens in its forms, ratings with a header, JSON lines and logs of events.
import { mkdirSync } from 'node:fs';
import { at, data, list, read, write } from './files';

const lines = (path: string) => read(path).trim().split('\n');

test('ml-100k, in Latin-1, with its genres and its users', async () => {
  mkdirSync(at('ml-100k'));
  write('ml-100k/u.data', '196\t242\t3\t881250949\n');
  const genres = ['0', '1', '0', '0', '1', ...Array.from({ length: 14 }, () => '0')].join('|');
  write('ml-100k/u.item', Buffer.from(`242|Caf\xe9, Le (1997)|24-Jan-1997||http://x|${genres}\n`, 'latin1'));
  write('ml-100k/u.user', '196|49|M|writer|55105\n');
  const { exitCode } = await data('convert', at('ml-100k'), '--out', at('out-100k'));
  expect(exitCode).toBe(0);
  expect(list('out-100k')).toEqual(
    ['interactions', 'items', 'users'].flatMap((name) => [`${name}.csv`, `${name}.schema.json`]),
  );
  expect(lines('out-100k/interactions.csv')[1]).toBe('196,242,881250949,rating,3');
  expect(lines('out-100k/items.csv')[1]).toBe('242,"Café, Le (1997)",Action|Children,1997');
  expect(lines('out-100k/users.csv')[1]).toBe('196,49,M,writer');
});

test('ml-1m and the newer ones', async () => {
  mkdirSync(at('ml-1m'));
  write('ml-1m/ratings.dat', '1::1193::5::978300760\n');
  write('ml-1m/movies.dat', '1193::Some Film (1975)::Drama|War\n');
  await data('convert', at('ml-1m'), '--out', at('out-1m'));
  expect(lines('out-1m/items.csv')[1]).toBe('1193,Some Film (1975),Drama|War,1975');
  mkdirSync(at('ml-small'));
  write('ml-small/ratings.csv', 'userId,movieId,rating,timestamp\n1,1,4.0,964982703\n');
  write('ml-small/movies.csv', 'movieId,title,genres\n1,"One, or Two (1995)",(no genres listed)\n');
  await data('convert', at('ml-small'), '--out', at('out-small'));
  expect(lines('out-small/interactions.csv')[1]).toBe('1,1,964982703,rating,4.0');
  expect(lines('out-small/items.csv')[1]).toBe('1,"One, or Two (1995)",,1995');
});

test('ratings by the names of their columns, or by what a person says they are', async () => {
  const file = write('ratings.csv', 'Customer ID,productId,date,stars\nann,p1,2024-01-01T00:00:00Z,5\n');
  await data('convert', file, '--out', at('ratings'));
  expect(lines('ratings/interactions.csv')).toEqual([
    'USER_ID,ITEM_ID,TIMESTAMP,EVENT_VALUE',
    'ann,p1,1704067200,5',
  ]);
  const odd = write('odd.csv', 'who,what,date\nann,p1,1704067200000\n');
  expect((await data('convert', odd, '--out', at('odd'))).errors).toMatch(
    /line 1: which column is the user\?/,
  );
  const named = await data('convert', odd, '--out', at('odd'), '--columns', 'user=who,item=what');
  expect(named.exitCode).toBe(0);
  expect(lines('odd/interactions.csv')[1]).toBe('ann,p1,1704067200');
});

test('JSON lines, and whole requests of PutEvents', async () => {
  const file = write('log.jsonl', '{"user":"a","item":"b","ts":1704067200,"event":"view"}\n');
  await data('convert', file, '--out', at('jsonl'));
  expect(lines('jsonl/interactions.csv')[1]).toBe('a,b,1704067200,view');
  const events = {
    userId: 'a',
    sessionId: 's',
    eventList: [
      { eventType: 'like', itemId: 'x', sentAt: 1704067200 },
      { eventType: 'like', properties: '{"itemId":"y"}', sentAt: 1704067201 },
    ],
  };
  await data('convert', write('events.log', `${JSON.stringify(events)}\n`), '--out', at('events'));
  expect(lines('events/interactions.csv').slice(1)).toEqual(['a,x,1704067200,like,', 'a,y,1704067201,like,']);
});

test('what cannot be read is named with its line, and nothing is written', async () => {
  const time = write('time.csv', 'user,item,time\na,b,1704067200\na,b,soon\n');
  const { errors } = await data('convert', time, '--out', at('none'));
  expect(errors).toContain('time.csv, line 3: "soon" is no time');
  const broken = write('broken.jsonl', '{"user":"a","item":"b","ts":1}\n{"user":\n');
  expect((await data('convert', broken, '--out', at('none'))).errors).toContain(
    'broken.jsonl, line 2: no JSON',
  );
  expect(list('none')).toEqual([]);
  mkdirSync(at('empty'));
  expect((await data('convert', at('empty'))).errors).toContain('is no folder of MovieLens');
  expect((await data('convert', at('nowhere.csv'), '--out', at('none'))).errors).toContain('no such file');
});
