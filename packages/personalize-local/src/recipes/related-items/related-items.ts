// Related items by neighbour lists: aws-sims (people who chose this also chose) and aws-similar-items (that, and metadata).
import { type Buffers, bytesOf, int32 } from '../../engine/buffers';
import { IdTable } from '../../engine/id-table';
import { itemNeighbours, type NeighbourOptions, type Neighbours } from '../../engine/item-knn';
import { popularOrder } from '../../engine/popularity';
import type { DataSnapshot, Model, ScoredItem, ScoreRequest } from '../../model/recipe';
import type { Trainer } from '../../model/trainer';
import { withinPercentiles } from '../evaluation/history-length';
import { searchBest } from '../evaluation/hyper-parameter-search';
import { evaluateByUserSplit, usableSplit } from '../evaluation/user-split';
import { buildDesign, type Design, extendedMatrix, mostPopular } from '../personalization/design';

const neighbourWidth = 200;

class RelatedItemsModel implements Model {
  constructor(
    readonly recipe: string,
    private readonly ids: IdTable,
    /** `width` item indices an item, best first, then -1. */
    private readonly neighbours: Int32Array,
    private readonly popular: Int32Array,
  ) {}

  /** Neighbours of the item, then popular items; an unknown item gets popular items alone. No scores, as documented. */
  recommend({ itemId, limit, allowed }: ScoreRequest): ScoredItem[] {
    const asked = itemId === undefined ? -1 : this.ids.indexOf(itemId);
    const width = this.ids.length === 0 ? 0 : this.neighbours.length / this.ids.length;
    const related = asked < 0 ? [] : this.neighbours.subarray(asked * width, (asked + 1) * width);
    const listed = new Set<number>([asked]);
    const list: ScoredItem[] = [];
    for (const source of [related, this.popular]) {
      for (const index of source) {
        if (list.length >= limit || index < 0) break;
        if (listed.has(index)) continue;
        listed.add(index);
        const id = this.ids.at(index);
        if (!allowed || allowed(id)) list.push({ itemId: id });
      }
    }
    return list;
  }

  toBuffers(): Map<string, Uint8Array> {
    const buffers = new Map<string, Uint8Array>();
    this.ids.save(buffers, 'items');
    buffers.set('neighbours', bytesOf(this.neighbours));
    buffers.set('popular', bytesOf(this.popular));
    return buffers;
  }
}

type HyperParameters = Readonly<Record<string, string>>;
type Relate = (design: Design, hyperParameters: HyperParameters) => Neighbours;

export function relatedItemsTrainer(recipe: string, relate: Relate): Trainer {
  const load = (buffers: Buffers): Model => {
    const ids = IdTable.load(buffers, 'items');
    return new RelatedItemsModel(recipe, ids, int32(buffers, 'neighbours'), int32(buffers, 'popular'));
  };
  return {
    load,
    train(data, options) {
      const build = (some: DataSnapshot, hyperParameters = options.hyperParameters): Model => {
        const design = buildDesign(withinPercentiles(some, hyperParameters), options.eventWeights);
        const { items } = relate(design, hyperParameters);
        return new RelatedItemsModel(
          recipe,
          IdTable.from(some.items.ids),
          items,
          popularOrder(design.counts),
        );
      };
      const metricsOf = (some: DataSnapshot, seed: number, hyperParameters: HyperParameters) =>
        evaluateByUserSplit(some, { ...options, seed }, (training) => build(training, hyperParameters));
      // Candidates are judged by users among those that the reported metrics train on: the test users stay unseen.
      const judged = options.performHpo && (usableSplit(data, options.seed)?.training ?? data);
      const measure = (hyperParameters: HyperParameters) => {
        const metrics = judged ? metricsOf(judged, options.seed + 1, hyperParameters) : {};
        return { hyperParameters, merit: metrics.mean_reciprocal_rank_at_25 ?? 0 };
      };
      const { found, tuned } = searchBest(options.hyperParameters, options, measure);
      return {
        metrics: options.withMetrics ? metricsOf(data, options.seed, found.hyperParameters) : {},
        buffers: build(data, found.hyperParameters).toBuffers(),
        tuned,
      };
    },
  };
}

function neighboursOf(matrix: Design['sets'], options: Omit<NeighbourOptions, 'width'>): Neighbours {
  return itemNeighbours(matrix, { ...options, width: Math.min(neighbourWidth, matrix.columnCount) });
}

/**
 * Users in common ÷ countᵈ of the candidate, d the popularity discount: at its default of .5 the cosine, which on recorded
 * data is what comes nearest to the recorded metrics.
 */
export const sims = relatedItemsTrainer('aws-sims', ({ sets }, given) =>
  neighboursOf(sets, {
    shrinkage: 1,
    popularityDiscount: 2 * Number(given.popularity_discount_factor ?? 0.5) - 1,
    minimumTogether: Number(given.min_cointeraction_count ?? 3),
  }),
);

/** At the default sizes of both: what one shared metadata token weighs among the users in common, and the shrinkage. */
const metadataWeight = 2;
const shrinkage = 3;
const neutralDimension = 100;

/** The sizes of the two hidden layers stand for how much the model makes of ids and of metadata. */
const capacity = (dimension: string | undefined) => Number(dimension ?? neutralDimension) / neutralDimension;

export const similarItems = relatedItemsTrainer('aws-similar-items', (design, given) =>
  neighboursOf(
    extendedMatrix(design, design.sets, mostPopular(design, design.itemCount), {
      itemMetadata: metadataWeight * capacity(given.item_metadata_hidden_dim),
      userMetadata: 0,
    }),
    {
      shrinkage: shrinkage / capacity(given.item_id_hidden_dim),
      popularityDiscount: Number(given.popularity_discount_factor ?? 0),
    },
  ),
);
