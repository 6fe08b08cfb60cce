// A person's history and metadata as the affinity model takes them in.
import type { Features } from '../../engine/features';
import type { IdTable } from '../../engine/id-table';
import type { UserHistory } from '../../model/recipe';
import { relativeWeights } from '../evaluation/event-weights';
import type { AffinitySettings } from './affinity-model';
import { longestPast } from './scoring';

/** A person, by the model's own numbers. */
export interface Reading {
  /** Items in time order, oldest first; -1 is an unknown one that keeps its place. */
  readonly past: readonly number[];
  /** Known items with the largest weight of their events. */
  readonly had: ReadonlyMap<number, number>;
  /** Tokens of the user metadata; none where it has no part in the model. */
  readonly tokens: readonly number[];
}

export class HistoryReader {
  private readonly ids: IdTable;
  private readonly userFeatures: Features | undefined;
  private readonly eventWeight: (type: string | undefined) => number;

  constructor({
    ids,
    userFeatures,
    settings: { parameters, eventWeights },
  }: {
    readonly ids: IdTable;
    readonly userFeatures: Features;
    readonly settings: AffinitySettings;
  }) {
    this.ids = ids;
    this.userFeatures = parameters.userMetadata > 0 ? userFeatures : undefined;
    this.eventWeight = eventWeights ? relativeWeights(eventWeights) : () => 1;
  }

  read(user: UserHistory | undefined): Reading {
    const events = (user?.events ?? [])
      .filter(({ eventType }) => this.eventWeight(eventType) > 0)
      .slice(-longestPast);
    const past = events.map(({ itemId }) => this.ids.indexOf(itemId));
    const had = new Map<number, number>();
    for (const [at, item] of past.entries()) {
      const weight = this.eventWeight(events[at]!.eventType);
      if (item >= 0 && weight > (had.get(item) ?? 0)) had.set(item, weight);
    }
    return { past, had, tokens: this.tokensOf(user) };
  }

  tokensOf(user: UserHistory | undefined): number[] {
    return (user?.metadata && this.userFeatures?.encode(user.metadata)) ?? [];
  }
}
