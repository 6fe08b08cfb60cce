// A linear model of what comes next: ridge regression from a user's decayed recent past S to the decayed near future T,
// B = (SᵀS + λI)⁻¹ SᵀT, one row of S and T per place at which a timeline can be cut. The products are summed over pairs of
// events in closed form, so S and T are never written down.
import type { Compute, Lane } from './compute';
import { regularise } from './ease';
import type { Timelines } from './histories';
import { invert, NotPositiveDefinite, paddedSize } from './inverse';
import { multiply } from './multiply';
import type { SparseMatrix } from './sparse';

export interface SequenceOptions {
  /** Events on either side of the cut that count. */
  readonly window: number;
  /** In events: an event d places from the cut weighs exp(−d ÷ decay). */
  readonly decay: number;
  readonly lambda: number;
}

/** Cells that `solveSequence` and its Gram matrices need; `unseen` people are scored on the way. */
export const sequenceScratch = (n: number, events: number, users: number, unseen = 0): number =>
  3 * paddedSize(n) ** 2 + Math.max(events + users, 2 * paddedSize(unseen) * paddedSize(n)) + 1024;

export interface SequenceFit {
  /** B, n × n row-major: rows are past items, columns are next ones. */
  readonly weights: Float32Array;
  /** (SᵀS + λI)⁻¹, n × n row-major, where it was asked for. */
  readonly inverse?: Float32Array;
  /** The ridge: the wanted one, or a larger one that single precision could invert. */
  readonly lambda: number;
  /** People × n: what the model said of unseen people before it learnt their timelines too. */
  readonly unseenScores?: Float32Array;
}

/** What a fit can be brought up to date from. */
export type UpdatableSequence = Required<Omit<SequenceFit, 'unseenScores'>>;

/** People who are scored by the model of the other timelines alone, and are learnt from only then. */
export interface UnseenTimelines {
  readonly timelines: Timelines;
  /** People × n: the decayed recent past of each. */
  readonly inputs: SparseMatrix;
}

export interface SequenceExtras {
  readonly keepInverse?: boolean;
  readonly unseen?: UnseenTimelines;
}

/** Places in the shared memory, n × n with padding. */
interface Sums {
  readonly past: number;
  readonly pastFuture: number;
  readonly stride: number;
}

/** Items in the timelines that are -1 keep their place in time and count for nothing. */
export function solveSequence(
  compute: Compute,
  timelines: Timelines,
  n: number,
  options: SequenceOptions,
  { keepInverse = false, unseen }: SequenceExtras = {},
): SequenceFit {
  const { floats } = compute;
  const stride = paddedSize(n);
  const size = stride * stride;
  return compute.scope(() => {
    const [past, pastFuture, inverse] = [0, 1, 2].map(() => compute.allocate(size)) as [
      ...[number, number, number],
    ];
    const sums = { past, pastFuture, stride };
    addTimelines(compute, timelines, sums, options);
    const unseenScores = unseen && scoreUnseen(compute, sums, inverse, n, options.lambda, unseen.inputs);
    if (unseen) addTimelines(compute, unseen.timelines, sums, options);
    const lambda = invertPast(compute, sums, inverse, n, options.lambda);
    // SᵀS has done its part: B takes its place.
    floats.fill(0, past, past + size);
    multiply(compute, past, inverse, pastFuture, { rows: stride, inner: stride, columns: stride });
    return {
      weights: unpadded(floats, past, n),
      inverse: keepInverse ? unpadded(floats, inverse, n) : undefined,
      lambda,
      unseenScores,
    };
  });
}

/** What the model of the timelines says of people with these decayed pasts (people × n), without its weights being made. */
export function scoreSequence(
  compute: Compute,
  timelines: Timelines,
  n: number,
  options: SequenceOptions,
  inputs: SparseMatrix,
): Float32Array {
  const stride = paddedSize(n);
  return compute.scope(() => {
    const [past, pastFuture, inverse] = [0, 1, 2].map(() => compute.allocate(stride * stride)) as [
      ...[number, number, number],
    ];
    const sums = { past, pastFuture, stride };
    addTimelines(compute, timelines, sums, options);
    return scoreUnseen(compute, sums, inverse, n, options.lambda, inputs);
  });
}

/** Writes (SᵀS + λI)⁻¹ to `target`; λ grows tenfold until single precision can invert it. Gives the λ that it took. */
function invertPast(
  compute: Compute,
  { past, stride }: Sums,
  target: number,
  n: number,
  lambda: number,
): number {
  for (let attempt = lambda; ; attempt *= 10) {
    compute.floats.copyWithin(target, past, past + stride * stride);
    regularise(compute.floats, target, n, attempt);
    try {
      invert(compute, target, stride);
      return attempt;
    } catch (error) {
      if (!(error instanceof NotPositiveDefinite) || attempt > lambda * 1e6) throw error;
    }
  }
}

/** x·(SᵀS + λI)⁻¹·SᵀT for few x: without B, whose n³ operations they are not worth. Uses `inverse` for the inverse. */
function scoreUnseen(
  compute: Compute,
  sums: Sums,
  inverse: number,
  n: number,
  lambda: number,
  inputs: SparseMatrix,
): Float32Array {
  const { floats } = compute;
  const { pastFuture, stride } = sums;
  const people = paddedSize(inputs.rows);
  invertPast(compute, sums, inverse, n, lambda);
  return compute.scope(() => {
    const turned = compute.allocate(people * stride);
    for (let person = 0; person < inputs.rows; person++) {
      const row = floats.subarray(turned + person * stride, turned + person * stride + n);
      for (let e = inputs.offsets[person]!; e < inputs.offsets[person + 1]!; e++) {
        const source = inverse + inputs.columns[e]! * stride;
        const value = inputs.values?.[e] ?? 1;
        for (let j = 0; j < n; j++) row[j]! += value * floats[source + j]!;
      }
    }
    const scores = compute.allocate(people * stride);
    multiply(compute, scores, turned, pastFuture, { rows: people, inner: stride, columns: stride });
    return unpadded(floats, scores, n, inputs.rows);
  });
}

/** A copy of a matrix of n columns (and n rows) without its padding. */
export function unpadded(floats: Float32Array, matrix: number, n: number, rows = n): Float32Array {
  const stride = paddedSize(n);
  const copy = new Float32Array(rows * n);
  for (let i = 0; i < rows; i++) {
    const row = matrix + i * stride;
    copy.set(floats.subarray(row, row + n), i * n);
  }
  return copy;
}

/** Adds timelines to SᵀS and SᵀT. */
function addTimelines(
  compute: Compute,
  timelines: Timelines,
  { past, pastFuture, stride }: Sums,
  { window, decay }: SequenceOptions,
): void {
  compute.scope(() => {
    const offsets = compute.allocate(timelines.offsets.length);
    const items = compute.allocate(timelines.items.length);
    compute.integers.set(timelines.offsets, offsets);
    compute.integers.set(timelines.items, items);
    // The decay crosses to the threads as an integer.
    const pairs = [timelines.users, offsets, items, window, Math.round(decay * 1000)] as const;
    compute.run(sumPairs, past, pastFuture, stride, ...pairs);
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
