// aws-item-affinity and aws-item-attribute-affinity: which users like an item, or items with some attributes, the most. The
// affinity model read by column, over the histories of the users that it was trained on.

import { seededRandom, shuffle } from '@emotion-gallery/local-kit/random';
import { type Buffers, bytesOf, int32, json, jsonBytes } from '../../engine/buffers';
import { IdTable } from '../../engine/id-table';
import { roundTo4 } from '../../engine/metrics';
import type { SparseMatrix } from '../../engine/sparse';
import { topK } from '../../engine/top-k';
import { type DataSnapshot, type Model, type ScoredItem, TrainingFailed } from '../../model/recipe';
import type { Trainer } from '../../model/trainer';
import { selectInteractions, timelines } from '../evaluation/user-split';
import { AffinityModel } from '../personalization/affinity-model';
import { buildDesign, type Design } from '../personalization/design';
import { denseLimit, fitAffinity, openCompute, sparseNote } from '../personalization/fit';
import { searchHyperParameters } from '../personalization/hyper-parameters';

/** Items by metadata value, whole or one part of a multi-valued cell. */
type ItemsByAttribute = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

class SegmentModel implements Model {
  constructor(
    private readonly affinity: AffinityModel,
    private readonly users: IdTable,
    private readonly histories: SparseMatrix,
    private readonly attributes: ItemsByAttribute,
  ) {}

  get recipe(): string {
    return this.affinity.parts.settings.recipe;
  }

  /** Segments are made in batches only. */
  recommend(): ScoredItem[] {
    return [];
  }

  /** Users by affinity, best first; none for an item or attribute that the training data does not have. */
  segment(query: Parameters<NonNullable<Model['segment']>>[0], limit: number): string[] {
    const items =
      query.itemId === undefined
        ? this.withAttributes(query.attributes)
        : [this.affinity.indexOf(query.itemId)];
    const known = items.filter((item) => item >= 0);
    if (known.length === 0) return [];
    return Array.from(topK(this.affinities(known), limit), (user) => this.users.at(user));
  }

  private withAttributes(
    attributes: Parameters<NonNullable<Model['segment']>>[0]['attributes'] = [],
  ): readonly number[] {
    const lists = attributes.map(({ column, value }) => this.attributes[column]?.[value] ?? []);
    return lists.length === 0
      ? []
      : lists.reduce((common, list) => common.filter((item) => list.includes(item)));
  }

  private affinities(items: readonly number[]): Float64Array {
    const { affinity, histories } = this;
    const wanted = Int32Array.from(items);
    const byItem = Float64Array.from({ length: affinity.itemCount }, (_, row) =>
      affinity.parts.weights.sumOver(row, wanted),
    );
    return Float64Array.from({ length: histories.rows }, (_, user) => {
      const [from, to] = [histories.offsets[user]!, histories.offsets[user + 1]!];
      // Users without history are no candidates.
      if (from === to) return Number.NaN;
      let sum = 0;
      for (let e = from; e < to; e++) sum += byItem[histories.columns[e]!]!;
      return sum;
    });
  }

  toBuffers(): Map<string, Uint8Array> {
    const buffers = this.affinity.toBuffers();
    this.users.save(buffers, 'users');
    buffers.set('history-offsets', bytesOf(this.histories.offsets));
    buffers.set('history-items', bytesOf(this.histories.columns));
    buffers.set('attributes', jsonBytes(this.attributes));
    return buffers;
  }

  static load(buffers: Buffers): SegmentModel {
    const affinity = AffinityModel.load(buffers);
    const offsets = int32(buffers, 'history-offsets');
    const columns = int32(buffers, 'history-items');
    const histories = { rows: offsets.length - 1, columnCount: affinity.itemCount, offsets, columns };
    return new SegmentModel(affinity, IdTable.load(buffers, 'users'), histories, json(buffers, 'attributes'));
  }
}

function itemsByAttribute({ items }: DataSnapshot): ItemsByAttribute {
  const found: Record<string, Record<string, number[]>> = {};
  for (const column of items.columns) {
    if (column.kind === 'textual') continue;
    const values: Record<string, number[]> = {};
    for (let item = 0; item < items.ids.length; item++) {
      const cell =
        column.kind === 'numeric' ? String(column.values[item]) : (column.values[column.codes[item]!] ?? '');
      for (const value of new Set([cell, ...cell.split('|')])) {
        if (value === '' || value === 'NaN') continue;
        values[value] ??= [];
        values[value].push(item);
      }
    }
    found[column.name] = values;
  }
  return found;
}

export function segmentTrainer(recipe: string): Trainer {
  return {
    load: (buffers) => SegmentModel.load(buffers),
    train(data, options, host) {
      const whole = buildDesign(data);
      if (whole.timelines.items.length === 0)
        throw new TrainingFailed('Create failed. There are no interactions to train on.');
      const limit = denseLimit();
      const compute = openCompute(whole, host, limit);
      try {
        // The search looks at nothing but what the measured model is trained on.
        const split = options.withMetrics ? splitByAge(data) : undefined;
        const known = split ? buildDesign(split.training) : whole;
        const { parameters } = searchHyperParameters(compute, known, options);
        // A segment asks who likes an item at all; the order of events has no part in it.
        const settings = { recipe, parameters: { ...parameters, ordered: false } };
        const build = (some: DataSnapshot, design: Design) => {
          const affinity = new AffinityModel(fitAffinity(compute, some, design, settings, limit).parts);
          return new SegmentModel(
            affinity,
            IdTable.from(some.users.ids),
            design.sets,
            itemsByAttribute(some),
          );
        };
        return {
          metrics: split ? segmentMetrics(data, split, build(split.training, known), options.seed) : {},
          buffers: build(data, whole).toBuffers(),
          note: data.items.ids.length > limit ? sparseNote(data.items.ids.length, limit) : undefined,
        };
      } finally {
        compute.close();
      }
    },
  };
}

const evaluatedItems = 200;

interface AgeSplit {
  readonly training: DataSnapshot;
  /** Users who chose an item later, by item index. */
  readonly truth: ReadonlyMap<number, ReadonlySet<string>>;
}

/** Oldest 80 % of each user's interactions for training; undefined when nothing is left to test. */
function splitByAge(data: DataSnapshot): AgeSplit | undefined {
  const { interactions, users } = data;
  const kept: number[] = [];
  const truth = new Map<number, Set<string>>();
  for (const [user, rows] of timelines(interactions, users.ids.length).entries()) {
    const cut = Math.ceil(rows.length * 0.8);
    for (const row of rows.subarray(0, cut)) kept.push(row);
    for (const row of rows.subarray(cut)) {
      const item = interactions.item[row]!;
      truth.set(item, (truth.get(item) ?? new Set()).add(users.ids[user]!));
    }
  }
  if (truth.size === 0) return undefined;
  const training = { ...data, interactions: selectInteractions(interactions, Int32Array.from(kept)) };
  return { training, truth };
}

/**
 * K is one per cent of the users. Hits are how many of the K really chose the item, on average: recorded values reach 19.8.
 * Coverage is the share of all users who are in a segment.
 */
function segmentMetrics(
  { items, users }: DataSnapshot,
  { truth }: AgeSplit,
  model: SegmentModel,
  seed: number,
): Record<string, number> {
  const k = Math.max(1, Math.round(users.ids.length / 100));
  const chosen = shuffle([...truth], seededRandom(seed)).slice(0, evaluatedItems);
  let hits = 0;
  let recall = 0;
  const covered = new Set<string>();
  for (const [item, people] of chosen) {
    const segment = model.segment({ itemId: items.ids[item]! }, k);
    const found = segment.filter((user) => people.has(user)).length;
    for (const user of segment) covered.add(user);
    hits += found;
    recall += found / people.size;
  }
  return {
    coverage: roundTo4(covered.size / users.ids.length),
    hits_at_1_percent: roundTo4(hits / chosen.length),
    recall_at_1_percent: roundTo4(recall / chosen.length),
  };
}
