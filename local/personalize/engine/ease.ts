// EASE (Steck 2019, "Embarrassingly shallow autoencoders for sparse data"): the item-to-item weights B that minimise
// ‖X − X·B‖² + λ‖B‖² with a zero diagonal. G = XᵀX + λI, P = G⁻¹, B = I − P·diag(1 ÷ diag P); a user's scores are x·B.
import type { Compute } from './compute';
import { invert, NotPositiveDefinite, paddedSize } from './inverse';

export interface EaseWeights {
  /** Inputs: items, then user tokens. */
  readonly rows: number;
  /** Outputs: items. */
  readonly columns: number;
  /** B, rows × columns, row-major, 0 on the diagonal. */
  readonly weights: Float32Array;
  /** Diagonal of P by item, from which new items are scored. */
  readonly precision: Float32Array;
}

/** Adds λ to the first n entries of the diagonal, and 1 to the padding's. */
export function regularise(floats: Float32Array, matrix: number, n: number, lambda: number): void {
  const stride = paddedSize(n);
  for (let i = 0; i < stride; i++) floats[matrix + i * (stride + 1)]! += i < n ? lambda : 1;
}

/**
 * The weights from a Gram matrix in the shared memory (rows padded, lower triangle, not yet regularised), which is
 * overwritten. Where single precision cannot invert it, λ grows tenfold until it can.
 */
export function solveEase(
  compute: Compute,
  matrix: number,
  sizes: { readonly rows: number; readonly columns: number },
  lambda: number,
  restore: () => void,
): EaseWeights {
  const { rows, columns } = sizes;
  const stride = paddedSize(rows);
  for (let attempt = lambda; ; attempt *= 10) {
    regularise(compute.floats, matrix, rows, attempt);
    try {
      invert(compute, matrix, stride);
      break;
    } catch (error) {
      if (!(error instanceof NotPositiveDefinite) || attempt > lambda * 1e6) throw error;
      restore();
    }
  }
  const { floats } = compute;
  const precision = new Float32Array(columns);
  const scale = new Float32Array(columns);
  for (let j = 0; j < columns; j++) {
    precision[j] = floats[matrix + j * (stride + 1)]!;
    scale[j] = -1 / precision[j]!;
  }
  const weights = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++) {
    const source = matrix + i * stride;
    const target = i * columns;
    for (let j = 0; j < columns; j++) weights[target + j] = floats[source + j]! * scale[j]!;
    if (i < columns) weights[target + i] = 0;
  }
  return { rows, columns, weights, precision };
}

/** scores += factor · (row of B). */
export function addRow(scores: Float32Array, weights: Float32Array, row: number, factor: number): void {
  const columns = scores.length;
  const start = row * columns;
  for (let j = 0; j < columns; j++) scores[j]! += factor * weights[start + j]!;
}
