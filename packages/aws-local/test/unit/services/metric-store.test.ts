// Metrics on disk: minutes that grew are written, old ones become hours, and a restart finds what was flushed.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import { Store } from '@emotion-gallery/local-kit/store';
import { MetricStore } from '../../../src/services/cloudwatch/metric-store';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 0, 1, 10);
const DIMENSIONS = { FunctionName: 'like' };
let dir: string;
let store: Store;
let metrics: MetricStore;

let clock: ManualClock;

function open(): void {
  store = new Store({ dir, clock });
  metrics = new MetricStore(store);
}
async function reopen(): Promise<void> {
  while (!metrics.flush());
  await store.close();
  open();
}
/** Moves the clock, and then to the store's next sweep, which it lets end. */
async function later(ms: number): Promise<void> {
  for (const step of [ms, MINUTE]) {
    clock.advance(step);
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}
const add = (time: number, value: number) =>
  metrics.add('AWS/Lambda', 'Duration', DIMENSIONS, time, 'Milliseconds', value, 1);
const sums = (from: number, to: number, period: number) =>
  metrics
    .series('AWS/Lambda', 'Duration', DIMENSIONS, from, to, period)
    .map(({ start, sum, count }) => [start - START, sum, count]);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'metrics-'));
  clock = new ManualClock(START);
  open();
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true, force: true });
});

test('what was flushed is there after a restart, and goes on growing', async () => {
  add(START, 1);
  await reopen();
  add(START + 1_000, 2);
  add(START + MINUTE, 3);
  await reopen();
  expect(sums(START, START + HOUR, MINUTE)).toEqual([
    [0, 3, 2],
    [MINUTE, 3, 1],
  ]);
});

test('minutes of hours ago are one point on disk as in memory, and a day later none', async () => {
  for (let minute = 0; minute < 300; minute += 1) {
    add(START + minute * MINUTE, 1);
    if (minute % 7 === 0) metrics.flush();
  }
  await reopen();
  const points = () => store.map('monitoring/points').size;
  expect(sums(START, START + 5 * HOUR, HOUR)).toEqual([0, 1, 2, 3, 4].map((hour) => [hour * HOUR, 60, 60]));
  expect(points()).toBe(1 + 240);
  add(START + 33 * HOUR, 5);
  await reopen();
  expect(points()).toBe(1);
});

test('a metric that gets no values any more goes with its last ones', async () => {
  add(START, 1);
  await reopen();
  await later(27 * HOUR);
  expect(store.map('monitoring/points').size).toBe(1);
  await later(2 * HOUR);
  expect(store.map('monitoring/points').size).toBe(0);
  await reopen();
  expect(metrics.list()).toEqual([]);
  expect(store.map('monitoring/metrics').size).toBe(0);
});
