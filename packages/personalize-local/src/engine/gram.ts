// Gram matrices XᵀX of sparse X, dense in the shared memory, lower triangle, all threads.
import type { Compute, Lane } from './compute';
import { type SparseMatrix, transpose } from './sparse';

/** Cells that `gram` allocates for a matrix with that many entries. */
export const gramScratch = (rows: number, columns: number, entries: number): number =>
  rows + columns + 4 * entries + 256;

/** target (n × n, row-major, n ≥ columnCount) += XᵀX on and below the diagonal. Rows of X have ascending columns. */
export function gram(compute: Compute, target: number, n: number, matrix: SparseMatrix): void {
  compute.scope(() => {
    const byRow = share(compute, matrix);
    const byColumn = share(compute, transpose(matrix));
    compute.run(gramRows, target, n, matrix.columnCount, ...byRow, ...byColumn);
  });
}

/** Copies a sparse matrix into the shared memory: positions of offsets, columns, values (-1: all ones). */
function share(compute: Compute, { offsets, columns, values }: SparseMatrix): [number, number, number] {
  const offsetsAt = compute.allocate(offsets.length);
  compute.integers.set(offsets, offsetsAt);
  const columnsAt = compute.allocate(columns.length);
  compute.integers.set(columns, columnsAt);
  if (!values) return [offsetsAt, columnsAt, -1];
  const valuesAt = compute.allocate(values.length);
  compute.floats.set(values, valuesAt);
  return [offsetsAt, columnsAt, valuesAt];
}

/** parameters: target, n, columns; offsets, columns and values by row; the same by column. */
export function gramRows({ floats, integers, index, lanes }: Lane, parameters: readonly number[]): void {
  const [target, n, count, rowOffsets, rowColumns, rowValues, offsets, rows, values] = parameters as [
    ...[number, number, number, number, number, number, number, number, number],
  ];
  for (let i = index; i < count; i += lanes) {
    const row = target + i * n;
    const end = integers[offsets + i + 1]!;
    for (let e = integers[offsets + i]!; e < end; e++) {
      const user = integers[rows + e]!;
      const weight = values < 0 ? 1 : floats[values + e]!;
      const last = rowColumns + integers[rowOffsets + user + 1]!;
      const shift = rowValues - rowColumns;
      for (let at = rowColumns + integers[rowOffsets + user]!; at < last; at++) {
        const j = integers[at]!;
        if (j > i) break;
        floats[row + j]! += rowValues < 0 ? weight : weight * floats[at + shift]!;
      }
    }
  }
}
