// How much a person would like every item: the trained part that user personalization, ranking and user segments share.
import { type Buffers, bytesOf, float32, float64, int32, json, jsonBytes } from '../../engine/buffers';
import { Features } from '../../engine/features';
import { IdTable } from '../../engine/id-table';
import { addFollowers, loadTransitions, saveTransitions, type Transitions } from '../../engine/transitions';
import type { NewItem, ScoreRequest, UserHistory } from '../../model/recipe';
import { ContextLift } from './context-lift';
import type { Liking } from './exploration';
import { assumedRanking } from './fit-ranking';
import { HistoryReader, type Reading } from './history-reader';
import { type ItemWeights, loadWeights } from './item-weights';
import type { FitParameters } from './parameters';
import { combine, weightsFor } from './ranking';
import { addSequence, forEachRecent, spreadOf } from './scoring';

/** The scalars of a model. */
export interface AffinitySettings {
  readonly recipe: string;
  readonly parameters: FitParameters;
  /** As in the solution; absent: every event weighs 1. */
  readonly eventWeights?: Readonly<Record<string, number>>;
}

/**
 * A model of a release before the ranking was learnt serves in the order of EASE until it is trained again. It said by `repeat`, which it added
 * to what somebody had, whether people return.
 */
function ofAnyRelease(settings: AffinitySettings): AffinitySettings {
  const stored: Omit<FitParameters, 'ordered' | 'ranking'> &
    Partial<FitParameters> & { readonly repeat?: number } = settings.parameters;
  const { repeat = 0, ordered = false, ranking = assumedRanking(repeat < 0), ...parameters } = stored;
  return { ...settings, parameters: { ...parameters, ordered, ranking } };
}

export interface AffinityParts {
  readonly settings: AffinitySettings;
  readonly ids: IdTable;
  /** Distinct users by item. */
  readonly counts: Float64Array;
  /** Users by item who were there when it was: those whose newest event is not older than it. */
  readonly reach: Float64Array;
  /** Epoch seconds by item. */
  readonly createdAt: Float64Array;
  readonly itemFeatures: Features;
  readonly userFeatures: Features;
  readonly weights: ItemWeights;
  /** EASE's diagonal of P by item; empty with neighbour lists. */
  readonly precision: Float32Array;
  /** Items that the sequence model covers, and its weights among them. */
  readonly sequenceItems: Int32Array;
  readonly sequenceWeights: Float32Array;
  /** What directly follows what; empty where the order of events has no part. */
  readonly transitions: Transitions;
  /** The optimization objective by item, in standard deviations of a person's logits. Empty without one. */
  readonly bonus: Float32Array;
  readonly contextLift: ContextLift;
  readonly newItems: readonly NewItem[];
}

/** Popularity orders a stranger's list, however little it says. */
const leastPopularity = 0.05;

/** A model of an earlier release did not count who was there: at least those who chose its most popular item. */
function loadReach(buffers: Buffers): Float64Array {
  if (buffers.has('reach')) return float64(buffers, 'reach');
  const counts = float64(buffers, 'counts');
  return new Float64Array(counts.length).fill(counts.reduce((most, count) => Math.max(most, count), 0));
}

/** Never 0 or 1: nothing is certain of an item that nobody has met. */
function rateOf({ counts, reach }: AffinityParts): number {
  const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0);
  return Math.min(0.5, (sum(counts) + 1) / (sum(reach) + 2));
}

export class AffinityModel {
  readonly itemCount: number;
  /** Users of an item, of those who could have chosen it: over all items. */
  readonly usualRate: number;
  private readonly popularity: Float32Array;
  private readonly sequencePositions: Int32Array;
  readonly reader: HistoryReader;
  private readonly newIndex: ReadonlyMap<string, number>;

  constructor(readonly parts: AffinityParts) {
    this.itemCount = parts.ids.length;
    this.usualRate = rateOf(parts);
    this.popularity = Float32Array.from({ length: this.size }, (_, item) => Math.log1p(this.usersOf(item)));
    this.sequencePositions = new Int32Array(this.itemCount).fill(-1);
    for (const [position, item] of parts.sequenceItems.entries()) this.sequencePositions[item] = position;
    this.reader = new HistoryReader(parts);
    this.newIndex = new Map(parts.newItems.map(({ itemId }, at) => [itemId, this.itemCount + at]));
  }

  /** Items of the training and those made known since. */
  get size(): number {
    return this.itemCount + this.parts.newItems.length;
  }

  idAt(index: number): string {
    return index < this.itemCount
      ? this.parts.ids.at(index)
      : this.parts.newItems[index - this.itemCount]!.itemId;
  }

  /** -1 when unknown. */
  indexOf(itemId: string): number {
    const index = this.parts.ids.indexOf(itemId);
    return index >= 0 ? index : (this.newIndex.get(itemId) ?? -1);
  }

  createdAt(index: number): number {
    return index < this.itemCount
      ? this.parts.createdAt[index]!
      : this.parts.newItems[index - this.itemCount]!.createdAt;
  }

  /** Distinct users of the training data; 0 for items made since. */
  usersOf(index: number): number {
    return this.parts.counts[index] ?? 0;
  }

  /** Users of an item, and those who could have chosen it; nobody for items made since the training. */
  likingOf(index: number): Liking {
    return { likes: this.usersOf(index), people: this.parts.reach[index] ?? 0 };
  }

  /** Something in the person's history or metadata is known to the model. */
  knows(user: UserHistory | undefined): boolean {
    return (
      (user?.events ?? []).some(({ itemId }) => this.parts.ids.indexOf(itemId) >= 0) ||
      this.reader.tokensOf(user).length > 0
    );
  }

  /**
   * A logit for each of `size` items; a person of whom nothing is known gets the popularity. `context` moves the items that
   * are chosen more or less often in it. Never NaN.
   */
  logits(user: UserHistory | undefined, context?: ScoreRequest['context']): Float32Array {
    const logits = this.personalLogits(user);
    if (context) this.parts.contextLift.addTo(logits, context);
    return logits;
  }

  private personalLogits(user: UserHistory | undefined): Float32Array {
    const reading = this.reader.read(user);
    return this.together(reading, this.flatScores(reading), this.sequenceScores(reading.past));
  }

  /** What the item-to-item weights say, by item. */
  flatScores({ had, tokens }: Reading): Float32Array {
    const { weights, settings } = this.parts;
    const flat = new Float32Array(this.itemCount);
    for (const [item, weight] of had) weights.add(flat, item, weight);
    for (const token of tokens) weights.add(flat, this.itemCount + token, settings.parameters.userMetadata);
    return flat;
  }

  /** What the sequence model says by place in its items; undefined where it has no part. */
  private sequenceScores(past: readonly number[]): Float32Array | undefined {
    const { sequenceItems, sequenceWeights, settings } = this.parts;
    const { ordered, sequence } = settings.parameters;
    if (!ordered) return undefined;
    const head = new Float32Array(sequenceItems.length);
    const positions = past.map((item) => (item < 0 ? -1 : this.sequencePositions[item]!));
    addSequence(head, sequenceWeights, positions, sequence);
    return head;
  }

  /** Logits from what EASE (`flat`, by item) and the sequence model (`head`, by place in its items) say of a person. */
  together({ past, had, tokens }: Reading, flat: Float32Array, head?: Float32Array): Float32Array {
    const { ranking } = this.parts.settings.parameters;
    const weights = weightsFor(ranking, had.size);
    if (had.size === 0 && tokens.length === 0) {
      const popular = this.popularity.map((value) => value * Math.max(leastPopularity, weights.popularity));
      return this.withNewItems(popular.subarray(0, this.itemCount), undefined);
    }
    const logits = combine(
      {
        flat: this.withNewItems(flat, this.newItemScores(flat, had)),
        next: head && this.byItem(head),
        follows: this.followers(past),
        popularity: this.popularity,
      },
      weights,
    );
    this.addBonus(logits);
    for (const item of had.keys()) logits[item]! += weights.had;
    return logits;
  }

  private byItem(head: Float32Array): Float32Array {
    const next = new Float32Array(this.size);
    for (const [position, item] of this.parts.sequenceItems.entries()) next[item] = head[position]!;
    return next;
  }

  private followers(past: readonly number[]): Float32Array | undefined {
    const { transitions, settings } = this.parts;
    if (transitions.items.length === 0) return undefined;
    const follows = new Float32Array(this.size);
    forEachRecent(past, settings.parameters.sequence, (item, weight) =>
      addFollowers(follows, transitions, item, weight),
    );
    return follows;
  }

  private addBonus(logits: Float32Array): void {
    const { bonus } = this.parts;
    if (bonus.length === 0) return;
    const spread = spreadOf(logits).deviation;
    for (let j = 0; j < bonus.length; j++) logits[j]! += spread * bonus[j]!;
  }

  private withNewItems(scores: Float32Array, fresh: Float32Array | undefined): Float32Array {
    const all = new Float32Array(this.size);
    all.set(scores);
    // Nobody has chosen a new item yet: without anything personal it stands at the end.
    if (fresh) all.set(fresh, this.itemCount);
    else
      all.fill(
        scores.reduce((least, score) => Math.min(least, score), 0),
        this.itemCount,
      );
    return all;
  }

  /**
   * Exact EASE scores of items without interactions: w = P·g with g = itemMetadata · (tokens in common), and x·P follows
   * from the scores s = x·B as (x·P)ⱼ = Pⱼⱼ (xⱼ − sⱼ).
   */
  private newItemScores(flat: Float32Array, had: ReadonlyMap<number, number>): Float32Array {
    const { newItems, itemFeatures, precision, settings } = this.parts;
    const scores = new Float32Array(newItems.length);
    if (newItems.length === 0 || precision.length === 0) return scores;
    const byToken = new Float64Array(itemFeatures.size);
    for (let j = 0; j < this.itemCount; j++) {
      const projected = precision[j]! * ((had.get(j) ?? 0) - flat[j]!);
      for (const token of itemFeatures.tokensOf(j)) byToken[token]! += projected;
    }
    for (const [at, { metadata }] of newItems.entries()) {
      for (const token of itemFeatures.encode(metadata)) scores[at]! += byToken[token]!;
      scores[at]! *= settings.parameters.itemMetadata;
    }
    return scores;
  }

  /** The same model knowing these items too. */
  knowing(items: readonly NewItem[]): AffinityModel {
    const unknown = items.filter(({ itemId }) => this.parts.ids.indexOf(itemId) < 0);
    const merged = new Map([...this.parts.newItems, ...unknown].map((item) => [item.itemId, item]));
    return new AffinityModel({ ...this.parts, newItems: [...merged.values()] });
  }

  toBuffers(): Map<string, Uint8Array> {
    const { parts } = this;
    const buffers = new Map<string, Uint8Array>();
    parts.ids.save(buffers, 'items');
    parts.itemFeatures.save(buffers, 'item-features');
    parts.userFeatures.save(buffers, 'user-features');
    parts.weights.save(buffers);
    parts.contextLift.save(buffers);
    saveTransitions(buffers, parts.transitions);
    buffers.set('settings', jsonBytes(parts.settings));
    buffers.set('new-items', jsonBytes(parts.newItems));
    buffers.set('counts', bytesOf(parts.counts));
    buffers.set('reach', bytesOf(parts.reach));
    buffers.set('created-at', bytesOf(parts.createdAt));
    buffers.set('precision', bytesOf(parts.precision));
    buffers.set('sequence-items', bytesOf(parts.sequenceItems));
    buffers.set('sequence-weights', bytesOf(parts.sequenceWeights));
    buffers.set('bonus', bytesOf(parts.bonus));
    return buffers;
  }

  static load(buffers: Buffers): AffinityModel {
    const ids = IdTable.load(buffers, 'items');
    return new AffinityModel({
      settings: ofAnyRelease(json(buffers, 'settings')),
      ids,
      counts: float64(buffers, 'counts'),
      reach: loadReach(buffers),
      createdAt: float64(buffers, 'created-at'),
      itemFeatures: Features.load(buffers, 'item-features'),
      userFeatures: Features.load(buffers, 'user-features'),
      weights: loadWeights(buffers, ids.length),
      precision: float32(buffers, 'precision'),
      sequenceItems: int32(buffers, 'sequence-items'),
      sequenceWeights: float32(buffers, 'sequence-weights'),
      transitions: loadTransitions(buffers),
      bonus: float32(buffers, 'bonus'),
      contextLift: ContextLift.load(buffers, ids.length),
      newItems: json(buffers, 'new-items'),
    });
  }
}
