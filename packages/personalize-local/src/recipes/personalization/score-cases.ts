// Scores of many people at once: short histories row by row, long ones as one dense product on the kernel.
import type { Compute } from '../../engine/compute';
import { addRow } from '../../engine/ease';
import { paddedSize } from '../../engine/inverse';
import { multiply, multiplyScratch } from '../../engine/multiply';

/** A person with more entries than this is worth a row of the dense product. */
const shortInput = 40;

/** Cells that `scoreCases` allocates. */
export function scoreScratch(cases: number, rows: number, columns: number): number {
  const [count, inner, width] = [paddedSize(cases), paddedSize(rows), paddedSize(columns)];
  return count * (inner + width) + inner * width + multiplyScratch(count, width) + 64;
}

/** Scores by case; `fill` adds a case's input, entry by entry (a row of the weights, and a factor). */
export function scoreCases(
  compute: Compute,
  model: { readonly rows: number; readonly columns: number; readonly weights: Float32Array },
  cases: number,
  fill: (at: number, add: (row: number, factor: number) => void) => void,
): Float32Array[] {
  const { columns, weights } = model;
  const scores: Float32Array[] = [];
  const long: { at: number; entries: (readonly [number, number])[] }[] = [];
  for (let at = 0; at < cases; at++) {
    const entries: (readonly [number, number])[] = [];
    fill(at, (row, factor) => entries.push([row, factor]));
    if (entries.length > shortInput) long.push({ at, entries });
    else {
      const row = new Float32Array(columns);
      for (const [from, factor] of entries) addRow(row, weights, from, factor);
      scores[at] = row;
    }
  }
  if (long.length > 0) scoreLong(compute, model, long, scores);
  return scores;
}

function scoreLong(
  compute: Compute,
  model: { readonly rows: number; readonly columns: number; readonly weights: Float32Array },
  long: readonly { readonly at: number; readonly entries: readonly (readonly [number, number])[] }[],
  scores: Float32Array[],
): void {
  const { rows, columns, weights } = model;
  const sizes = { rows: paddedSize(long.length), inner: paddedSize(rows), columns: paddedSize(columns) };
  compute.scope(() => {
    const { floats } = compute;
    const left = compute.allocate(sizes.rows * sizes.inner);
    const right = compute.allocate(sizes.inner * sizes.columns);
    const result = compute.allocate(sizes.rows * sizes.columns);
    for (let row = 0; row < rows; row++) {
      floats.set(weights.subarray(row * columns, (row + 1) * columns), right + row * sizes.columns);
    }
    for (const [i, { entries }] of long.entries()) {
      for (const [row, factor] of entries) floats[left + i * sizes.inner + row]! += factor;
    }
    multiply(compute, result, left, right, sizes);
    for (const [i, { at }] of long.entries()) {
      const row = result + i * sizes.columns;
      scores[at] = floats.slice(row, row + columns);
    }
  });
}
