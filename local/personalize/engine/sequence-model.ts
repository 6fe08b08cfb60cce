// A linear model of what comes next: ridge regression from a user's decayed recent past S to the decayed near future T,
// B = (SᵀS + λI)⁻¹ SᵀT, one row of S and T per place at which a timeline can be cut. The products are summed over pairs of
// events in closed form, so S and T are never written down.
import type { Compute, Lane } from './compute';
import { regularise } from './ease';
import type { Timelines } from './histories';
import { invert, NotPositiveDefinite, paddedSize } from './inverse';
import { multiply } from './multiply';

export interface SequenceOptions {
  /** Events on either side of the cut that count. */
  readonly window: number;
  /** In events: an event d places from the cut weighs exp(−d ÷ decay). */
  readonly decay: number;
  readonly lambda: number;
}

/** Cells that `solveSequence` and its Gram matrices need. */
export const sequenceScratch = (n: number, events: number, users: number): number =>
  3 * paddedSize(n) ** 2 + events + users + 1024;

/** SᵀS and SᵀT of the same timelines, by window and decay: fits that differ in λ alone share them. */
export type SequenceSums = Map<string, { readonly past: Float32Array; readonly pastFuture: Float32Array }>;

export interface SequenceFit {
  /** B, n × n row-major: rows are past items, columns are next ones. */
  readonly weights: Float32Array;
  /** (SᵀS + λI)⁻¹, n × n row-major, where it was asked for. */
  readonly inverse?: Float32Array;
  /** The ridge: the wanted one, or a larger one that single precision could invert. */
  readonly lambda: number;
}

/** Items in the timelines that are -1 keep their place in time and count for nothing. */
export function solveSequence(
  compute: Compute,
  timelines: Timelines,
  n: number,
  { window, decay, lambda }: SequenceOptions,
  { cache, keepInverse = false }: { readonly cache?: SequenceSums; readonly keepInverse?: boolean } = {},
): SequenceFit {
  const stride = paddedSize(n);
  return compute.scope(() => {
    const gramAt = compute.allocate(stride * stride);
    const crossAt = compute.allocate(stride * stride);
    const key = `${window} ${decay}`;
    const sum = () => {
      const known = cache?.get(key);
      if (known) {
        compute.floats.set(known.past, gramAt);
        compute.floats.set(known.pastFuture, crossAt);
        return;
      }
      sumTimelines(compute, timelines, { gramAt, crossAt, stride }, window, decay);
      cache?.set(key, {
        past: compute.floats.slice(gramAt, gramAt + stride * stride),
        pastFuture: compute.floats.slice(crossAt, crossAt + stride * stride),
      });
    };
    let attempt = lambda;
    for (; ; attempt *= 10) {
      sum();
      regularise(compute.floats, gramAt, n, attempt);
      try {
        invert(compute, gramAt, stride);
        break;
      } catch (error) {
        if (!(error instanceof NotPositiveDefinite) || attempt > lambda * 1e6) throw error;
      }
    }
    const result = compute.allocate(stride * stride);
    multiply(compute, result, gramAt, crossAt, { rows: stride, inner: stride, columns: stride });
    return {
      weights: unpadded(compute.floats, result, n),
      inverse: keepInverse ? unpadded(compute.floats, gramAt, n) : undefined,
      lambda: attempt,
    };
  });
}

/** A copy of an n × n matrix without its padding. */
export function unpadded(floats: Float32Array, matrix: number, n: number): Float32Array {
  const stride = paddedSize(n);
  const copy = new Float32Array(n * n);
  for (let i = 0; i < n; i++) {
    const row = matrix + i * stride;
    copy.set(floats.subarray(row, row + n), i * n);
  }
  return copy;
}

function sumTimelines(
  compute: Compute,
  timelines: Timelines,
  { gramAt, crossAt, stride }: Readonly<Record<'gramAt' | 'crossAt' | 'stride', number>>,
  window: number,
  decay: number,
): void {
  compute.scope(() => {
    const offsets = compute.allocate(timelines.offsets.length);
    const items = compute.allocate(timelines.items.length);
    compute.integers.set(timelines.offsets, offsets);
    compute.integers.set(timelines.items, items);
    compute.floats.fill(0, gramAt, gramAt + stride * stride);
    compute.floats.fill(0, crossAt, crossAt + stride * stride);
    // The decay crosses to the threads as an integer.
    const pairs = [timelines.users, offsets, items, window, Math.round(decay * 1000)] as const;
    compute.run(sumPairs, gramAt, crossAt, stride, ...pairs);
  });
}

/**
 * SᵀS (lower triangle) and SᵀT; with two threads or more, one sums each.
 * parameters: SᵀS, SᵀT, stride, users, offsets, items, window, decay in thousandths.
 */
export function sumPairs(lane: Lane, parameters: readonly number[]): void {
  const [gramAt, crossAt, stride, users, offsets, items, window, decay] = parameters as [
    ...[number, number, number, number, number, number, number, number],
  ];
  const { integers, floats, index, lanes } = lane;
  const slope = 1000 / decay;
  for (let user = 0; user < users; user++) {
    const start = items + integers[offsets + user]!;
    const length = items + integers[offsets + user + 1]! - start;
    if (length < 2) continue;
    const timeline = integers.subarray(start, start + length);
    if (index === 0) sumPast(floats, gramAt, stride, timeline, window, slope);
    if (index === 1 || lanes === 1) sumPastFuture(floats, crossAt, stride, timeline, window, slope);
  }
}

/** Pairs q ≤ r on the past side of a cut: Σ over the cuts that see both of exp(−(both distances) ÷ decay). */
function sumPast(
  floats: Float32Array,
  gramAt: number,
  stride: number,
  timeline: Int32Array,
  window: number,
  slope: number,
): void {
  // Σ over t < cuts of exp(−2t ÷ decay), and exp(−gap ÷ decay).
  const overCuts = new Float64Array(window + 1);
  for (let cuts = 1; cuts <= window; cuts++)
    overCuts[cuts] = overCuts[cuts - 1]! + Math.exp(-2 * (cuts - 1) * slope);
  const byGap = Float64Array.from({ length: window + 1 }, (_, gap) => Math.exp(-gap * slope));
  for (let q = 0; q < timeline.length - 1; q++) {
    const past = timeline[q]!;
    if (past < 0) continue;
    const lastCut = Math.min(q + window, timeline.length - 1);
    for (let r = q; r < lastCut; r++) {
      const other = timeline[r]!;
      if (other < 0) continue;
      const sum = byGap[r - q]! * overCuts[lastCut - r]!;
      const at = past > other ? past * stride + other : other * stride + past;
      floats[gramAt + at]! += past === other && q !== r ? 2 * sum : sum;
    }
  }
}

/** Pairs q < r on the two sides of a cut: every cut between them that sees both gives exp(−(r − q − 1) ÷ decay). */
function sumPastFuture(
  floats: Float32Array,
  crossAt: number,
  stride: number,
  timeline: Int32Array,
  window: number,
  slope: number,
): void {
  const byGap = weightByGap(window, slope);
  for (let q = 0; q < timeline.length - 1; q++) {
    const past = timeline[q]!;
    if (past < 0) continue;
    const end = Math.min(timeline.length, q + 2 * window);
    for (let r = q + 1; r < end; r++) {
      const next = timeline[r]!;
      if (next >= 0) floats[crossAt + past * stride + next]! += byGap[r - q]!;
    }
  }
}

/** What a pair of events on the two sides of a cut weighs, by the number of places from one to the other. */
export function weightByGap(window: number, slope: number): Float64Array {
  return Float64Array.from({ length: 2 * window }, (_, gap) => {
    const cuts = Math.min(gap, window) - Math.max(1, gap - window + 1) + 1;
    return cuts > 0 ? cuts * Math.exp(-(gap - 1) * slope) : 0;
  });
}
