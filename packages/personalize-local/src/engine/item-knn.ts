// Item neighbours by cosine of their users with shrinkage: the sparse method, linear in the catalogue's size.
import { type SparseMatrix, transpose } from './sparse';
import { topK } from './top-k';

export interface Neighbours {
  /** Neighbours of item i, best first: `items[i · width ..]` until a -1. */
  readonly width: number;
  readonly items: Int32Array;
  readonly similarities: Float32Array;
}

export interface NeighbourOptions {
  readonly width: number;
  /** Added to the denominator, so that two chance meetings do not look like likeness. */
  readonly shrinkage: number;
  /** −1: users in common, however popular the candidate; 0: cosine; 1: its popularity is divided out completely. */
  readonly popularityDiscount?: number;
  /** Fewer common users than this count for nothing. */
  readonly minimumTogether?: number;
}

/**
 * similarity(i, j) = together ÷ (√(nᵢ · nⱼ) + shrinkage), times (1 ÷ nⱼ)^(discount ÷ 2), with together = Σ xᵤᵢ xᵤⱼ and
 * nᵢ = Σ xᵤᵢ² over the rows of `sets` (users × items; for binary values both are numbers of users).
 */
export function itemNeighbours(sets: SparseMatrix, options: NeighbourOptions): Neighbours {
  const { width, shrinkage, popularityDiscount = 0, minimumTogether = 1 } = options;
  const byItem = transpose(sets);
  const n = sets.columnCount;
  const items = new Int32Array(n * width).fill(-1);
  const similarities = new Float32Array(n * width);
  const together = new Float64Array(n);
  const touched = new Int32Array(n);
  const candidates = new Float64Array(n);
  const sizes = squaredNorms(byItem);
  for (let i = 0; i < n; i++) {
    let count = 0;
    for (let e = byItem.offsets[i]!; e < byItem.offsets[i + 1]!; e++) {
      const user = byItem.columns[e]!;
      for (let at = sets.offsets[user]!; at < sets.offsets[user + 1]!; at++) {
        const j = sets.columns[at]!;
        if (together[j] === 0) touched[count++] = j;
        together[j]! += (byItem.values?.[e] ?? 1) * (sets.values?.[at] ?? 1);
      }
    }
    for (let t = 0; t < count; t++) {
      const j = touched[t]!;
      const common = together[j]!;
      together[j] = 0;
      const usable = j !== i && common >= minimumTogether;
      const cosine = common / (Math.sqrt(sizes[i]! * sizes[j]!) + shrinkage);
      candidates[t] = usable ? cosine * sizes[j]! ** (-popularityDiscount / 2) : Number.NaN;
    }
    const best = topK(candidates.subarray(0, count), width);
    for (const [rank, t] of best.entries()) {
      items[i * width + rank] = touched[t]!;
      similarities[i * width + rank] = candidates[t]!;
    }
  }
  return { width, items, similarities };
}

function squaredNorms({ rows, offsets, values }: SparseMatrix): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    if (!values) return offsets[row + 1]! - offsets[row]!;
    let sum = 0;
    for (let e = offsets[row]!; e < offsets[row + 1]!; e++) sum += values[e]! ** 2;
    return sum;
  });
}
