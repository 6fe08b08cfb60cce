// EASE where users are fewer than items: the same P = (XᵀX + λI)⁻¹ from a matrix of users, by the identity
// P = (I − Xᵀ(XXᵀ + λI)⁻¹X) ÷ λ. A long-tailed catalogue of a small group of people trains in a fraction of n³.
import type { Compute } from './compute';
import { type EaseWeights, regularise } from './ease';
import { gram } from './gram';
import { invert, paddedSize } from './inverse';
import { type SparseMatrix, transpose } from './sparse';

/** Multiplications that the kernel does in the time of one outside of it. */
export const kernelGain = 50;

/** Time of both ways, in multiplications outside of the kernel; by users is no way where they are not fewer. */
function costs({ rows, columnCount, columns }: SparseMatrix): { byUsers: number; byItems: number } {
  const byUsers = (rows + columnCount) * columns.length + rows ** 3 / kernelGain;
  return {
    byUsers: rows < columnCount ? byUsers : Number.POSITIVE_INFINITY,
    byItems: columnCount ** 3 / kernelGain,
  };
}

/** True where this way is quicker than inverting a matrix of items. */
export function isQuickerByUsers(matrix: SparseMatrix): boolean {
  const { byUsers, byItems } = costs(matrix);
  return byUsers < byItems;
}

/** Time of a fit, in multiplications outside of the kernel. */
export function fitCost(matrix: SparseMatrix): number {
  const { byUsers, byItems } = costs(matrix);
  return Math.min(byUsers, byItems);
}

/** The weights of `solveEase` for X (users × items and user tokens); the first `columns` columns are items. */
export function solveEaseByUsers(
  compute: Compute,
  matrix: SparseMatrix,
  columns: number,
  lambda: number,
): EaseWeights {
  const rows = matrix.columnCount;
  const solved = solvedRows(compute, matrix, lambda);
  const byItem = transpose(matrix);
  const weights = new Float32Array(rows * columns);
  const precision = new Float32Array(columns);
  for (let i = 0; i < rows; i++) {
    const target = weights.subarray(i * columns, (i + 1) * columns);
    if (i < columns) target[i] = 1 / lambda;
    for (let e = byItem.offsets[i]!; e < byItem.offsets[i + 1]!; e++) {
      const factor = (byItem.values?.[e] ?? 1) / lambda;
      const source = byItem.columns[e]! * rows;
      for (let j = 0; j < columns; j++) target[j]! -= factor * solved[source + j]!;
    }
    if (i < columns) precision[i] = target[i]!;
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) weights[i * columns + j]! /= -precision[j]!;
    if (i < columns) weights[i * columns + i] = 0;
  }
  return { rows, columns, weights, precision, corner: corner(byItem, solved, columns, lambda), lambda };
}

/** P among the user tokens. */
function corner(byItem: SparseMatrix, solved: Float32Array, columns: number, lambda: number): Float32Array {
  const rows = byItem.rows;
  const tokens = rows - columns;
  const block = new Float32Array(tokens * tokens);
  for (let t = 0; t < tokens; t++) {
    block[t * (tokens + 1)] = 1 / lambda;
    for (let e = byItem.offsets[columns + t]!; e < byItem.offsets[columns + t + 1]!; e++) {
      const factor = (byItem.values?.[e] ?? 1) / lambda;
      const source = byItem.columns[e]! * rows + columns;
      for (let u = 0; u < tokens; u++) block[t * tokens + u]! -= factor * solved[source + u]!;
    }
  }
  return block;
}

/** (XXᵀ + λI)⁻¹X, users × columns of X, row-major. */
function solvedRows(compute: Compute, matrix: SparseMatrix, lambda: number): Float32Array {
  const { rows: users, columnCount, offsets, columns, values } = matrix;
  const stride = paddedSize(users);
  return compute.scope(() => {
    const at = compute.allocate(stride * stride);
    gram(compute, at, stride, transpose(matrix));
    regularise(compute.floats, at, users, lambda);
    invert(compute, at, stride);
    const solved = new Float32Array(users * columnCount);
    for (let user = 0; user < users; user++) {
      const row = at + user * stride;
      for (let other = 0; other < users; other++) {
        const factor = compute.floats[row + other]!;
        for (let e = offsets[other]!; e < offsets[other + 1]!; e++) {
          solved[user * columnCount + columns[e]!]! += factor * (values ? values[e]! : 1);
        }
      }
    }
    return solved;
  });
}
