// The sequence model after some timelines have changed. P = (SᵀS + λI)⁻¹ follows the rows of S that came and went
// (inverse-update.ts) and carries B = P·SᵀT along; what SᵀT itself gained is a sparse D, and P·D is added at the end.
import type { Compute, Lane } from './compute';
import { paddedSize } from './inverse';
import { ownGroups } from './inverse-tasks';
import { type RowChange, updateInverse, updateScratch } from './inverse-update';
import { type SequenceOptions, type UpdatableSequence, unpadded, weightByGap } from './sequence-model';

/** One person's timeline, oldest first, by positions of the new model; -1 is an item that it does not cover. */
export interface TimelineChange {
  readonly before: Int32Array;
  readonly after: Int32Array;
}

/** An entry of SᵀT that changed: row, column, by how much. */
type PairChange = readonly [past: number, next: number, by: number];

export interface SequenceChanges {
  readonly rows: readonly RowChange[];
  readonly pairs: readonly PairChange[];
}

/** What the changed timelines change in SᵀS and SᵀT. Cuts whose past is the same before and after are left alone. */
export function sequenceChanges(
  timelines: Iterable<TimelineChange>,
  { window, decay }: Pick<SequenceOptions, 'window' | 'decay'>,
): SequenceChanges {
  const rows: RowChange[] = [];
  const pairs: PairChange[] = [];
  // As in sumPairs: the decay has three decimals.
  const slope = 1000 / Math.round(decay * 1000);
  const byGap = weightByGap(window, slope);
  for (const { before, after } of timelines) {
    let same = 0;
    while (same < Math.min(before.length, after.length) && before[same] === after[same]) same++;
    for (const [timeline, sign] of [
      [after, 1],
      [before, -1],
    ] as const) {
      // Cut t lies before event t; the last event has no future.
      const other = sign === 1 ? before : after;
      for (let cut = Math.min(same + 1, Math.max(1, other.length)); cut < timeline.length; cut++) {
        const row = pastOf(timeline, cut, window, slope);
        if (row.columns.length > 0) rows.push({ sign, ...row });
      }
      for (let r = same; r < timeline.length; r++) {
        const next = timeline[r]!;
        for (let q = Math.max(0, r - 2 * window + 1); q < r && next >= 0; q++) {
          if (timeline[q]! >= 0) pairs.push([timeline[q]!, next, sign * byGap[r - q]!]);
        }
      }
    }
  }
  return { rows, pairs };
}

/** One row of S: the decayed past of a cut. */
function pastOf(
  timeline: Int32Array,
  cut: number,
  window: number,
  slope: number,
): { columns: number[]; values: number[] } {
  const weights = new Map<number, number>();
  for (let distance = 0; distance < Math.min(window, cut); distance++) {
    const item = timeline[cut - 1 - distance]!;
    if (item >= 0) weights.set(item, (weights.get(item) ?? 0) + Math.exp(-distance * slope));
  }
  return { columns: [...weights.keys()], values: [...weights.values()] };
}

/** Cells that `updateSequence` allocates. */
export const sequenceUpdateScratch = (n: number, pairs: number): number =>
  2 * paddedSize(n) ** 2 + updateScratch(paddedSize(n)) + 3 * pairs + 64;

/**
 * The fit of n items from the fit of fewer: item i of that one is item `places[i]` of this one.
 * @throws NotPositiveDefinite when single precision cannot carry the change
 */
export function updateSequence(
  compute: Compute,
  before: UpdatableSequence,
  places: Int32Array,
  n: number,
  { rows, pairs }: SequenceChanges,
): UpdatableSequence {
  const stride = paddedSize(n);
  return compute.scope(() => {
    const { floats } = compute;
    const matrix = compute.allocate(stride * stride);
    const product = compute.allocate(stride * stride);
    for (let i = 0; i < stride; i++) floats[matrix + i * (stride + 1)] = i < n ? 1 / before.lambda : 1;
    for (let i = 0; i < places.length; i++) {
      const row = places[i]! * stride;
      for (let j = 0; j < places.length; j++) {
        floats[matrix + row + places[j]!] = before.inverse[i * places.length + j]!;
        floats[product + row + places[j]!] = before.weights[i * places.length + j]!;
      }
    }
    updateInverse(compute, { matrix, n: stride, product }, rows);
    const at = compute.allocate(3 * pairs.length);
    for (const [e, [past, next, by]] of pairs.entries()) {
      compute.integers[at + e] = past;
      compute.integers[at + pairs.length + e] = next;
      floats[at + 2 * pairs.length + e] = by;
    }
    compute.run(addProduct, product, matrix, stride, at, pairs.length);
    return {
      weights: unpadded(floats, product, n),
      inverse: unpadded(floats, matrix, n),
      lambda: before.lambda,
    };
  });
}

/** target += P·D for a sparse D. parameters: target, P, n, entries of D (rows, columns, values), their number. */
export function addProduct(lane: Lane, parameters: readonly number[]): void {
  const [target, matrix, n, entries, count] = parameters as [number, number, number, number, number];
  const { floats, integers } = lane;
  for (const [from, to] of ownGroups(lane, n)) {
    for (let i = from * n; i < to * n; i += n) {
      for (let e = entries; e < entries + count; e++) {
        const by = floats[e + 2 * count]! * floats[matrix + i + integers[e]!]!;
        floats[target + i + integers[e + count]!]! += by;
      }
    }
  }
}
