// Group commit of the local DynamoDB: what is seen before it is on the disk, what reaches the disk together, what a refusal takes along.
import { CommitQueue } from '../../../src/services/dynamodb/commit-queue';
import type { BatchOperation } from '../../../src/services/dynamodb/dynalite';

/** A disk that writes when it is told to. */
class Disk {
  readonly data = new Map<string, unknown>();
  readonly batches: (readonly BatchOperation[])[] = [];
  private readonly ends: ((failure?: Error) => void)[] = [];

  getSync(key: string): unknown {
    return this.data.get(key);
  }

  batch(operations: readonly BatchOperation[]): Promise<void> {
    this.batches.push(operations);
    return new Promise((resolve, reject) => {
      this.ends.push((failure) => {
        if (failure) return reject(failure);
        for (const operation of operations) {
          if (operation.type === 'put') this.data.set(operation.key, operation.value);
          else this.data.delete(operation.key);
        }
        resolve();
      });
    });
  }

  async finish(failure?: Error): Promise<void> {
    this.ends.shift()?.(failure);
    await new Promise(setImmediate);
  }
}

const put = (key: string, value: unknown): BatchOperation => ({ type: 'put', key, value });

function watch(promise: Promise<void>): { state: string } {
  const seen = { state: 'waiting' };
  promise.then(
    () => {
      seen.state = 'durable';
    },
    (error: Error) => {
      seen.state = error.message;
    },
  );
  return seen;
}

test('what is on its way to the disk is read, and deletions too', async () => {
  const disk = new Disk();
  disk.data.set('a', 1);
  const queue = new CommitQueue(disk);
  void queue.commit([put('a', 2)]);
  expect(queue.read('a')).toBe(2);
  void queue.commit([{ type: 'del', key: 'a' }]);
  expect(queue.read('a')).toBeUndefined();
  await disk.finish();
  expect(disk.data.get('a')).toBe(2);
  expect(queue.read('a')).toBeUndefined();
  await disk.finish();
  expect(disk.data.has('a')).toBe(false);
});

test('commits that come while the disk is busy share the next batch, in their order', async () => {
  const disk = new Disk();
  const queue = new CommitQueue(disk);
  const first = watch(queue.commit([put('a', 1)]));
  const second = watch(queue.commit([put('b', 1), put('c', 1)]));
  const third = watch(queue.commit([put('b', 2)]));
  await disk.finish();
  expect([first.state, second.state, third.state]).toEqual(['durable', 'waiting', 'waiting']);
  await disk.finish();
  expect([second.state, third.state]).toEqual(['durable', 'durable']);
  expect(disk.batches).toHaveLength(2);
  expect(Object.fromEntries(disk.data)).toEqual({ a: 1, b: 2, c: 1 });
});

test('who wrote nothing waits for what it may have read', async () => {
  const disk = new Disk();
  const queue = new CommitQueue(disk);
  await queue.commit([]);
  void queue.commit([put('a', 1)]);
  const reader = watch(queue.commit([]));
  await new Promise(setImmediate);
  expect(reader.state).toBe('waiting');
  await disk.finish();
  expect(reader.state).toBe('durable');
  expect(disk.batches).toHaveLength(1);
});

test('a refused batch takes along what was built on it, and the queue goes on', async () => {
  const disk = new Disk();
  disk.data.set('a', 0);
  const queue = new CommitQueue(disk);
  const first = watch(queue.commit([put('a', 1)]));
  const second = watch(queue.commit([put('a', 2)]));
  await disk.finish(new Error('the disk is full'));
  expect([first.state, second.state]).toEqual(['the disk is full', 'the disk is full']);
  expect(queue.read('a')).toBe(0);
  const third = watch(queue.commit([put('a', 3)]));
  await disk.finish();
  expect(third.state).toBe('durable');
  expect(disk.data.get('a')).toBe(3);
  await queue.idle();
});
