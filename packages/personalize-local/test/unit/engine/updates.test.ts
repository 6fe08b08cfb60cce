// A fit that is brought up to date by the rows that changed, against the same fit made anew.
import fc from 'fast-check';
import { Compute } from '../../../src/engine/compute';
import { type EaseWeights, restoreInverse, weightsOf } from '../../../src/engine/ease';
import { solveEaseByUsers } from '../../../src/engine/ease-by-users';
import { paddedSize } from '../../../src/engine/inverse';
import { type RowChange, updateInverse } from '../../../src/engine/inverse-update';
import { solveSequence } from '../../../src/engine/sequence-model';
import { sequenceChanges, updateSequence } from '../../../src/engine/sequence-update';
import { workerSource } from '../../../src/recipes/training/worker-source';
import { fitted, items, sparse, width } from './fits';
import * as naive from './naive';

function change(row: readonly number[], sign: 1 | -1): RowChange {
  const columns = row.flatMap((value, column) => (value === 0 ? [] : [column]));
  return { sign, columns, values: columns.map((column) => row[column]!) };
}

const places = Int32Array.from({ length: width }, (_, i) => i);

function updated(compute: Compute, before: EaseWeights, changes: readonly RowChange[]): EaseWeights {
  return compute.scope(() => {
    const stride = paddedSize(width);
    const matrix = compute.allocate(stride * stride);
    restoreInverse(compute.floats, matrix, width, before, places);
    updateInverse(compute, { matrix, n: stride }, changes);
    return weightsOf(compute.floats, matrix, { rows: width, columns: items }, before.lambda);
  });
}

const rows = (least: number) =>
  fc.array(fc.array(fc.constantFrom(0, 0, 0, 1, 1, 0.5), { minLength: width, maxLength: width }), {
    minLength: least,
    maxLength: 30,
  });

test('EASE after rows that came, went and changed is the fit on what there is then', () => {
  const compute = new Compute({ bytes: 4e6 });
  fc.assert(
    fc.property(rows(1), rows(0), fc.integer(), fc.constantFrom(1, 20, 200), (old, added, cut, lambda) => {
      const gone = old.slice(0, Math.abs(cut) % old.length);
      const kept = old.slice(gone.length);
      const changes = [...added.map((row) => change(row, 1)), ...gone.map((row) => change(row, -1))];
      const found = updated(compute, fitted(compute, old, lambda), changes);
      const expected = fitted(compute, [...kept, ...added], lambda);
      expect(naive.distance(found.weights, expected.weights)).toBeLessThan(2e-4);
      expect(naive.distance(found.precision, expected.precision)).toBeLessThan(2e-5);
      expect(naive.distance(found.corner, expected.corner)).toBeLessThan(2e-5);
    }),
    { numRuns: 60 },
  );
});

test('the way by users leaves what an update needs as well', () => {
  const compute = new Compute({ bytes: 4e6 });
  fc.assert(
    fc.property(rows(1), rows(1), (old, added) => {
      const before = solveEaseByUsers(compute, sparse(old), items, 5);
      const found = updated(
        compute,
        before,
        added.map((row) => change(row, 1)),
      );
      const expected = fitted(compute, [...old, ...added], 5);
      expect(naive.distance(found.weights, expected.weights)).toBeLessThan(2e-4);
    }),
    { numRuns: 30 },
  );
});

test('a product with P follows it, and two threads give the same bits as one', async () => {
  const source = await workerSource();
  const dense = Array.from({ length: 40 }, (_, row) =>
    Array.from({ length: width }, (_, column) => Number((row * 7 + column * column) % 5 === 0)),
  );
  // More than one batch of changes.
  const added = Array.from({ length: 150 }, (_, row) =>
    Array.from({ length: width }, (_, column) => Number((row * 3 + column * 5) % 7 < 2)),
  );
  const cross = Array.from({ length: width }, (_, i) =>
    Array.from({ length: width }, (_, j) => Math.sin(i * 31 + j)),
  );
  const lambda = 10;
  const inverseOf = (x: naive.Matrix) =>
    naive.inverse(naive.plusRidge(naive.product(naive.transposed(x), x), lambda));
  const found = [{}, { threads: 2, source }].map((options) => {
    const compute = new Compute({ bytes: 8e6, ...options });
    try {
      return compute.scope(() => {
        const stride = paddedSize(width);
        const matrix = compute.allocate(stride * stride);
        const product = compute.allocate(stride * stride);
        restoreInverse(compute.floats, matrix, width, fitted(compute, dense, lambda), places);
        for (const [i, row] of naive.product(inverseOf(dense), cross).entries()) {
          compute.floats.set(row, product + i * stride);
        }
        const changes = added.map((row) => change(row, 1));
        updateInverse(compute, { matrix, n: stride, product }, changes);
        return compute.floats.slice(product, product + stride * stride);
      });
    } finally {
      compute.close();
    }
  });
  const expected = naive.product(inverseOf([...dense, ...added]), cross);
  for (const [i, row] of expected.entries()) {
    expect(naive.distance(found[0]!.subarray(i * paddedSize(width)), row)).toBeLessThan(1e-4);
  }
  expect(Buffer.from(found[0]!.buffer).equals(Buffer.from(found[1]!.buffer))).toBe(true);
});

const events = fc.array(fc.integer({ min: -1, max: 8 }), { maxLength: 12 });

test('the sequence model after timelines that grew, changed and went is the fit on what there is then', () => {
  const compute = new Compute({ bytes: 4e6 });
  const people = fc.array(fc.record({ start: events, before: events, after: events }), {
    minLength: 1,
    maxLength: 8,
  });
  const given = fc.record({
    window: fc.integer({ min: 1, max: 6 }),
    decay: fc.constantFrom(0.75, 1.5, 6),
    lambda: fc.constantFrom(1, 20),
  });
  fc.assert(
    fc.property(people, given, (lists, options) => {
      // What one has before and after begins the same; item 8 is new, and the items change places.
      const olds = lists.map(({ start, before }) =>
        [...start, ...before].map((item) => (item > 7 ? -1 : item)),
      );
      const move = (item: number) => (item < 0 || item > 7 ? item : (item * 3) % 8);
      const [before, after] = [
        olds.map((list) => Int32Array.from(list, move)),
        lists.map(({ start, after: end }, at) =>
          Int32Array.from([...olds[at]!.slice(0, start.length), ...end], move),
        ),
      ];
      const timelinesOf = (all: readonly ArrayLike<number>[]) => ({
        users: all.length,
        offsets: Int32Array.from([
          0,
          ...all.map((_, i) => all.slice(0, i + 1).reduce((n, l) => n + l.length, 0)),
        ]),
        items: Int32Array.from(all.flatMap((list) => Array.from(list))),
      });
      const keep = { keepInverse: true };
      const old = solveSequence(compute, timelinesOf(olds), 8, options, keep) as Required<
        ReturnType<typeof solveSequence>
      >;
      const changes = sequenceChanges(
        before.map((list, at) => ({ before: list, after: after[at]! })),
        options,
      );
      const found = updateSequence(
        compute,
        old,
        Int32Array.from({ length: 8 }, (_, i) => move(i)),
        9,
        changes,
      );
      const expected = solveSequence(compute, timelinesOf(after), 9, options, keep);
      expect(naive.distance(found.weights, expected.weights)).toBeLessThan(1e-4);
      expect(naive.distance(found.inverse, expected.inverse!)).toBeLessThan(1e-4);
    }),
    { numRuns: 80 },
  );
});

test('new events at the end of a timeline change as many cuts as they are', () => {
  const before = Int32Array.from({ length: 40 }, (_, i) => i % 9);
  const { rows } = sequenceChanges([{ before, after: Int32Array.from([...before, 1, 2, 3]) }], {
    window: 5,
    decay: 2,
  });
  expect(rows.length).toBe(3);
});
