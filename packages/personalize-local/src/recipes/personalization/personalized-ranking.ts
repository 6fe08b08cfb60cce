// aws-personalized-ranking and -v2 at request time: the affinity model over the given list.
import { softmax } from '../../engine/softmax';
import { topK } from '../../engine/top-k';
import type { Model, ScoredItem, ScoreRequest } from '../../model/recipe';
import type { AffinityModel } from './affinity-model';

export class PersonalizedRankingModel implements Model {
  constructor(private readonly affinity: AffinityModel) {}

  get recipe(): string {
    return this.affinity.parts.settings.recipe;
  }

  /** Scores are a softmax over the known inputs; unknown ones follow in their own order, without a score. */
  rank(request: ScoreRequest, itemIds: readonly string[]): ScoredItem[] {
    const logits = this.affinity.logits(request.user, request.context);
    const inputs = [...new Set(itemIds)];
    const indices = inputs.map((itemId) => this.affinity.indexOf(itemId));
    const known = inputs.flatMap((itemId, at) =>
      indices[at]! >= 0 ? [{ itemId, index: indices[at]! }] : [],
    );
    const shares = softmax(known.map(({ index }) => logits[index]!));
    const ranked = known
      .map(({ itemId }, at) => ({ itemId, score: shares[at]!, at }))
      .sort((a, b) => b.score - a.score || a.at - b.at)
      .map(({ itemId, score }) => ({ itemId, score }));
    return [...ranked, ...inputs.filter((_, at) => indices[at]! < 0).map((itemId) => ({ itemId }))];
  }

  /** The best of the catalogue, for the offline metrics. */
  recommend({ user, context, limit, allowed }: ScoreRequest): ScoredItem[] {
    const { affinity } = this;
    const best = topK(
      affinity.logits(user, context),
      limit,
      allowed && ((index) => allowed(affinity.idAt(index))),
    );
    return Array.from(best, (index) => ({ itemId: affinity.idAt(index) }));
  }

  toBuffers(): Map<string, Uint8Array> {
    return this.affinity.toBuffers();
  }
}
