// The line between the service and the models: a snapshot of a dataset group goes in, a model comes out; the model
// scores, explains, takes new events and is stored as plain buffers. Nothing here knows of ARNs, HTTP or files.

import type {
  Exploration,
  HyperParameterRange,
  RecipeFacts,
} from '@emotion-gallery/personalize-rules/recipes';
import type { Buffers } from '../engine/buffers';
import type { DataSnapshot } from '../engine/snapshot';

export type * from '../engine/snapshot';

export interface TrainingOptions {
  /** Hyperparameters and feature-transformation parameters, validated, with the recipe's defaults filled in. */
  readonly hyperParameters: Readonly<Record<string, string>>;
  /** Weight by event type (eventsConfig); types that are not named weigh nothing. */
  readonly eventWeights?: Readonly<Record<string, number>>;
  /** Numeric Items column to optimise for, with its sensitivity; OFF: measured alone. */
  readonly objective?: {
    readonly column: string;
    readonly sensitivity: 'LOW' | 'MEDIUM' | 'HIGH' | 'OFF';
  };
  /** Search these ranges, the recipe's tunable ones as the solution narrows them. */
  readonly performHpo?: { readonly maxTrainingJobs: number; readonly ranges: readonly HyperParameterRange[] };
  readonly seed: number;
  /** What an earlier FULL training has stored, for trainingMode UPDATE. */
  readonly previous?: Buffers;
  /** Compute the offline metrics (FULL trainings only). */
  readonly withMetrics: boolean;
  readonly signal?: AbortSignal;
}

export interface TrainingResult {
  readonly model: Model;
  /** What is stored: the model, and what an UPDATE training would start from. */
  readonly buffers: Buffers;
  /** Empty unless `withMetrics`. Keys as GetSolutionMetrics spells them, four decimals. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Hyperparameters found by HPO. */
  readonly tuned?: Readonly<Record<string, string>>;
  /** A sentence about a fall-back that was taken (for example a sparse method), if any. */
  readonly note?: string;
}

/** What the service knows of a user at request time, oldest event first; the events since training are included. */
export interface UserHistory {
  readonly userId: string;
  readonly events: readonly {
    readonly itemId: string;
    readonly timestamp: number;
    readonly eventType?: string;
  }[];
  /** User metadata by column name, if any. */
  readonly metadata?: Readonly<Record<string, string | number>>;
}

export interface ScoreRequest {
  /** Absent for related-item recipes that take only an item. */
  readonly user?: UserHistory;
  readonly itemId?: string;
  readonly context?: Readonly<Record<string, string>>;
  /** Only these may be returned (filter result), by id test; absent: the whole catalogue. */
  readonly allowed?: (itemId: string) => boolean;
  readonly limit: number;
  /** Absent: nothing is explored. */
  readonly exploration?: Exploration;
  /** The present of the data: its latest interaction (epoch seconds), from which exploration counts the ages of items. */
  readonly now: number;
  /** Varies exploration between requests; the same number gives the same list. */
  readonly seed: number;
  readonly rankingInfluence?: { readonly popularity: number; readonly freshness: number };
}

export interface ScoredItem {
  readonly itemId: string;
  /** Absent where the recipe documents none, and for padding. */
  readonly score?: number;
  readonly reason?: 'Promoted item' | 'Exploration' | 'Popular item';
}

/** Items made after the training; exploration and metadata columns use them. */
export interface NewItem {
  readonly itemId: string;
  readonly createdAt: number;
  readonly metadata: Readonly<Record<string, string | number>>;
}

/** A trained model. Pure: same model, same request, same answer. */
export interface Model {
  readonly recipe: string;
  /** Up to `limit` items, best first; padded by popular items where the recipe documents that. */
  recommend(request: ScoreRequest): ScoredItem[];
  /** The input ids, best first; unknown ones at the end. PERSONALIZED_RANKING only. */
  rank?(request: ScoreRequest, itemIds: readonly string[]): ScoredItem[];
  /** Users with the highest affinity. USER_SEGMENTATION only. */
  segment?(
    query: { itemId?: string; attributes?: ReadonlyArray<{ column: string; value: string }> },
    limit: number,
  ): string[];
  /** The two-hourly update: the same model knowing new items. */
  withNewItems?(items: readonly NewItem[]): Model;
  /** Named buffers, written one file each; typed arrays are stored raw so that loading is a map of the file. */
  toBuffers(): Map<string, Uint8Array>;
}

/** Training failed for a reason that the customer should read (the documented texts). */
export class TrainingFailed extends Error {
  override readonly name = 'TrainingFailed';
}

export interface Recipe extends RecipeFacts {
  train(data: DataSnapshot, options: TrainingOptions): Promise<TrainingResult>;
  load(buffers: ReadonlyMap<string, Uint8Array>): Model;
}
