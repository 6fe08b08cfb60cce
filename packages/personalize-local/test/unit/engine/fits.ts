// Small dense matrices fitted on the engine, shared by the tests of what continues a fit.
import type { Compute } from '../../../src/engine/compute';
import { type EaseWeights, solveEase } from '../../../src/engine/ease';
import { gram } from '../../../src/engine/gram';
import type { Timelines } from '../../../src/engine/histories';
import { paddedSize } from '../../../src/engine/inverse';
import type { SparseMatrix } from '../../../src/engine/sparse';
import type * as naive from './naive';

/** More than one thread's group of rows. */
export const width = 45;
/** The last column stands for a user token. */
export const items = width - 1;

export function sparse(dense: naive.Matrix): SparseMatrix {
  const entries = dense.map((row) =>
    row.flatMap((value, column) => (value === 0 ? [] : [{ column, value }])),
  );
  const offsets = new Int32Array(dense.length + 1);
  for (const [row, list] of entries.entries()) offsets[row + 1] = offsets[row]! + list.length;
  return {
    rows: dense.length,
    columnCount: width,
    offsets,
    columns: Int32Array.from(entries.flat(), ({ column }) => column),
    values: Float32Array.from(entries.flat(), ({ value }) => value),
  };
}

export function fitted(compute: Compute, dense: naive.Matrix, lambda: number): EaseWeights {
  return compute.scope(() => {
    const stride = paddedSize(width);
    const at = compute.allocate(stride * stride);
    gram(compute, at, stride, sparse(dense));
    return solveEase(compute, at, { rows: width, columns: items }, lambda, () => {});
  });
}

export function timelinesOf(lists: readonly (readonly number[])[]): Timelines {
  const offsets = new Int32Array(lists.length + 1);
  for (const [i, list] of lists.entries()) offsets[i + 1] = offsets[i]! + list.length;
  return { users: lists.length, offsets, items: Int32Array.from(lists.flat()) };
}
