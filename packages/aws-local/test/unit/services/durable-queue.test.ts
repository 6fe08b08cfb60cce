// The queue behind asynchronous invocations: groups, and what a restart takes up.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import { DurableQueue } from '../../../src/services/shared/durable-queue';

const clock = new RealClock(1);
let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'durable-queue-'));
  store = new Store({ dir: folder, clock });
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Work {
  readonly group: string;
  readonly name: string;
}

function open(run: (work: Work) => Promise<void>): DurableQueue<Work> {
  return new DurableQueue<Work>({
    jobs: store.map('jobs'),
    clock,
    concurrency: 1,
    groupOf: ({ group }) => group,
    run: ({ payload }) => run(payload),
    onFailure: () => 'give-up',
    log: () => undefined,
  });
}

test('a group that takes long does not hold up another one', async () => {
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const done: string[] = [];
  const queue = open(async ({ group, name }) => {
    if (group === 'slow') await slow;
    done.push(name);
  });
  for (const name of ['a', 'b', 'c']) queue.add({ group: 'slow', name });
  await new Promise<void>((resolve) => {
    queue.add({ group: 'fast', name: 'x' });
    const poll = setInterval(() => {
      if (done.length === 0) return;
      clearInterval(poll);
      resolve();
    }, 5);
  });
  expect(done).toEqual(['x']);
  release();
  await queue.close();
});

test('within a group the first comes first, and the rest is taken up after a restart', async () => {
  const done: string[] = [];
  const queue = open(async ({ name }) => void done.push(name));
  for (const name of ['a', 'b', 'c']) queue.add({ group: 'one', name });
  await queue.close();
  expect(done).toEqual([]);
  await store.close();

  store = new Store({ dir: folder, clock });
  const again = open(async ({ name }) => void done.push(name));
  again.start();
  while (again.pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await again.close();
  expect(done).toEqual(['a', 'b', 'c']);
});

test('what fails because everything ends is not judged, and is tried again by the next process', async () => {
  let fail = () => {};
  const queue = open(() => new Promise((_, reject) => (fail = () => reject(new Error('killed')))));
  queue.add({ group: 'one', name: 'a' });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const closed = queue.close();
  fail();
  await closed;
  expect(queue.pending).toBe(1);
});

test('a failure that cannot be handed on is told, and its job is tried again', async () => {
  const told: string[] = [];
  let attempts = 0;
  const queue = new DurableQueue<Work>({
    jobs: store.map('jobs'),
    clock,
    concurrency: 1,
    run: async () => {
      attempts += 1;
      if (attempts === 1) throw new Error('nobody is there');
    },
    onFailure: () => {
      throw new Error('no dead-letter queue either');
    },
    log: (line) => told.push(line),
  });
  queue.add({ group: 'one', name: 'a' });
  while (told.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  while (queue.pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await queue.close();
  expect(attempts).toBe(2);
  expect(told).toEqual([expect.stringContaining('no dead-letter queue either')]);
});

test('what ends well while the queue is being closed is not run again by the next process', async () => {
  const release: (() => void)[] = [];
  const queue = open(() => new Promise<void>((resolve) => release.push(resolve)));
  queue.add({ group: 'a', name: 'a' });
  while (release.length === 0) await new Promise((resolve) => setImmediate(resolve));
  const closing = queue.close();
  release[0]?.();
  await closing;
  expect(queue.pending).toBe(0);
});
