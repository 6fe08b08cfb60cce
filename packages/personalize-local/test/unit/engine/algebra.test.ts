// Kernel, inverse, product and Gram matrices against plain versions.
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom } from '@emotion-gallery/local-kit/random';
import fc from 'fast-check';
import { Compute } from '../../../src/engine/compute';
import { gram } from '../../../src/engine/gram';
import { invert, NotPositiveDefinite, paddedSize } from '../../../src/engine/inverse';
import { kernelBytes } from '../../../src/engine/kernel/multiply-add';
import { multiply } from '../../../src/engine/multiply';
import { workerSource } from '../../../src/recipes/training/worker-source';
import * as naive from './naive';

const bytes = 16e6;

/** Symmetric and positive definite, n × n. */
function definite(n: number, seed: number): naive.Matrix {
  const random = seededRandom(seed);
  const matrix = naive.zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      matrix[i]![j] = i === j ? Math.sqrt(n) * 2 + 1 : random() - 0.5;
      matrix[j]![i] = matrix[i]![j]!;
    }
  }
  return matrix;
}

function put(compute: Compute, matrix: naive.Matrix, stride: number): number {
  const at = compute.allocate(stride * stride);
  for (const [i, row] of matrix.entries()) compute.floats.set(row, at + i * stride);
  for (let i = matrix.length; i < stride; i++) compute.floats[at + i * (stride + 1)] = 1;
  return at;
}

function inverted(compute: Compute, matrix: naive.Matrix): Float32Array {
  return compute.scope(() => {
    const stride = paddedSize(matrix.length);
    const at = put(compute, matrix, stride);
    invert(compute, at, stride);
    return compute.floats.slice(at, at + stride * stride);
  });
}

test('the kernel is the same bytes on every run, and a valid module', () => {
  expect(Buffer.from(kernelBytes()).equals(Buffer.from(kernelBytes()))).toBe(true);
  expect(WebAssembly.validate(kernelBytes())).toBe(true);
});

test('the inverse agrees with Gauss-Jordan in double precision, for any size', () => {
  const compute = new Compute({ bytes });
  const sizes = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constantFrom(64, 65, 130));
  fc.assert(
    fc.property(sizes, fc.integer(), (n, seed) => {
      const matrix = definite(n, seed);
      const expected = naive.inverse(matrix);
      const stride = paddedSize(n);
      const found = inverted(compute, matrix);
      for (let i = 0; i < n; i++) {
        expect(naive.distance(found.subarray(i * stride), expected[i]!)).toBeLessThan(1e-6);
      }
    }),
    { numRuns: 20 },
  );
});

test('plain JavaScript, WebAssembly and two threads give the same inverse to the last bit', async () => {
  const matrix = definite(200, 5);
  const source = await workerSource();
  const variants = [{ plain: true }, {}, { threads: 2, source }].map((options) => {
    const compute = new Compute({ bytes: 2 * bytes, ...options });
    try {
      return Buffer.from(inverted(compute, matrix).buffer);
    } finally {
      compute.close();
    }
  });
  expect(variants[0]!.equals(variants[1]!)).toBe(true);
  expect(variants[1]!.equals(variants[2]!)).toBe(true);
});

test('a matrix that is not positive definite is refused, not turned into NaN', () => {
  const compute = new Compute({ bytes });
  const matrix = [
    [1, 2],
    [2, 1],
  ];
  expect(() => inverted(compute, matrix)).toThrow(NotPositiveDefinite);
});

test('the dense product agrees with the plain one', () => {
  const compute = new Compute({ bytes });
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 3, maxLength: 3 }),
      fc.integer(),
      (blocks, seed) => {
        const [rows, inner, columns] = blocks.map((block) => block * 8) as [number, number, number];
        const random = seededRandom(seed);
        const any = (height: number, width: number) =>
          Array.from({ length: height }, () => Array.from({ length: width }, () => random() - 0.5));
        const [left, right] = [any(rows, inner), any(inner, columns)];
        const expected = naive.product(left, right).flat();
        const found = compute.scope(() => {
          const at = compute.allocate(rows * columns);
          const leftAt = compute.allocate(rows * inner);
          const rightAt = compute.allocate(inner * columns);
          compute.floats.set(left.flat(), leftAt);
          compute.floats.set(right.flat(), rightAt);
          multiply(compute, at, leftAt, rightAt, { rows, inner, columns });
          return compute.floats.slice(at, at + rows * columns);
        });
        expect(naive.distance(found, expected)).toBeLessThan(1e-4);
      },
    ),
    { numRuns: 10 },
  );
});

test('the Gram matrix of sparse rows agrees with the dense one', () => {
  const compute = new Compute({ bytes });
  const cells = fc.array(fc.array(fc.constantFrom(0, 0, 1, 2.5), { minLength: 12, maxLength: 12 }), {
    minLength: 1,
  });
  fc.assert(
    fc.property(cells, (dense) => {
      const entries = dense.map((row) =>
        row.flatMap((value, column) => (value === 0 ? [] : [{ column, value }])),
      );
      const offsets = Int32Array.from([0, ...entries.map((_, i) => entries.slice(0, i + 1).flat().length)]);
      const matrix = {
        rows: dense.length,
        columnCount: 12,
        offsets,
        columns: Int32Array.from(entries.flat(), ({ column }) => column),
        values: Float32Array.from(entries.flat(), ({ value }) => value),
      };
      const found = compute.scope(() => {
        const at = compute.allocate(16 * 16);
        gram(compute, at, 16, matrix);
        return compute.floats.slice(at, at + 16 * 16);
      });
      const expected = naive.product(naive.transposed(dense), dense);
      for (let i = 0; i < 12; i++) {
        for (let j = 0; j <= i; j++) expect(found[i * 16 + j]).toBeCloseTo(expected[i]![j]!, 3);
      }
    }),
    { numRuns: 30 },
  );
});

test('a thread that is woken without a task does nothing', async () => {
  const compute = new Compute({ bytes, threads: 2, source: await workerSource() });
  try {
    const dense = {
      rows: 1,
      columnCount: 64,
      offsets: Int32Array.of(0, 64),
      columns: Int32Array.from(Array(64).keys()),
    };
    const at = compute.allocate(64 * 64);
    gram(compute, at, 64, dense);
    const once = compute.floats.slice(at, at + 64 * 64);
    // The wake-up of a task that a thread has already taken comes late when the machine is busy.
    const { control } = compute as unknown as { control: Int32Array };
    for (let i = 0; i < 5; i++) {
      Atomics.notify(control, 0);
      await pause(5);
    }
    expect(compute.floats.slice(at, at + 64 * 64)).toEqual(once);
  } finally {
    compute.close();
  }
});

test('a helper thread that does not start fails the work instead of keeping it waiting for ever', () => {
  const compute = new Compute({ bytes, threads: 2, source: 'process.exit(0)', startMilliseconds: 200 });
  const at = compute.allocate(64 * 64);
  expect(() => invert(compute, at, 64)).toThrow('1 of 1 compute threads did not start within 200 ms');
  compute.close();
});
