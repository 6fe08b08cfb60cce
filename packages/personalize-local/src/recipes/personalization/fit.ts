// Fits the affinity model: on everything, or (for the metrics) on the training users alone.
import { totalmem } from 'node:os';
import { Compute } from '../../engine/compute';
import type { EaseWeights } from '../../engine/ease';
import { gramScratch } from '../../engine/gram';
import { IdTable } from '../../engine/id-table';
import { inverseScratch, paddedSize } from '../../engine/inverse';
import { updateScratch } from '../../engine/inverse-update';
import { itemNeighbours } from '../../engine/item-knn';
import { leaveOutScratch } from '../../engine/leave-out';
import { multiplyScratch } from '../../engine/multiply';
import { sequenceScratch } from '../../engine/sequence-model';
import { noTransitions, transitionsOf } from '../../engine/transitions';
import type { DataSnapshot } from '../../model/recipe';
import type { Host } from '../../model/trainer';
import type { AffinityParts, AffinitySettings } from './affinity-model';
import { ContextLift } from './context-lift';
import { type Design, everyItem } from './design';
import { fitEase } from './fit-ease';
import { fitSequence, type HeadFit, sequenceSize, updateHead } from './fit-sequence';
import type { FitState, Previous } from './fit-state';
import { HistoryReader } from './history-reader';
import { mostCases, rankingItems } from './hold-out';
import { denseWeights, type ItemWeights, neighbourWeights } from './item-weights';
import { matchIds } from './matching';
import type { FitParameters } from './parameters';
import { scoreScratch } from './score-cases';
import type { Unseen } from './unseen';
import { updateEase } from './update-ease';

/** Larger catalogues take too long to invert (n³), whatever the memory. */
const largestDense = 12_000;
const neighbourWidth = 100;
/** Below this size a second thread costs more than it brings. */
const worthThreads = 500;

/**
 * Catalogues up to this size get a dense model: its matrix and the working copy must fit in half of the machine's memory. What is
 * free at the moment decides nothing, or the same data would give another model at another time.
 */
export function denseLimit(machineBytes = totalmem()): number {
  return Math.min(largestDense, Math.floor(Math.sqrt(machineBytes / 2 / (3 * 4))));
}

/** Memory and threads for all fits of one training; `unseen` people are scored by them. */
export function openCompute(design: Design, host: Host, limit: number, unseen?: Unseen): Compute {
  const { itemCount, timelines, sets, itemFeatures, userFeatures } = design;
  const tuned = Math.min(itemCount, rankingItems);
  const rows = paddedSize(Math.max(itemCount <= limit ? itemCount : 0, tuned) + userFeatures.size);
  const entries = sets.columns.length + itemFeatures.tokens.length + userFeatures.tokens.length;
  const fitting = inverseScratch(rows) + gramScratch(sets.rows + itemFeatures.size, rows, entries);
  const ease = rows * rows + Math.max(fitting, updateScratch(rows));
  const people = unseen?.test.length ?? 0;
  const head = paddedSize(sequenceSize(unseen?.known ?? design));
  const sequence =
    sequenceScratch(head, timelines.items.length, timelines.users, people) +
    inverseScratch(head) +
    multiplyScratch(Math.max(head, paddedSize(people)), head);
  const most = tuned + userFeatures.size;
  const scores = most ** 2 + scoreScratch(mostCases, most, tuned);
  const tuning =
    sequenceScratch(tuned, timelines.items.length, timelines.users, mostCases) + inverseScratch(tuned);
  const threads = Math.max(rows, head) >= worthThreads ? Math.min(2, host.threads) : 1;
  const cells = Math.max(
    ease,
    sequence,
    scores,
    tuning + multiplyScratch(mostCases, paddedSize(tuned)),
    leaveOutScratch(people, rows),
  );
  return new Compute({ bytes: (cells + 65536) * 4, threads, source: host.source });
}

/** How a fit hangs together with earlier and later ones (trainingMode UPDATE). */
export interface Continuation {
  /** The fit to start from; it was made with the same parameters. */
  readonly previous?: Previous;
  /** A state is kept, for a later fit to start from. */
  readonly keepState?: boolean;
  /** People whom the sequence model scores before it learns from them too. */
  readonly unseen?: Unseen;
}

export interface Fit {
  readonly parts: AffinityParts;
  /** Absent with neighbour lists. */
  readonly ease?: EaseWeights;
  /** Unseen people × items of the sequence model, where it has a part. */
  readonly unseenHead?: Float32Array;
  readonly state?: FitState;
  /** How many rows were worked into the earlier fit; absent where it was fitted anew. */
  readonly changedRows?: number;
}

/** The item-to-item part: dense for at most `limit` items. */
export function fitFlat(
  compute: Compute,
  { itemCount, sets, ...design }: Design,
  parameters: FitParameters,
  limit: number,
): { readonly weights: ItemWeights; readonly ease?: EaseWeights } {
  if (itemCount > limit) {
    return { weights: neighbourWeights(itemNeighbours(sets, { width: neighbourWidth, shrinkage: 10 })) };
  }
  const ease = fitEase(compute, { itemCount, sets, ...design }, sets, everyItem(itemCount), parameters);
  return { weights: denseWeights(ease.weights, itemCount), ease };
}

/** Everything of a model that its data decides; at most `limit` items get a dense model. */
export function fitAffinity(
  compute: Compute,
  data: DataSnapshot,
  design: Design,
  settings: AffinitySettings,
  limit: number,
  { previous, keepState = false, unseen }: Continuation = {},
): Fit {
  const { parameters } = settings;
  const { itemCount, userFeatures } = design;
  const ids = IdTable.from(data.items.ids);
  const matching = previous && matchIds(data, previous);
  const updated =
    itemCount <= limit && matching ? updateEase(compute, design, previous, matching, parameters) : undefined;
  const flat = updated
    ? { weights: denseWeights(updated.weights, itemCount), ease: updated }
    : fitFlat(compute, design, parameters, limit);
  const reader = new HistoryReader({ ids, userFeatures, settings });
  const head = parameters.ordered
    ? ((matching && updateHead(compute, design, previous, matching, parameters)) ??
      fitSequence(compute, design, parameters, { keepInverse: keepState, unseen, reader }))
    : undefined;
  const parts = {
    settings,
    ids,
    counts: design.counts,
    reach: reachOf(data),
    createdAt: data.itemCreatedAt,
    itemFeatures: design.itemFeatures,
    userFeatures,
    weights: flat.weights,
    precision: flat.ease?.precision ?? new Float32Array(0),
    sequenceItems: head?.items ?? new Int32Array(0),
    sequenceWeights: head?.weights ?? new Float32Array(0),
    transitions: parameters.ordered ? transitionsOf(design.timelines, itemCount) : noTransitions(itemCount),
    bonus: new Float32Array(0),
    contextLift: ContextLift.learn(data.interactions, itemCount),
    newItems: [],
  };
  return {
    parts,
    ease: flat.ease,
    unseenHead: head?.unseenScores,
    state: keepState && flat.ease ? stateOf(data, design, flat.ease, head) : undefined,
    changedRows: updated?.changedRows,
  };
}

/** By item: users whose newest event is not older than the item. */
function reachOf({ interactions, users, itemCreatedAt }: DataSnapshot): Float64Array {
  const newest = new Float64Array(users.ids.length).fill(Number.NEGATIVE_INFINITY);
  for (let row = 0; row < interactions.user.length; row++) {
    const user = interactions.user[row]!;
    if (interactions.timestamp[row]! > newest[user]!) newest[user] = interactions.timestamp[row]!;
  }
  const times = newest.filter((time) => time > Number.NEGATIVE_INFINITY).sort();
  const before = (time: number) => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return itemCreatedAt.map((time) => times.length - before(time));
}

/** Event weights are not kept: no recipe that is updated has them. */
function stateOf(data: DataSnapshot, { timelines }: Design, ease: EaseWeights, head?: HeadFit): FitState {
  return {
    users: IdTable.from(data.users.ids),
    timelines,
    ease: { corner: ease.corner, lambda: ease.lambda },
    sequence: head?.inverse && { inverse: head.inverse, lambda: head.lambda },
  };
}

/** What a solution version says of itself where the dense model does not fit. */
export function sparseNote(items: number, limit: number): string {
  return `${items} items are more than the ${limit} that a dense model fits here: items were related by their ${neighbourWidth} nearest neighbours instead.`;
}
