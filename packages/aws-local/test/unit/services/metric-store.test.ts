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

function open(): void {
  store = new Store({ dir, clock: new ManualClock() });
  metrics = new MetricStore(store);
}
async function reopen(): Promise<void> {
  while (!metrics.flush());
  await store.close();
  open();
}
const add = (time: number, value: number) =>
  metrics.add('AWS/Lambda', 'Duration', DIMENSIONS, time, 'Milliseconds', value, 1);
const sums = (from: number, to: number, period: number) =>
  metrics
    .series('AWS/Lambda', 'Duration', DIMENSIONS, from, to, period)
    .map(({ start, sum, count }) => [start - START, sum, count]);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'metrics-'));
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
