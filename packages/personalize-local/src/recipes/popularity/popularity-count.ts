// aws-popularity-count: the items that the most users interacted with, the same list for everybody.
import { type Buffers, bytesOf, int32 } from '../../engine/buffers';
import { IdTable } from '../../engine/id-table';
import { countUsers, popularOrder } from '../../engine/popularity';
import type { DataSnapshot, Model, ScoredItem, ScoreRequest } from '../../model/recipe';
import type { Trained, Trainer } from '../../model/trainer';
import { evaluateByUserSplit } from '../evaluation/user-split';

/** One order of items for everybody. */
export class PopularityModel implements Model {
  constructor(
    readonly recipe: string,
    private readonly ids: IdTable,
    /** Item indices, most popular first. */
    private readonly order: Int32Array,
  ) {}

  static loader(recipe: string): (buffers: Buffers) => PopularityModel {
    return (buffers) => new PopularityModel(recipe, IdTable.load(buffers, 'items'), int32(buffers, 'order'));
  }

  recommend(request: ScoreRequest): ScoredItem[] {
    const list: ScoredItem[] = [];
    for (const index of this.order) {
      if (list.length >= request.limit) break;
      const itemId = this.ids.at(index);
      if (!request.allowed || request.allowed(itemId)) list.push({ itemId });
    }
    return list;
  }

  toBuffers(): Map<string, Uint8Array> {
    const buffers = new Map<string, Uint8Array>();
    this.ids.save(buffers, 'items');
    buffers.set('order', bytesOf(this.order));
    return buffers;
  }
}

/** Trainer of a recipe that counts users; `recipe` is the name that the model carries. */
export function popularityTrainer(recipe: string): Trainer {
  const build = (data: DataSnapshot): PopularityModel =>
    new PopularityModel(recipe, IdTable.from(data.items.ids), popularOrder(countUsers(data)));
  return {
    load: PopularityModel.loader(recipe),
    train(data, options): Trained {
      const metrics = options.withMetrics ? evaluateByUserSplit(data, options, build) : {};
      return { buffers: build(data).toBuffers(), metrics };
    },
  };
}

export const popularityCount = popularityTrainer('aws-popularity-count');
