// Log streams on disk: parts that are full are compressed, what is old goes, and nothing else does.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import { LogFollower } from '../../../src/services/logs/group-log';
import { LogStreams } from '../../../src/services/logs/streams';

const GROUP = '/aws/lambda/like';
const LINE = 'x'.repeat(20_000);
let dir: string;
let store: Store;
let streams: LogStreams;

function open(): void {
  store = new Store({ dir: join(dir, 'store'), clock: new ManualClock() });
  streams = new LogStreams({ store, folder: join(dir, 'groups'), log: () => undefined });
}
async function close(): Promise<void> {
  await streams.close();
  await store.close();
}
async function reopen(): Promise<void> {
  await close();
  open();
}
const folder = () => join(dir, 'groups', encodeURIComponent(GROUP));
const files = () => readdirSync(folder()).sort();
const messages = async (from = 0, to = Infinity, stream?: string) =>
  (await streams.read(GROUP, from, to, (name) => stream === undefined || name === stream)).map(
    ({ message }) => message,
  );
/** Some 2 MB from time 0 on. */
function fill(stream = 'a'): string[] {
  const texts = Array.from({ length: 100 }, (_, time) => `${time} ${LINE}`);
  for (const [timestamp, message] of texts.entries())
    streams.append(GROUP, stream, [{ timestamp, message }], timestamp);
  return texts;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'log-streams-'));
  open();
});
afterEach(async () => {
  await close();
  rmSync(dir, { recursive: true, force: true });
});

test('events are there by time, in parts that are full and in the one that grows, after a restart too', async () => {
  const texts = fill();
  expect(await messages()).toEqual(texts);
  await reopen();
  expect(files().filter((name) => name.endsWith('.chunk'))).not.toEqual([]);
  expect(await messages()).toEqual(texts);
  expect(await messages(10, 12)).toEqual(texts.slice(10, 12));
  expect(streams.list(GROUP)).toMatchObject([{ name: 'a', span: [0, 99, 99] }]);
});

test('what is older than the retention goes in the end, with streams that had nothing else', async () => {
  const texts = fill();
  streams.append(GROUP, 'b', [{ timestamp: 500, message: 'young' }], 500);
  await streams.removeBefore(GROUP, 200);
  await reopen();
  await streams.removeBefore(GROUP, 200);
  const left = await messages();
  expect(left.length).toBeLessThan(texts.length);
  expect(left.at(-1)).toBe('young');
  await streams.removeBefore(GROUP, 600);
  expect(streams.list(GROUP)).toEqual([]);
});

test('a stream that is made anew has nothing of the old one; a group that is deleted leaves nothing', async () => {
  fill();
  streams.remove(GROUP, 'a');
  streams.create(GROUP, 'a', 1_000);
  expect(await messages()).toEqual([]);
  streams.removeGroup(GROUP);
  await reopen();
  expect(existsSync(folder())).toBe(false);
  expect(store.map('logs/chunks').size).toBe(0);
});

test.each(['chunk', 'log'])(
  'a flipped bit in a %s stops the start with the name of the file',
  async (kind) => {
    fill();
    await close();
    const name = files().find((file) => file.endsWith(kind)) as string;
    const bytes = readFileSync(join(folder(), name));
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 4, bytes.length >> 1);
    writeFileSync(join(folder(), name), bytes);
    expect(() => open()).toThrow(new RegExp(`${name} is damaged`));
    bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 4, bytes.length >> 1);
    writeFileSync(join(folder(), name), bytes);
    open();
  },
);

test('a follower sees each event once, whether its part was compressed meanwhile or not', async () => {
  const follower = new LogFollower(join(dir, 'groups'));
  streams.append(GROUP, 'a', [{ timestamp: 0, message: 'first' }], 0);
  expect(follower.read().map(({ group, message }) => [group, message])).toEqual([[GROUP, 'first']]);
  const texts = fill();
  await reopen();
  expect(follower.read().map(({ message }) => message)).toEqual(texts);
  expect(follower.read()).toEqual([]);
});
