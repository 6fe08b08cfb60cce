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
  /** P among the user tokens, row-major: with B and the diagonal it makes up all of P. */
  readonly corner: Float32Array;
  /** The ridge that P was made with: the wanted one, or a larger one that single precision could invert. */
  readonly lambda: number;
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
  for (let attempt = lambda; ; attempt *= 10) {
    regularise(compute.floats, matrix, sizes.rows, attempt);
    try {
      invert(compute, matrix, paddedSize(sizes.rows));
      return weightsOf(compute.floats, matrix, sizes, attempt);
    } catch (error) {
      if (!(error instanceof NotPositiveDefinite) || attempt > lambda * 1e6) throw error;
      restore();
    }
  }
}

/** B from P in the shared memory (rows padded, both triangles). */
export function weightsOf(
  floats: Float32Array,
  matrix: number,
  { rows, columns }: { readonly rows: number; readonly columns: number },
  lambda: number,
): EaseWeights {
  const stride = paddedSize(rows);
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
  const tokens = rows - columns;
  const corner = new Float32Array(tokens * tokens);
  for (let t = 0; t < tokens; t++) {
    const source = matrix + (columns + t) * stride + columns;
    corner.set(floats.subarray(source, source + tokens), t * tokens);
  }
  return { rows, columns, weights, precision, corner, lambda };
}

/**
 * The way back: writes P to a zeroed place in the shared memory, rows padded, row and column i of B at `places[i]`. Places that
 * are not named belong to columns of X that are empty yet: 1 ÷ λ on the diagonal.
 */
export function restoreInverse(
  floats: Float32Array,
  matrix: number,
  size: number,
  { rows, columns, weights, precision, corner, lambda }: EaseWeights,
  places: Int32Array,
): void {
  const stride = paddedSize(size);
  for (let i = 0; i < stride; i++) floats[matrix + i * (stride + 1)] = i < size ? 1 / lambda : 1;
  for (let i = 0; i < rows; i++) {
    const target = matrix + places[i]! * stride;
    for (let j = 0; j < columns; j++) {
      const value = i === j ? precision[j]! : -weights[i * columns + j]! * precision[j]!;
      floats[target + places[j]!] = value;
      if (i >= columns) floats[matrix + places[j]! * stride + places[i]!] = value;
    }
  }
  const tokens = rows - columns;
  for (let t = 0; t < tokens; t++) {
    const target = matrix + places[columns + t]! * stride;
    for (let u = 0; u < tokens; u++) floats[target + places[columns + u]!] = corner[t * tokens + u]!;
  }
}

/** scores += factor · (row of B). */
export function addRow(scores: Float32Array, weights: Float32Array, row: number, factor: number): void {
  const columns = scores.length;
  const start = row * columns;
  for (let j = 0; j < columns; j++) scores[j]! += factor * weights[start + j]!;
}
