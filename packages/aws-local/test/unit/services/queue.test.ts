// A queue with more messages than a call has arguments, and one whose disk is full.
import fs, { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import { Queue, type StoredMessage } from '../../../src/services/sqs/queue';

const CONTENT = { body: 'hello', attributes: {}, sender: '000000000000' };
const clock = new ManualClock();
let dir: string;
let store: Store;
let queue: Queue;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'queue-'));
  store = new Store({ dir, clock });
  const record = { name: 'queue', createdAt: 0, modifiedAt: 0, attributes: {}, tags: {} };
  queue = new Queue(
    record,
    store.map<StoredMessage>('messages'),
    () => clock.now(),
    () => undefined,
    'arn',
  );
});
afterEach(async () => {
  jest.restoreAllMocks();
  queue.close();
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a message is taken and received while 130,000 others are hidden', async () => {
  const hidden = {
    ...CONTENT,
    queue: 'queue',
    sentAt: clock.now(),
    visibleAt: clock.now() + 1_000_000,
    receiveCount: 1,
  };
  for (let i = 0; i < 130_000; i += 1) queue.restore({ ...hidden, id: String(i) });
  const received = queue.receive(1, 30_000, 20_000);
  const sent = queue.send(CONTENT, 0);
  expect(await received).toMatchObject([{ id: sent.id, receiveCount: 1 }]);
});

test('a message that is stored is acknowledged, although the disk refuses to note its receive', async () => {
  const received = queue.receive(1, 30_000, 20_000);
  const { writeSync } = fs;
  let writes = 0;
  const spy = jest.spyOn(fs, 'writeSync').mockImplementation(((...args: Parameters<typeof writeSync>) => {
    writes += 1;
    // The store's first two writes are a new file and the message.
    if (writes > 2) throw new Error('ENOSPC: no space left on device, write');
    return writeSync(...args);
  }) as typeof writeSync);
  const sent = queue.send(CONTENT, 0);
  await expect(received).rejects.toThrow('ENOSPC');
  spy.mockRestore();
  expect(await queue.receive(1, 30_000, 0)).toMatchObject([{ id: sent.id }]);
});
