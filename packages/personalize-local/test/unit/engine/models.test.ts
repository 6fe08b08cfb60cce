// EASE, the sequence model and item neighbours against plain versions.
import fc from 'fast-check';
import { Compute } from '../../../src/engine/compute';
import { solveEase } from '../../../src/engine/ease';
import { solveEaseByUsers } from '../../../src/engine/ease-by-users';
import { gram } from '../../../src/engine/gram';
import { distinctItems } from '../../../src/engine/histories';
import { paddedSize } from '../../../src/engine/inverse';
import { itemNeighbours } from '../../../src/engine/item-knn';
import { solveSequence } from '../../../src/engine/sequence-model';
import { workerSource } from '../../../src/recipes/training/worker-source';
import { timelinesOf } from './fits';
import * as naive from './naive';

const itemCount = 9;
const histories = fc.array(fc.array(fc.integer({ min: 0, max: itemCount - 1 }), { maxLength: 14 }), {
  minLength: 1,
  maxLength: 8,
});

const binary = (lists: readonly (readonly number[])[]): naive.Matrix =>
  lists.map((list) => Array.from({ length: itemCount }, (_, item) => Number(list.includes(item))));

test('EASE, by items and by users, agrees with its definition, and its diagonal is zero', () => {
  const compute = new Compute({ bytes: 1e6 });
  const stride = paddedSize(itemCount);
  fc.assert(
    fc.property(histories, fc.double({ min: 0.5, max: 100, noNaN: true }), (lists, lambda) => {
      const { weights, precision } = compute.scope(() => {
        const at = compute.allocate(stride * stride);
        gram(compute, at, stride, distinctItems(timelinesOf(lists), itemCount));
        return solveEase(compute, at, { rows: itemCount, columns: itemCount }, lambda, () => {});
      });
      const expected = naive.ease(binary(lists), lambda);
      const sets = distinctItems(timelinesOf(lists), itemCount);
      const byUsers = solveEaseByUsers(compute, sets, itemCount, lambda);
      expect(naive.distance(byUsers.weights, expected.flat())).toBeLessThan(5e-4);
      expect(naive.distance(byUsers.precision, precision)).toBeLessThan(1e-4);
      expect(naive.distance(weights, expected.flat())).toBeLessThan(5e-4);
      for (let i = 0; i < itemCount; i++) expect(weights[i * itemCount + i]).toBe(0);
      expect(precision.every((value) => value > 0)).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test('the sequence model agrees with the ridge regression over written-down rows', () => {
  const compute = new Compute({ bytes: 1e6 });
  const withGaps = fc.array(fc.array(fc.integer({ min: -1, max: itemCount - 1 }), { maxLength: 14 }), {
    minLength: 1,
    maxLength: 6,
  });
  const options = fc.record({
    window: fc.integer({ min: 1, max: 6 }),
    decay: fc.constantFrom(0.75, 1.5, 3, 6),
    lambda: fc.constantFrom(1, 20),
  });
  fc.assert(
    fc.property(withGaps, options, (lists, given) => {
      fc.pre(lists.some((list) => list.length > 1));
      const { weights: found } = solveSequence(compute, timelinesOf(lists), itemCount, given);
      const expected = naive.sequenceModel(lists, itemCount, given).flat();
      expect(naive.distance(found, expected)).toBeLessThan(5e-5);
    }),
    { numRuns: 40 },
  );
});

test('two threads share the pairs of the sequence model and give the same bits as one', async () => {
  const source = await workerSource();
  const lists = Array.from({ length: 50 }, (_, user) =>
    Array.from({ length: 30 }, (_, at) => ((user * 5 + at * at) % (itemCount + 1)) - 1),
  );
  const [one, two] = [{}, { threads: 2, source }].map((options) => {
    const compute = new Compute({ bytes: 1e6, ...options });
    try {
      const given = { window: 5, decay: 3, lambda: 20 };
      return solveSequence(compute, timelinesOf(lists), itemCount, given, { keepInverse: true });
    } finally {
      compute.close();
    }
  });
  expect(two).toEqual(one);
});

test('item neighbours are all the others by shrunk cosine, best first', () => {
  fc.assert(
    fc.property(
      histories,
      fc.constantFrom(0, 2),
      fc.constantFrom(0, 0.5),
      (lists, shrinkage, popularityDiscount) => {
        const options = { width: itemCount, shrinkage, popularityDiscount };
        const { items, similarities } = itemNeighbours(distinctItems(timelinesOf(lists), itemCount), options);
        const columns = naive.transposed(binary(lists));
        const size = (item: number) => columns[item]!.reduce((sum, value) => sum + value, 0);
        for (let i = 0; i < itemCount; i++) {
          const expected = columns
            .map((column, j) => ({
              j,
              together: column.reduce((sum, value, u) => sum + value * columns[i]![u]!, 0),
            }))
            .filter(({ j, together }) => j !== i && together > 0)
            .map(({ j, together }) => {
              const cosine = together / (Math.sqrt(size(i) * size(j)) + shrinkage);
              return { j, similarity: cosine * size(j) ** (-popularityDiscount / 2) };
            })
            .sort((a, b) => b.similarity - a.similarity);
          const row = Array.from(items.subarray(i * itemCount, (i + 1) * itemCount)).filter(
            (item) => item >= 0,
          );
          expect([...row].sort()).toEqual(expected.map(({ j }) => j).sort());
          for (const [rank, { similarity }] of expected.entries()) {
            expect(similarities[i * itemCount + rank]).toBeCloseTo(similarity, 5);
          }
        }
      },
    ),
    { numRuns: 40 },
  );
});
