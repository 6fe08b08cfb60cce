// The store: what was committed is there after a kill, whatever the disk does; what was not is as if it never began.
import fs, {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../src/clock';
import { seededRandom } from '../../../src/random';
import { DamagedFile, readStore, Store } from '../../../src/store';

const KB = 'x'.repeat(1_000);
let dir: string;
let clock: ManualClock;
const open = (segmentBytes?: number) => new Store({ dir, clock, segmentBytes });
const contentOf = (store: Store, name = 'numbers') => [...store.map<number>(name).entries()];
const files = () => readdirSync(dir).sort();
const turn = () => new Promise((resolve) => setImmediate(resolve));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'store-'));
  clock = new ManualClock();
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(dir, { recursive: true, force: true });
});

test('what was put is there again without closing, in the order of its keys', () => {
  const numbers = open().map<number>('numbers');
  for (const key of ['b', 'a', 'c']) numbers.put(key, 1);
  numbers.put('b', 2);
  numbers.delete('c');
  expect(contentOf(open())).toEqual([
    ['b', 2],
    ['a', 1],
  ]);
});

test('a commit changes several maps, or none', () => {
  const store = open();
  const [numbers, texts] = [store.map<number>('numbers'), store.map<string>('texts')];
  store.commit([
    { map: numbers, key: 'a', value: 1 },
    { map: texts, key: 'a', value: 'one' },
  ]);
  const file = join(dir, files().at(-1) as string);
  truncateSync(file, readFileSync(file).length - 1);
  const again = open();
  expect([...contentOf(again), ...contentOf(again, 'texts')]).toEqual([]);
  again.map<number>('numbers').put('b', 2);
  expect(contentOf(open())).toEqual([['b', 2]]);
});

test('zeros behind the last record, which a loss of power leaves in a file that had grown, are no damage', () => {
  open().map<number>('numbers').put('a', 1);
  const file = join(dir, files().at(-1) as string);
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(100)]));
  open().map<number>('numbers').put('b', 2);
  expect(contentOf(open())).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

test('outdated records go, what counts stays, and order survives', async () => {
  const store = open(8_000);
  const values = store.map<string>('values');
  values.put('first', 'stays');
  for (let round = 0; round < 300; round++) {
    values.put(`k${round % 3}`, `${round} ${KB}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  const before = [...values.entries()];
  while (store.bytes > 60_000) await new Promise((resolve) => setTimeout(resolve, 5));
  await store.close();
  expect(files()[0]).not.toBe('00000001.log');
  const again = open();
  expect(contentOf(again, 'values')).toEqual(before);
  expect([...again.map('values').keys()]).toEqual(['first', 'k0', 'k1', 'k2']);
});

test('a kill at any moment of cleaning loses nothing', async () => {
  const store = open(2_000);
  const values = store.map<string>('values');
  for (let round = 0; round < 60; round++) {
    values.put(`k${round % 7}`, `${round} ${KB}`);
    if (round % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(readStore(dir)('values')).toEqual(new Map(values.entries()));
  }
  await store.close();
});

test('no turn of the event loop does much housekeeping, and none waits for the disk', async () => {
  const store = open(300_000);
  const values = store.map<string>('values');
  for (let key = 0; key < 200; key++) values.put(`stays ${key}`, KB);
  const waits = [jest.spyOn(fs, 'fsyncSync'), jest.spyOn(fs, 'readFileSync'), jest.spyOn(fs, 'openSync')];
  const { writeSync } = fs;
  let written = 0;
  jest.spyOn(fs, 'writeSync').mockImplementation(((...args: Parameters<typeof writeSync>) => {
    const bytes = writeSync(...args);
    written += bytes;
    return bytes;
  }) as typeof writeSync);
  const oldest = files()[0];
  let most = 0;
  for (let round = 0; files()[0] === oldest; round++) {
    values.put('changes', `${round} ${KB}`);
    written = 0;
    await turn();
    most = Math.max(most, written);
  }
  // All that stays was moved, in portions of 64 KB and the rest of a record.
  expect(most).toBeGreaterThan(60_000);
  expect(most).toBeLessThan(68_000);
  // A new file is opened once it is on the disk itself.
  for (const wait of waits) expect(wait.mock.calls.filter(([, mode]) => mode !== 'r+')).toEqual([]);
  await store.close();
});

test('values are removed when their map says so', async () => {
  const store = open();
  const events = store.map<number>('events', (time) => time + 60_000);
  events.put('old', clock.now());
  clock.advance(50_000);
  events.put('young', clock.now());
  clock.advance(15_000);
  await new Promise((resolve) => setImmediate(resolve));
  expect([...events.keys()]).toEqual(['young']);
  await store.close();
});

test('a disk that cannot keep what it took is told to who waits for it, and nothing more is taken', async () => {
  const store = open();
  const numbers = store.map<number>('numbers');
  numbers.put('a', 1);
  await store.synced();
  const { fdatasync } = fs;
  const broken = jest.spyOn(fs, 'fdatasync');
  broken.mockImplementationOnce((_descriptor, done) => done(new Error('EIO: i/o error, fdatasync')));
  numbers.put('b', 2);
  await expect(store.synced()).rejects.toThrow('could not be synced (EIO: i/o error, fdatasync): restart');
  broken.mockImplementation(fdatasync);
  // That the next one succeeds says nothing of what the failed one dropped.
  expect(() => numbers.put('c', 3)).toThrow('restart');
  await expect(store.synced()).rejects.toThrow('restart');
  expect(contentOf(open())).toEqual([...numbers.entries()]);
});

test('files are for their owner only, those that take the place of another one too', async () => {
  const store = open(2_000);
  for (let round = 0; files().length < 3; round++) {
    store.map<string>('values').put(`k${round}`, KB);
    await turn();
  }
  await store.close();
  expect(files().map((name) => statSync(join(dir, name)).mode & 0o777)).toEqual(files().map(() => 0o600));
});

test('what is in use can be read', () => {
  open().map<number>('numbers').put('a', 1);
  expect(readStore(dir)('numbers')).toEqual(new Map([['a', 1]]));
});

describe('a full disk', () => {
  const full = () => Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

  /** The n-th write and all that follow stop after some bytes, until there is room again. */
  function fillAt(n: number, bytes: number): () => void {
    const { writeSync } = fs;
    let count = 0;
    const { writeFile } = fs.promises;
    const fileSpy = jest.spyOn(fs.promises, 'writeFile').mockImplementation((...args) => {
      count += 1;
      return count < n ? writeFile(...args) : Promise.reject(full());
    });
    const spy = jest.spyOn(fs, 'writeSync').mockImplementation(((...args: unknown[]) => {
      count += 1;
      const [fd, buffer, offset, length, position] = args as [number, Buffer, number, number, number];
      if (count < n) return writeSync(fd, buffer, offset, length, position);
      if (count > n || bytes === 0) throw full();
      return writeSync(fd, buffer, offset, Math.min(bytes, length), position);
    }) as typeof writeSync);
    return () => {
      spy.mockRestore();
      fileSpy.mockRestore();
    };
  }

  // Every write of the store in turn, those that begin a segment and those of cleaning included.
  test.each([0, 5, 200])(
    'refuses a write that stops after %d bytes, keeps the rest, and goes on',
    async (bytes) => {
      for (let n = 1; n <= 24; n += 1) {
        rmSync(dir, { recursive: true, force: true });
        const store = open(2_000);
        const values = store.map<string>('values');
        const makeRoom = fillAt(n, bytes);
        const acknowledged = new Map<string, string>();
        const put = async (key: string, value: string) => {
          try {
            values.put(key, value);
            acknowledged.set(key, value);
          } catch (error) {
            expect(error).toMatchObject({ code: 'ENOSPC' });
          }
          // A new segment takes some turns.
          await new Promise((resolve) => setTimeout(resolve, 2));
        };
        for (let round = 0; round < 12; round++) await put(`k${round % 4}`, `${round} ${KB.slice(0, 400)}`);
        expect(readStore(dir)('values')).toEqual(acknowledged);
        makeRoom();
        await put('later', 'is taken');
        expect(acknowledged.get('later')).toBe('is taken');
        await store.close();
        const again = open();
        expect(new Map(again.map<string>('values').entries())).toEqual(acknowledged);
        await again.close();
      }
    },
  );

  test('does not keep a server from starting', async () => {
    const store = open();
    store.map<number>('numbers').put('a', 1);
    await store.close();
    fillAt(1, 0);
    const again = open();
    expect(contentOf(again)).toEqual([['a', 1]]);
    expect(() => again.map<number>('numbers').put('b', 2)).toThrow('ENOSPC');
  });
});

describe('damage', () => {
  async function filled(): Promise<[string, string][]> {
    const store = open(3_000);
    const values = store.map<string>('values');
    for (let round = 0; files().filter((name) => name.endsWith('.log')).length < 4; round++) {
      values.put(`k${round}`, `${round} ${KB.slice(0, 300)}`);
      // A new segment takes the disk a while.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    values.put('last', 'there');
    await store.close();
    return [...values.entries()];
  }

  test('a flipped bit anywhere stops the start with the name of the file, and nothing is changed', async () => {
    await filled();
    const random = seededRandom(7);
    for (let round = 0; round < 100; round++) {
      const names = files();
      const name = names[Math.floor(random() * names.length)] as string;
      const file = join(dir, name);
      const good = readFileSync(file);
      const bad = Buffer.from(good);
      const at = Math.floor(random() * bad.length);
      bad.writeUInt8(bad.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at);
      writeFileSync(file, bad);
      expect(() => open()).toThrow(new RegExp(name));
      expect(readFileSync(file).equals(bad)).toBe(true);
      writeFileSync(file, good);
    }
  });

  test.each(['emptied', 'shortened to its beginning', 'removed'])(
    'a file that was %s stops the start',
    async (how) => {
      await filled();
      const names = files();
      for (const name of names.slice(0, -1)) {
        const file = join(dir, name);
        const good = readFileSync(file);
        if (how === 'removed') rmSync(file);
        else writeFileSync(file, how === 'emptied' ? Buffer.alloc(0) : good.subarray(0, 8));
        expect(() => open()).toThrow(DamagedFile);
        expect(() => open()).toThrow(new RegExp(name));
        writeFileSync(file, good);
      }
      const newest = join(dir, names.at(-1) as string);
      writeFileSync(newest, '');
      expect(() => open()).toThrow(/it is empty/);
    },
  );
});
