// Fits the affinity model: on everything, or (for the metrics) on the training users alone.
import { freemem } from 'node:os';
import { Compute } from '../../engine/compute';
import { gramScratch } from '../../engine/gram';
import { IdTable } from '../../engine/id-table';
import { inverseScratch, paddedSize } from '../../engine/inverse';
import { itemNeighbours } from '../../engine/item-knn';
import { multiplyScratch } from '../../engine/multiply';
import { sequenceScratch, solveSequence } from '../../engine/sequence-model';
import type { DataSnapshot } from '../recipe';
import type { Host } from '../training/trainer';
import type { AffinityParts, AffinitySettings } from './affinity-model';
import { ContextLift } from './context-lift';
import { type Design, itemsOfShare, mostPopular, restrictTimelines } from './design';
import { fitEase } from './fit-ease';
import { mostCases, tuningItems } from './hold-out';
import { denseWeights, neighbourWeights } from './item-weights';
import { scoreScratch } from './score-cases';

/** Larger catalogues take too long to invert (n³), whatever the memory. */
const largestDense = 12_000;
/** The sequence model covers this many of the most popular items at most. */
const largestSequence = 4000;
const neighbourWidth = 100;
/** Below this size a second thread costs more than it brings. */
const worthThreads = 500;

/** Catalogues up to this size get a dense model: its matrix and the working copy must fit in half of the free memory. */
export function denseLimit(freeBytes = freemem()): number {
  return Math.min(largestDense, Math.floor(Math.sqrt(freeBytes / 2 / (3 * 4))));
}

/** A sequence model of more items than events ÷ this has next to nothing to learn from for most of them. */
const eventsPerItem = 40;

/** Rarer items than those of 98 % of the events have no sequence to learn from, but cost n³. */
function sequenceSize(design: Design): number {
  const { itemCount, counts } = design;
  if (itemCount <= tuningItems) return itemCount;
  const events = counts.reduce((sum, count) => sum + count, 0);
  const learnable = Math.min(itemsOfShare(design, 0.98), Math.ceil(events / eventsPerItem));
  return Math.min(largestSequence, Math.max(tuningItems, learnable));
}

/** Memory and threads for all fits of one training. */
export function openCompute(design: Design, host: Host, limit: number): Compute {
  const { itemCount, timelines, sets, itemFeatures, userFeatures } = design;
  const dense = itemCount <= limit ? itemCount : Math.min(itemCount, tuningItems);
  const rows = paddedSize(Math.max(dense, tuningItems) + userFeatures.size);
  const entries = sets.columns.length + itemFeatures.tokens.length + userFeatures.tokens.length;
  const ease = rows * rows + inverseScratch(rows) + gramScratch(sets.rows + itemFeatures.size, rows, entries);
  const head = paddedSize(sequenceSize(design));
  const sequence =
    sequenceScratch(head, timelines.items.length, timelines.users) +
    inverseScratch(head) +
    multiplyScratch(head, head);
  const most = tuningItems + userFeatures.size;
  const scores = most ** 2 + scoreScratch(mostCases, most, tuningItems);
  const threads = Math.max(rows, head) >= worthThreads ? Math.min(2, host.threads) : 1;
  return new Compute({ bytes: (Math.max(ease, sequence, scores) + 65536) * 4, threads, source: host.source });
}

/** Everything of a model that its data decides; at most `dense` items get a dense model. */
export function fitAffinity(
  compute: Compute,
  data: DataSnapshot,
  design: Design,
  settings: AffinitySettings,
  limit: number,
): AffinityParts {
  const { parameters } = settings;
  const { itemCount, timelines, sets } = design;
  const all = mostPopular(design, itemCount);
  const dense = itemCount <= limit;
  const ease = dense ? fitEase(compute, design, sets, all, parameters) : undefined;
  const head = parameters.blend > 0 ? mostPopular(design, sequenceSize(design)) : undefined;
  return {
    settings,
    ids: IdTable.from(data.items.ids),
    counts: design.counts,
    createdAt: data.itemCreatedAt,
    itemFeatures: design.itemFeatures,
    userFeatures: design.userFeatures,
    weights: ease
      ? denseWeights(ease.weights, itemCount)
      : neighbourWeights(itemNeighbours(sets, { width: neighbourWidth, shrinkage: 10 })),
    precision: ease?.precision ?? new Float32Array(0),
    sequenceItems: head?.items ?? new Int32Array(0),
    sequenceWeights: head
      ? solveSequence(compute, restrictTimelines(timelines, head), head.items.length, parameters.sequence)
      : new Float32Array(0),
    bonus: new Float32Array(0),
    contextLift: ContextLift.learn(data.interactions, itemCount),
    newItems: [],
  };
}

/** What a solution version says of itself where the dense model does not fit. */
export function sparseNote(items: number, limit: number): string {
  return `${items} items are more than the ${limit} that a dense model fits here: items were related by their ${neighbourWidth} nearest neighbours instead.`;
}
