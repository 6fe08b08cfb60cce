// Metrics of evaluate, against values that are worked out by hand and against the developer guide's example.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { driftOf } from '../../../../cli/evaluate/drift';
import { randomResult } from '../../../../cli/evaluate/evaluation';
import { casesOf, readHistory } from '../../../../cli/evaluate/held-out';
import { listMetrics, METRIC_KEYS, Means } from '../../../../cli/evaluate/metrics';

const metrics = (list: string[], relevant: string[]) =>
  Object.fromEntries(METRIC_KEYS.map((key, index) => [key, listMetrics(list, new Set(relevant))[index]]));

test('hits at ranks 2 and 5 give the NDCG of the developer guide', () => {
  const found = metrics(['a', 'hit', 'b', 'c', 'hit 2'], ['hit', 'hit 2']);
  expect(found['ndcg@5']).toBeCloseTo(0.6241, 4);
  expect(found).toMatchObject({ 'hr@5': 1, 'precision@5': 0.4, 'precision@10': 0.2, 'mrr@5': 0.5 });
});

test('a hit beyond the cut-off does not count, and no hit is 0', () => {
  const found = metrics(['a', 'b', 'c', 'd', 'e', 'hit'], ['hit']);
  expect(found).toMatchObject({ 'hr@5': 0, 'ndcg@5': 0, 'mrr@5': 0, 'hr@10': 1, 'mrr@10': 1 / 6 });
});

test('means have the standard error of the users', () => {
  const means = new Means();
  for (const value of [0, 0, 1, 1]) means.add(METRIC_KEYS.map(() => value));
  const { mean, standardError } = means.estimates()['hr@5'];
  expect(mean).toBe(0.5);
  expect(standardError).toBeCloseTo(Math.sqrt(1 / 3 / 4), 10);
});

const history = (itemsOf: Record<string, string[]>) => ({
  itemsOf: new Map(Object.entries(itemsOf)),
  counts: new Map(Object.values(itemsOf).flatMap((items) => items.map((item) => [item, 1] as const))),
});

test('items that training did not know are cold, and files without a common user are refused', () => {
  const [one] = casesOf(history({ a: ['x'] }), history({ a: ['x', 'new'] }));
  expect([...(one?.cold ?? [])]).toEqual(['new']);
  expect(() => casesOf(history({ a: ['x'] }), history({ b: ['x'] }))).toThrow('no user of the held-out file');
});

test('a system that has become worse beyond chance is told, one within chance is not', () => {
  const cases = casesOf(history({ a: ['x'] }), history({ a: ['x'] }));
  const now = { ...randomResult(cases, ['y'], 1), name: 'c' };
  const earlier = (mean: number) => ({
    at: '',
    systems: [
      { name: 'c', segments: [{ segment: 'all', metrics: { 'hr@5': { mean, standardError: 0.05 } } }] },
    ],
  });
  expect(driftOf(earlier(0.5), [now], 'hr@5')).toMatchObject([{ before: 0.5, now: 0, isWorse: true }]);
  expect(driftOf(earlier(0.05), [now], 'hr@5')).toMatchObject([{ isWorse: false }]);
});

test('the latest item of a user is that of the latest time, whatever the order of the file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  const file = join(folder, 'train.csv');
  writeFileSync(file, 'USER_ID,ITEM_ID,TIMESTAMP\na,late,9\na,early,1\n');
  const train = await readHistory(file, { now: () => 0, progress: () => undefined });
  rmSync(folder, { recursive: true });
  expect(casesOf(train, history({ a: ['x'] }))[0]?.lastItem).toBe('late');
});
