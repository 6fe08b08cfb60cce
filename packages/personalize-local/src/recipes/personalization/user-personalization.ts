// aws-user-personalization and -v2 at request time: the affinity model, exploration, scores and reasons.
import { hashString, seededRandom } from '@emotion-gallery/local-kit/random';
import { softmax } from '../../engine/softmax';
import { topK } from '../../engine/top-k';
import type { Model, NewItem, ScoredItem, ScoreRequest } from '../../model/recipe';
import type { AffinityModel } from './affinity-model';
import { explorable, explore, thompsonOrder } from './exploration';

/** What sets the two generations of the recipe apart. */
export interface Generation {
  /** Only this many of the best items are scored; filters that leave fewer get popular items without a score. */
  readonly candidates: number;
  readonly reasons: boolean;
}

/** Scores are a softmax over the whole catalogue. */
export const firstGeneration: Generation = {
  candidates: Number.POSITIVE_INFINITY,
  reasons: false,
};

/** Scores are a softmax over a subset, as large as the longest list. */
export const secondGeneration: Generation = {
  candidates: 500,
  reasons: true,
};

export class UserPersonalizationModel implements Model {
  constructor(
    private readonly affinity: AffinityModel,
    private readonly generation: Generation,
  ) {}

  get recipe(): string {
    return this.affinity.parts.settings.recipe;
  }

  recommend(request: ScoreRequest): ScoredItem[] {
    const { affinity, generation } = this;
    const { user, context, limit, allowed } = request;
    const logits = affinity.logits(user, context);
    const accept = allowed && ((index: number) => allowed(affinity.idAt(index)));
    const subset = Number.isFinite(generation.candidates) ? topK(logits, generation.candidates) : undefined;
    const best = subset
      ? subset.filter((index) => !accept || accept(index)).slice(0, limit)
      : topK(logits, limit, accept);
    const adjusted = logits.slice();
    const { items, explored } = this.explored([...best], adjusted, request, accept);
    const scored = this.scored(items, explored, adjusted, subset);
    return scored.length < limit && subset ? [...scored, ...this.popular(scored, limit, accept)] : scored;
  }

  /** The list with explored items in it; `logits` are overwritten with what they are scored by. */
  private explored(
    best: readonly number[],
    logits: Float32Array,
    { exploration, now, seed, user }: ScoreRequest,
    accept: ((index: number) => boolean) | undefined,
  ): ReturnType<typeof explore> {
    if (!exploration || exploration.weight === 0) return { items: [...best], explored: new Set() };
    const { affinity } = this;
    const random = seededRandom(seed ^ hashString(user?.userId ?? ''));
    const listed = new Set(best);
    const candidates = explorable(affinity, now, exploration.itemAgeCutOffDays).filter(
      (index) => !listed.has(index) && (!accept || accept(index)),
    );
    const likingOf = (index: number) => affinity.likingOf(index);
    const order = thompsonOrder(candidates, likingOf, affinity.usualRate, logits, random);
    return explore(best, order, logits, exploration.weight, random);
  }

  private scored(
    items: readonly number[],
    explored: ReadonlySet<number>,
    logits: Float32Array,
    subset: Int32Array | undefined,
  ): ScoredItem[] {
    const catalogue = subset ? [...new Set([...subset, ...items])] : undefined;
    const share = softmax(catalogue ? catalogue.map((index) => logits[index]!) : logits);
    const position = catalogue && new Map(catalogue.map((index, at) => [index, at]));
    return items.map((index) => ({
      itemId: this.affinity.idAt(index),
      score: share[position ? position.get(index)! : index]!,
      ...(this.generation.reasons && explored.has(index) ? { reason: 'Exploration' as const } : {}),
    }));
  }

  /** Popular items for the places that a filter left empty. */
  private popular(
    listed: readonly ScoredItem[],
    limit: number,
    accept?: (index: number) => boolean,
  ): ScoredItem[] {
    const taken = new Set(listed.map(({ itemId }) => itemId));
    const free = (index: number) => !taken.has(this.affinity.idAt(index)) && (!accept || accept(index));
    const counts = Float64Array.from({ length: this.affinity.size }, (_, index) =>
      this.affinity.usersOf(index),
    );
    return Array.from(topK(counts, limit - listed.length, free), (index) => ({
      itemId: this.affinity.idAt(index),
      reason: 'Popular item' as const,
    }));
  }

  withNewItems(items: readonly NewItem[]): Model {
    return new UserPersonalizationModel(this.affinity.knowing(items), this.generation);
  }

  toBuffers(): Map<string, Uint8Array> {
    return this.affinity.toBuffers();
  }
}
