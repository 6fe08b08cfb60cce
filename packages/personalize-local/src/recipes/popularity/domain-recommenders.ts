// The domain recommenders are use cases on top of the custom recipes: one event type, no scores, and where documented what
// the user already bought or watched is left out by itself.

import {
  type DataSnapshot,
  type Model,
  type NewItem,
  type ScoredItem,
  type ScoreRequest,
  TrainingFailed,
} from '../../model/recipe';
import type { Trainer } from '../../model/trainer';
import { selectInteractions } from '../evaluation/user-split';

export interface UseCase {
  readonly base: Trainer;
  /** Trained on events of this type alone. */
  readonly eventType?: string;
  /** Items with such an event in the user's history are not recommended. */
  readonly leaveOut?: string;
}

const same = (one: string | undefined, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

class DomainModel implements Model {
  constructor(
    readonly recipe: string,
    private readonly base: Model,
    private readonly leaveOut: string | undefined,
  ) {}

  recommend(request: ScoreRequest): ScoredItem[] {
    const { leaveOut } = this;
    const done = leaveOut
      ? new Set(
          request.user?.events
            .filter(({ eventType }) => same(eventType, leaveOut))
            .map(({ itemId }) => itemId),
        )
      : new Set<string>();
    const allowed = (itemId: string) => !done.has(itemId) && (!request.allowed || request.allowed(itemId));
    return this.base.recommend({ ...request, allowed }).map(({ itemId }) => ({ itemId }));
  }

  withNewItems(items: readonly NewItem[]): Model {
    return new DomainModel(this.recipe, this.base.withNewItems?.(items) ?? this.base, this.leaveOut);
  }

  toBuffers(): Map<string, Uint8Array> {
    return this.base.toBuffers();
  }
}

export function domainTrainer(recipe: string, { base, eventType, leaveOut }: UseCase): Trainer {
  return {
    readsContext: base.readsContext,
    load: (buffers) => new DomainModel(recipe, base.load(buffers), leaveOut),
    train: (data, options, host) => base.train(eventType ? only(data, eventType) : data, options, host),
  };
}

function only(data: DataSnapshot, eventType: string): DataSnapshot {
  const { interactions } = data;
  const wanted = interactions.eventTypes.findIndex((type) => same(type, eventType));
  const rows = Int32Array.from(interactions.user.keys()).filter(
    (row) => interactions.eventType[row] === wanted,
  );
  if (wanted < 0 || rows.length === 0) {
    throw new TrainingFailed(
      `Dataset has fewer than 1000 interactions after filtering by event type: ${eventType}`,
    );
  }
  return { ...data, interactions: selectInteractions(interactions, rows) };
}
