// Scores of many people at once: one dense product on the kernel.
import type { Compute } from '../../engine/compute';
import { paddedSize } from '../../engine/inverse';
import { multiply, multiplyScratch } from '../../engine/multiply';
import { standardise } from './scoring';

/** Cells that `scoreCases` allocates. */
export function scoreScratch(cases: number, rows: number, columns: number): number {
  const [count, inner, width] = [paddedSize(cases), paddedSize(rows), paddedSize(columns)];
  return count * (inner + width) + inner * width + multiplyScratch(count, width) + 64;
}

/** Standardised scores by case; `fill` writes a case's input (one value for each row of the weights). */
export function scoreCases(
  compute: Compute,
  model: { readonly rows: number; readonly columns: number; readonly weights: Float32Array },
  cases: number,
  fill: (at: number, input: Float32Array) => void,
): Float32Array[] {
  const { rows, columns, weights } = model;
  const sizes = { rows: paddedSize(cases), inner: paddedSize(rows), columns: paddedSize(columns) };
  return compute.scope(() => {
    const { floats } = compute;
    const left = compute.allocate(sizes.rows * sizes.inner);
    const right = compute.allocate(sizes.inner * sizes.columns);
    const result = compute.allocate(sizes.rows * sizes.columns);
    for (let row = 0; row < rows; row++) {
      floats.set(weights.subarray(row * columns, (row + 1) * columns), right + row * sizes.columns);
    }
    for (let at = 0; at < cases; at++) {
      fill(at, floats.subarray(left + at * sizes.inner, left + (at + 1) * sizes.inner));
    }
    multiply(compute, result, left, right, sizes);
    return Array.from({ length: cases }, (_, at) => {
      const row = result + at * sizes.columns;
      return standardise(floats.slice(row, row + columns));
    });
  });
}
