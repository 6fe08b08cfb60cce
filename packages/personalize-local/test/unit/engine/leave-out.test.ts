// People who are scored by a fit that knows them as if it did not, against a fit that does not.
import fc from 'fast-check';
import { Compute } from '../../../src/engine/compute';
import { NotPositiveDefinite } from '../../../src/engine/inverse';
import { isQuickerToLeaveOut, type LeftOutRow, scoreLeftOut } from '../../../src/engine/leave-out';
import { solveSequence } from '../../../src/engine/sequence-model';
import type { SparseMatrix } from '../../../src/engine/sparse';
import { workerSource } from '../../../src/recipes/training/worker-source';
import { fitted, items, timelinesOf, width } from './fits';
import * as naive from './naive';

function entriesOf(row: readonly number[]): LeftOutRow['row'] {
  const columns = row.flatMap((value, column) => (value === 0 ? [] : [column]));
  return { columns, values: columns.map((column) => row[column]!) };
}

function leftOut(
  compute: Compute,
  all: naive.Matrix,
  people: readonly { readonly row: readonly number[]; readonly input: readonly number[] }[],
  lambda: number,
): Float32Array[] {
  const scores: Float32Array[] = [];
  const rows = people.map(({ row, input }) => ({ row: entriesOf(row), input: entriesOf(input) }));
  scoreLeftOut(compute, fitted(compute, all, lambda), rows, (at, found) => {
    scores[at] = found;
  });
  return scores;
}

/** The last column, a user token, is an input and no output. */
function expectedScores(others: naive.Matrix, input: readonly number[], lambda: number): number[] {
  const weights = naive.ease(others, lambda);
  return naive.product([[...input]], weights)[0]!.slice(0, items);
}

const row = fc.array(fc.constantFrom(0, 0, 0, 1, 1, 0.5), { minLength: width, maxLength: width });
const person = fc.record({ row, hidden: fc.array(fc.nat(width - 1), { maxLength: 6 }) });

test('EASE scores people as the fit on the others would, whatever part of their row they are scored by', () => {
  const compute = new Compute({ bytes: 4e6 });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 20 }),
      fc.array(person, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(2, 20, 200),
      (others, people, lambda) => {
        const tested = people.map(({ row: own, hidden }) => ({
          row: own,
          input: own.map((value, column) => (hidden.includes(column) ? 0 : value)),
        }));
        const found = leftOut(compute, [...others, ...people.map(({ row: own }) => own)], tested, lambda);
        for (const [at, { input }] of tested.entries()) {
          expect(naive.distance(found[at]!, expectedScores(others, input, lambda))).toBeLessThan(1e-3);
        }
      },
    ),
    { numRuns: 40 },
  );
});

const made = (rows: number, step: number): naive.Matrix =>
  Array.from({ length: rows }, (_, r) =>
    Array.from({ length: width }, (_, column) => Number((r * step + column * column) % 5 < 2)),
  );

test('more people than are scored at a time are all visited, and two threads give the same bits as one', async () => {
  const source = await workerSource();
  const people = made(300, 7).map((own) => ({ row: own, input: own.map((value, i) => (i % 4 ? value : 0)) }));
  const others = made(60, 3);
  const all = [...others, ...people.map(({ row: own }) => own)];
  const [one, two] = [{}, { threads: 2, source }].map((options) => {
    const compute = new Compute({ bytes: 8e6, ...options });
    try {
      return leftOut(compute, all, people, 20);
    } finally {
      compute.close();
    }
  });
  expect(one!.length).toBe(300);
  expect(two).toEqual(one);
  for (const at of [0, 255, 256, 299]) {
    const expected = expectedScores(others, people[at]!.input, 20);
    expect(naive.distance(one![at]!, expected)).toBeLessThan(1e-3);
  }
});

test('few people of a large catalogue are left out; for many of a small one another fit is quicker', () => {
  const people = (count: number) =>
    made(count, 7).map((own) => ({ row: entriesOf(own), input: entriesOf(own) }));
  const others = (columnCount: number): SparseMatrix => {
    const offsets = new Int32Array(20_001);
    return { rows: 20_000, columnCount, offsets, columns: new Int32Array(1e6) };
  };
  expect(isQuickerToLeaveOut(people(600), others(4000))).toBe(true);
  expect(isQuickerToLeaveOut(people(2000), others(500))).toBe(false);
});

test('a fit that hardly anything but the people holds up says that it cannot do without them', () => {
  const compute = new Compute({ bytes: 4e6 });
  const people = made(40, 7).map((own) => ({ row: own, input: own }));
  const alone = people.map(({ row: own }) => own);
  expect(() => leftOut(compute, alone, people, 1e-6)).toThrow(NotPositiveDefinite);
});

test('the sequence model scores unseen people as the fit on the others would, and then learns from them too', () => {
  const compute = new Compute({ bytes: 4e6 });
  const itemCount = 9;
  const timelines = fc.array(fc.array(fc.integer({ min: -1, max: itemCount - 1 }), { maxLength: 12 }), {
    minLength: 1,
    maxLength: 8,
  });
  const options = { window: 4, decay: 1.5, lambda: 5 };
  fc.assert(
    fc.property(timelines, timelines, (others, people) => {
      const inputs: SparseMatrix = {
        rows: 2,
        columnCount: itemCount,
        offsets: Int32Array.of(0, 2, 3),
        columns: Int32Array.of(1, 4, 8),
        values: Float32Array.of(1, 0.5, 0.25),
      };
      const known = timelinesOf(others);
      const unseen = { timelines: timelinesOf(people), inputs };
      const { weights, unseenScores } = solveSequence(compute, known, itemCount, options, { unseen });
      const before = solveSequence(compute, known, itemCount, options).weights;
      const at = (item: number, j: number) => before[item * itemCount + j]!;
      const expected = [
        ...Array.from({ length: itemCount }, (_, j) => at(1, j) + 0.5 * at(4, j)),
        ...Array.from({ length: itemCount }, (_, j) => 0.25 * at(8, j)),
      ];
      expect(naive.distance(unseenScores!, expected)).toBeLessThan(1e-5);
      const both = solveSequence(compute, timelinesOf([...others, ...people]), itemCount, options).weights;
      expect(naive.distance(weights, both)).toBeLessThan(5e-5);
    }),
    { numRuns: 40 },
  );
});
