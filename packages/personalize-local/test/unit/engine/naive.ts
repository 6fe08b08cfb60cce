// Slow and plain versions of the engine's mathematics, to compare with.

export type Matrix = number[][];

export const zeros = (rows: number, columns: number): Matrix =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(0));

export const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));

export const transposed = (a: Matrix): Matrix => a[0]!.map((_, j) => a.map((row) => row[j]!));

/** Gauss-Jordan with partial pivoting. */
export function inverse(a: Matrix): Matrix {
  const n = a.length;
  const work = a.map((row, i) => [...row, ...row.map((_, j) => Number(i === j))]);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k; i < n; i++) if (Math.abs(work[i]![k]!) > Math.abs(work[pivot]![k]!)) pivot = i;
    [work[k], work[pivot]] = [work[pivot]!, work[k]!];
    const own = work[k]!;
    const by = own[k]!;
    for (let j = 0; j < 2 * n; j++) own[j]! /= by;
    for (const [i, row] of work.entries()) {
      if (i === k) continue;
      const factor = row[k]!;
      for (let j = 0; j < 2 * n; j++) row[j]! -= factor * own[j]!;
    }
  }
  return work.map((row) => row.slice(n));
}

export function plusRidge(a: Matrix, lambda: number): Matrix {
  return a.map((row, i) => row.map((value, j) => value + (i === j ? lambda : 0)));
}

/** B = I − P·diag(1 ÷ diag P), P = (XᵀX + λI)⁻¹. */
export function ease(x: Matrix, lambda: number): Matrix {
  const p = inverse(plusRidge(product(transposed(x), x), lambda));
  return p.map((row, i) => row.map((value, j) => (i === j ? 0 : -value / p[j]![j]!)));
}

/** (SᵀS + λI)⁻¹ SᵀT with S and T written down, one row per cut of each timeline. */
export function sequenceModel(
  timelines: readonly (readonly number[])[],
  n: number,
  { window, decay, lambda }: { window: number; decay: number; lambda: number },
): Matrix {
  const past: Matrix = [];
  const future: Matrix = [];
  for (const timeline of timelines) {
    for (let cut = 1; cut < timeline.length; cut++) {
      const [s, t] = [new Array<number>(n).fill(0), new Array<number>(n).fill(0)];
      for (let d = 0; d < window; d++) {
        const before = timeline[cut - 1 - d] ?? -1;
        const after = timeline[cut + d] ?? -1;
        if (before >= 0) s[before]! += Math.exp(-d / decay);
        if (after >= 0) t[after]! += Math.exp(-d / decay);
      }
      past.push(s);
      future.push(t);
    }
  }
  const turned = transposed(past);
  return product(inverse(plusRidge(product(turned, past), lambda)), product(turned, future));
}

/** The largest absolute difference of two lists. */
export function distance(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < expected.length; i++) largest = Math.max(largest, Math.abs(found[i]! - expected[i]!));
  return largest;
}
