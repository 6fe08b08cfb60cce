// The inverse of a Gram matrix that gains and loses few rows: the Woodbury identity (Woodbury 1950, "Inverting modified
// matrices"). With G' = G + U·S·Uᵀ, where the columns of U are those rows and S = diag(±1), and P = G⁻¹:
// P' = P − W·K⁻¹·Wᵀ with W = P·U and K = S + Uᵀ·W. It is exact, and n² operations a row where an inverse takes n³.
import type { Compute, Lane } from './compute';
import { NotPositiveDefinite, packRightTiles, paddedSize } from './inverse';
import { mirrorLower, ownGroups, solvePanel, subtractPanel } from './inverse-tasks';
import { multiplyPacked, packRight } from './multiply-tasks';

/** A sparse row that a matrix X gains or loses; its Gram matrix XᵀX changes by sign · row·rowᵀ. */
export interface RowChange {
  readonly sign: 1 | -1;
  readonly columns: ArrayLike<number>;
  /** Absent: every entry is 1. */
  readonly values?: ArrayLike<number>;
}

/** So many rows at a time: K is inverted outside the kernel. */
const largestBatch = 128;

/** Cells that `updateInverse` allocates besides the matrix, for rows that may be full. */
export const updateScratch = (n: number): number => 8 * n * largestBatch + 4 * largestBatch * largestBatch;

interface Target {
  /** P, n × n, both triangles; overwritten by P'. */
  readonly matrix: number;
  /** A multiple of 8. */
  readonly n: number;
  /** A product P·C, n × n, which becomes P'·C with the same C. */
  readonly product?: number;
}

/** @throws NotPositiveDefinite when single precision cannot carry the change */
export function updateInverse(compute: Compute, target: Target, changes: readonly RowChange[]): void {
  for (let from = 0; from < changes.length; from += largestBatch) {
    compute.scope(() => applyBatch(compute, target, changes.slice(from, from + largestBatch)));
  }
}

function applyBatch(compute: Compute, { matrix, n, product }: Target, batch: readonly RowChange[]): void {
  const { floats } = compute;
  const depth = paddedSize(batch.length);
  const [panel, solution, left, right] = [0, 1, 2, 3].map(() => compute.allocate(n * depth)) as [
    ...[number, number, number, number],
  ];
  compute.run(gatherColumns, matrix, n, depth, ...share(compute, batch, depth), panel);
  const inverse = invertIndefinite(innerMatrix(floats, panel, depth, batch), depth);
  const pivot = compute.allocate(depth * depth);
  packRightTiles(floats, inverse, depth, pivot);
  compute.run(solvePanel, n, depth, panel, pivot, solution, left, right);
  compute.run(subtractPanel, matrix, n, depth, left, right);
  compute.run(mirrorLower, matrix, n, 1);
  if (product === undefined) return;
  // P'·C = P·C − W·K⁻¹·Uᵀ·(P·C)
  const turned = compute.allocate(depth * n);
  for (const [r, { columns, values }] of batch.entries()) {
    for (let e = 0; e < columns.length; e++) {
      const row = product + columns[e]! * n;
      const value = values?.[e] ?? 1;
      for (let j = 0; j < n; j++) floats[turned + r * n + j]! += value * floats[row + j]!;
    }
  }
  compute.run(packRight, turned, n, 0, depth, right);
  compute.run(multiplyPacked, product, n, n, depth, left, right);
}

/** Copies the batch into the shared memory: positions of offsets, columns and values. Padding rows are empty. */
function share(compute: Compute, batch: readonly RowChange[], depth: number): [number, number, number] {
  const entries = batch.reduce((sum, { columns }) => sum + columns.length, 0);
  const offsetsAt = compute.allocate(depth + 1);
  const columnsAt = compute.allocate(entries);
  const valuesAt = compute.allocate(entries);
  const { floats, integers } = compute;
  let end = 0;
  for (let r = 0; r < depth; r++) {
    const change = batch[r];
    for (let e = 0; e < (change?.columns.length ?? 0); e++) {
      integers[columnsAt + end] = change!.columns[e]!;
      floats[valuesAt + end++] = change!.values?.[e] ?? 1;
    }
    integers[offsetsAt + r + 1] = end;
  }
  return [offsetsAt, columnsAt, valuesAt];
}

/** W = P·U, n × depth. parameters: matrix, n, depth, offsets, columns and values of Uᵀ, W. */
export function gatherColumns(lane: Lane, parameters: readonly number[]): void {
  const [matrix, n, depth, offsets, columns, values, panel] = parameters as [
    ...[number, number, number, number, number, number, number],
  ];
  const { floats, integers } = lane;
  for (const [from, to] of ownGroups(lane, n)) {
    for (let i = from; i < to; i++) {
      const row = matrix + i * n;
      for (let r = 0; r < depth; r++) {
        const end = integers[offsets + r + 1]!;
        let sum = 0;
        for (let e = integers[offsets + r]!; e < end; e++)
          sum += floats[values + e]! * floats[row + integers[columns + e]!]!;
        floats[panel + i * depth + r] = sum;
      }
    }
  }
}

/** K = S + Uᵀ·W, depth × depth; 1 on the diagonal of the padding. */
function innerMatrix(
  floats: Float32Array,
  panel: number,
  depth: number,
  batch: readonly RowChange[],
): Float64Array {
  const inner = new Float64Array(depth * depth);
  for (let r = 0; r < depth; r++) {
    const change = batch[r];
    for (let e = 0; e < (change?.columns.length ?? 0); e++) {
      const row = panel + change!.columns[e]! * depth;
      const value = change!.values?.[e] ?? 1;
      for (let k = 0; k < depth; k++) inner[r * depth + k]! += value * floats[row + k]!;
    }
    inner[r * depth + r]! += change?.sign ?? 1;
  }
  return inner;
}

/** Gauss-Jordan with partial pivoting, in double precision; the matrix is symmetric but need not be definite. */
function invertIndefinite(matrix: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++) inverse[k * (size + 1)] = 1;
  for (let k = 0; k < size; k++) {
    let best = k;
    for (let i = k + 1; i < size; i++) {
      if (Math.abs(matrix[i * size + k]!) > Math.abs(matrix[best * size + k]!)) best = i;
    }
    const pivot = matrix[best * size + k]!;
    if (!(Math.abs(pivot) > 1e-9)) throw new NotPositiveDefinite(`pivot ${k} of an update is ${pivot}`);
    for (const part of [matrix, inverse]) {
      for (let j = 0; j < size; j++) {
        const kept = part[k * size + j]!;
        part[k * size + j] = part[best * size + j]! / pivot;
        if (best !== k) part[best * size + j] = kept;
      }
    }
    for (let i = 0; i < size; i++) {
      const factor = matrix[i * size + k]!;
      if (i === k || factor === 0) continue;
      for (let j = 0; j < size; j++) {
        matrix[i * size + j]! -= factor * matrix[k * size + j]!;
        inverse[i * size + j]! -= factor * inverse[k * size + j]!;
      }
    }
  }
  return inverse;
}
