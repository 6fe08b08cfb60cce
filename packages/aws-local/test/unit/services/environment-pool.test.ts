// When a function gets another process, and when its invocations wait instead.
import { availableParallelism } from 'node:os';
import type { InvocationResult } from '../../../src/ports';
import type { Environment } from '../../../src/services/lambda/environment';
import { EnvironmentPool } from '../../../src/services/lambda/pool';

const READY = Math.min(availableParallelism() + 1, 8);
const RESULT: InvocationResult = { payload: Buffer.from('null') };

/** Environments that answer when they are told to. */
function makePool(isTimeToSpare: boolean) {
  const finish: (() => void)[] = [];
  let started = 0;
  const start = () => {
    started += 1;
    const environment = {
      alive: true,
      invoke: () =>
        new Promise<InvocationResult>((resolve) => {
          finish.push(() => resolve(RESULT));
        }),
      kill: () => undefined,
    };
    // Only what the pool uses.
    return environment as unknown as Environment;
  };
  const pool = new EnvironmentPool(start, () => () => isTimeToSpare);
  const invoke = (count: number) =>
    Array.from({ length: count }, (_, index) =>
      pool.invoke({ requestId: String(index), payload: Buffer.from('{}') }),
    );
  return { pool, invoke, finish, started: () => started };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('fifty invocations at once start one process more than there are processors, and all are answered', async () => {
  const { invoke, finish, started } = makePool(false);
  const all = Promise.all(invoke(50));
  expect(started()).toBe(READY);
  for (let answered = 0; answered < 50; answered += 1) {
    finish.shift()?.();
    await jest.advanceTimersByTimeAsync(0);
  }
  await expect(all).resolves.toHaveLength(50);
  expect(started()).toBe(READY);
});

test('invocations that wait get another process while processors are idle', async () => {
  const { pool, invoke, started } = makePool(true);
  void invoke(50);
  await jest.advanceTimersByTimeAsync(650);
  expect(started()).toBe(READY + 2);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(started()).toBe(16);
  pool.close(false);
});

test('on busy processors they wait, unless nothing finishes any more', async () => {
  const { pool, invoke, started } = makePool(false);
  void invoke(50);
  await jest.advanceTimersByTimeAsync(4_000);
  expect(started()).toBe(READY);
  await jest.advanceTimersByTimeAsync(2_000);
  expect(started()).toBeGreaterThan(READY);
  pool.close(false);
});
