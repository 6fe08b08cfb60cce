// Metrics, softmax, the best k, id tables: against definitions and worked examples.
import fc from 'fast-check';
import { IdTable } from '../../../src/engine/id-table';
import { areaUnderCurve, ndcgAt, precisionAt, reciprocalRankAt } from '../../../src/engine/metrics';
import { softmax } from '../../../src/engine/softmax';
import { topK } from '../../../src/engine/top-k';

test("the guide's worked example: relevant at ranks 2 and 5 of 5 is .6241", () => {
  expect(ndcgAt([0, 1, 0, 0, 1], 5)).toBeCloseTo(0.6241, 4);
});

test('an ideal list has an NDCG of 1, whatever the rewards', () => {
  expect(ndcgAt([1, 1, 0], 10)).toBe(1);
  expect(ndcgAt([1.5, 0.5], 5)).toBe(1);
  expect(ndcgAt([0.5, 1.5], 5)).toBeLessThan(1);
});

test('the ideal of an NDCG is the best order of the hits within k, as recorded: what is not listed costs nothing', () => {
  // One hit at rank 2 of many held-out items; one at rank 6, which is beyond 5.
  expect(ndcgAt([0, 1, 0, 0, 0, 1], 5)).toBeCloseTo(1 / Math.log2(3), 10);
  expect(ndcgAt([0, 0, 0], 5)).toBe(0);
});

test('precision divides by k even where fewer were recommended; the reciprocal rank stops at k', () => {
  expect(precisionAt([1, 1], 5)).toBe(0.4);
  expect(reciprocalRankAt([0, 0, 1], 25)).toBeCloseTo(1 / 3);
  expect(reciprocalRankAt([0, 0, 1], 2)).toBe(0);
});

test('the area under the curve is the share of pairs in the right order, ties counted half', () => {
  const rows = fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.boolean()), {
    minLength: 2,
    maxLength: 30,
  });
  fc.assert(
    fc.property(rows, (pairs) => {
      const good = pairs.filter(([, positive]) => positive);
      const bad = pairs.filter(([, positive]) => !positive);
      const wins = good.flatMap(([a]) => bad.map(([b]): number => (a > b ? 1 : a === b ? 0.5 : 0)));
      const expected = wins.length === 0 ? 0.5 : wins.reduce((sum, win) => sum + win, 0) / wins.length;
      const found = areaUnderCurve(
        pairs.map(([score]) => score),
        pairs.map(([, positive]) => positive),
      );
      expect(found).toBeCloseTo(expected, 10);
    }),
  );
});

test('softmax sums to one, keeps the order, and does not overflow', () => {
  const logits = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(logits, (values) => {
      const shares = softmax(values);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      const best = values.indexOf(Math.max(...values));
      expect(shares[best]).toBe(Math.max(...shares));
    }),
  );
  expect(softmax([Math.log(1), Math.log(3)])[1]).toBeCloseTo(0.75, 10);
  expect(softmax([]).length).toBe(0);
});

test('the best k are those of a full sort, without refused and NaN entries', () => {
  const scores = fc.array(fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constant(Number.NaN)), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(scores, fc.integer({ min: 0, max: 70 }), (values, k) => {
      const accept = (index: number) => index % 3 !== 0;
      const expected = [...values.keys()]
        .filter((index) => accept(index) && !Number.isNaN(values[index]))
        .sort((a, b) => values[b]! - values[a]! || a - b)
        .slice(0, k);
      expect([...topK(values, k, accept)]).toEqual(expected);
    }),
  );
});

test('an id table finds every id again, also after loading from unaligned bytes, and no other', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 12 })), fc.string(), (ids, other) => {
      const buffers = new Map<string, Uint8Array>();
      IdTable.from(ids).save(buffers, 'ids');
      for (const [name, bytes] of buffers) {
        const shifted = new Uint8Array(bytes.length + 1);
        shifted.set(bytes, 1);
        buffers.set(name, shifted.subarray(1));
      }
      const table = IdTable.load(buffers, 'ids');
      expect(table.length).toBe(ids.length);
      for (const [index, id] of ids.entries()) {
        expect(table.indexOf(id)).toBe(index);
        expect(table.at(index)).toBe(id);
      }
      expect(table.indexOf(other)).toBe(ids.indexOf(other));
    }),
    { numRuns: 50 },
  );
});
