// How counts are distributed: quantiles, and a histogram of doubling bins.

export interface Activity {
  readonly minimum: number;
  readonly p25: number;
  readonly median: number;
  readonly p75: number;
  readonly p95: number;
  readonly maximum: number;
  readonly mean: number;
  /** How many have 1, 2–3, 4–7, 8–15 … */
  readonly histogram: readonly { readonly from: number; readonly to: number; readonly count: number }[];
}

/** Nearest rank. @param counts at least one, each at least 1 */
export function activityOf(counts: Int32Array): Activity {
  const sorted = counts.slice().sort();
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const bins: number[] = [];
  let sum = 0;
  for (const count of sorted) {
    const bin = Math.floor(Math.log2(count));
    bins[bin] = (bins[bin] ?? 0) + 1;
    sum += count;
  }
  return {
    minimum: at(0),
    p25: at(0.25),
    median: at(0.5),
    p75: at(0.75),
    p95: at(0.95),
    maximum: at(1),
    mean: sum / sorted.length,
    histogram: Array.from(bins, (count = 0, bin) => ({ from: 2 ** bin, to: 2 ** (bin + 1) - 1, count })),
  };
}
