// aws-semantic-similarity: items whose texts are alike, without any interactions; a campaign may ask for more popular or
// fresher ones.
import { type Buffers, bytesOf, float32, float64, int32, json, jsonBytes } from '../../engine/buffers';
import { IdTable } from '../../engine/id-table';
import { roundTo4 } from '../../engine/metrics';
import { countUsers } from '../../engine/popularity';
import { type SparseMatrix, transpose } from '../../engine/sparse';
import { indexTexts, weigh, words } from '../../engine/text';
import { topK } from '../../engine/top-k';
import {
  type DataSnapshot,
  type Model,
  type NewItem,
  type ScoredItem,
  type ScoreRequest,
  TrainingFailed,
} from '../../model/recipe';
import type { Trainer } from '../../model/trainer';
import { standardise } from '../personalization/scoring';

const mostWords = 50_000;
/** What one standard deviation of popularity or freshness weighs against cosine, at an influence of 1. */
const influenceStrength = 0.5;

interface Parts {
  readonly recipe: string;
  readonly ids: IdTable;
  readonly vocabulary: IdTable;
  readonly idf: Float32Array;
  readonly vectors: SparseMatrix & { readonly values: Float32Array };
  readonly counts: Float64Array;
  readonly createdAt: Float64Array;
  readonly newItems: readonly NewItem[];
}

class SemanticSimilarityModel implements Model {
  private readonly byWord: SparseMatrix;
  private readonly added: ReadonlyArray<{ columns: number[]; values: number[] }>;

  constructor(private readonly parts: Parts) {
    this.byWord = transpose(parts.vectors);
    this.added = parts.newItems.map(({ metadata }) =>
      weigh(words(Object.values(metadata).join(' ')), (word) => parts.vocabulary.indexOf(word), parts.idf),
    );
  }

  get recipe(): string {
    return this.parts.recipe;
  }

  private get size(): number {
    return this.parts.ids.length + this.added.length;
  }

  private idAt(index: number): string {
    const { ids, newItems } = this.parts;
    return index < ids.length ? ids.at(index) : newItems[index - ids.length]!.itemId;
  }

  private indexOf(itemId: string): number {
    const { ids, newItems } = this.parts;
    const index = ids.indexOf(itemId);
    if (index >= 0) return index;
    const added = newItems.findIndex((item) => item.itemId === itemId);
    return added < 0 ? -1 : ids.length + added;
  }

  /** An unknown item gets the popular ones. No scores. */
  recommend({ itemId, limit, allowed, rankingInfluence }: ScoreRequest): ScoredItem[] {
    const asked = itemId === undefined ? -1 : this.indexOf(itemId);
    const scores = asked < 0 ? this.popularity() : this.similarities(asked);
    const { popularity = 0, freshness = 0 } = rankingInfluence ?? {};
    if (popularity > 0) this.add(scores, this.popularity(), popularity * influenceStrength);
    if (freshness > 0) this.add(scores, this.freshness(), freshness * influenceStrength);
    const accept = (index: number) => index !== asked && (!allowed || allowed(this.idAt(index)));
    return Array.from(topK(scores, limit, accept), (index) => ({ itemId: this.idAt(index) }));
  }

  private add(scores: Float32Array, more: Float32Array, weight: number): void {
    for (let j = 0; j < scores.length; j++) scores[j]! += weight * more[j]!;
  }

  private popularity(): Float32Array {
    return standardise(
      Float32Array.from({ length: this.size }, (_, index) => Math.log1p(this.parts.counts[index] ?? 0)),
    );
  }

  private freshness(): Float32Array {
    const { ids, createdAt, newItems } = this.parts;
    const times = Float64Array.from({ length: this.size }, (_, index) =>
      index < ids.length ? createdAt[index]! : newItems[index - ids.length]!.createdAt,
    );
    // Seconds since 1970 are too many for single precision to tell days apart.
    const oldest = times.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
    return standardise(Float32Array.from(times, (time) => time - oldest));
  }

  similarities(index: number): Float32Array {
    const { ids, vectors } = this.parts;
    const scores = new Float32Array(this.size);
    const own = index < ids.length ? rowOf(vectors, index) : this.added[index - ids.length]!;
    for (const [at, word] of own.columns.entries()) {
      for (let e = this.byWord.offsets[word]!; e < this.byWord.offsets[word + 1]!; e++) {
        scores[this.byWord.columns[e]!]! += own.values[at]! * this.byWord.values![e]!;
      }
    }
    for (const [at, { columns, values }] of this.added.entries()) {
      const weights = new Map(columns.map((word, position) => [word, values[position]!]));
      for (const [position, word] of own.columns.entries()) {
        scores[ids.length + at]! += own.values[position]! * (weights.get(word) ?? 0);
      }
    }
    return scores;
  }

  withNewItems(items: readonly NewItem[]): Model {
    const unknown = items.filter(({ itemId }) => this.parts.ids.indexOf(itemId) < 0);
    const merged = new Map([...this.parts.newItems, ...unknown].map((item) => [item.itemId, item]));
    return new SemanticSimilarityModel({ ...this.parts, newItems: [...merged.values()] });
  }

  toBuffers(): Map<string, Uint8Array> {
    const { ids, vocabulary, idf, vectors, counts, createdAt, newItems } = this.parts;
    const buffers = new Map<string, Uint8Array>();
    ids.save(buffers, 'items');
    vocabulary.save(buffers, 'vocabulary');
    buffers.set('idf', bytesOf(idf));
    buffers.set('vector-offsets', bytesOf(vectors.offsets));
    buffers.set('vector-words', bytesOf(vectors.columns));
    buffers.set('vector-values', bytesOf(vectors.values));
    buffers.set('counts', bytesOf(counts));
    buffers.set('created-at', bytesOf(createdAt));
    buffers.set('new-items', jsonBytes(newItems));
    return buffers;
  }

  static load(recipe: string, buffers: Buffers): SemanticSimilarityModel {
    const ids = IdTable.load(buffers, 'items');
    const vocabulary = IdTable.load(buffers, 'vocabulary');
    return new SemanticSimilarityModel({
      recipe,
      ids,
      vocabulary,
      idf: float32(buffers, 'idf'),
      vectors: {
        rows: ids.length,
        columnCount: vocabulary.length,
        offsets: int32(buffers, 'vector-offsets'),
        columns: int32(buffers, 'vector-words'),
        values: float32(buffers, 'vector-values'),
      },
      counts: float64(buffers, 'counts'),
      createdAt: float64(buffers, 'created-at'),
      newItems: json(buffers, 'new-items'),
    });
  }
}

function rowOf(
  { offsets, columns, values }: Parts['vectors'],
  row: number,
): { columns: Int32Array; values: Float32Array } {
  const [from, to] = [offsets[row]!, offsets[row + 1]!];
  return { columns: columns.subarray(from, to), values: values.subarray(from, to) };
}

/** All words of an item: its free text and its categorical values. */
function textsOf({ items }: DataSnapshot): string[][] {
  return items.ids.map((_, item) =>
    items.columns.flatMap((column) => {
      if (column.kind === 'textual') return words(column.values[item] ?? '');
      return column.kind === 'categorical' ? words(column.values[column.codes[item]!] ?? '') : [];
    }),
  );
}

const evaluatedItems = 200;

/** Mean cosine of the first ten, their mean popularity among all items, and their mean age rank; each in [0, 1]. */
function measure(
  model: SemanticSimilarityModel,
  data: DataSnapshot,
  counts: Float64Array,
): Record<string, number> {
  const ids = data.items.ids;
  const index = new Map(ids.map((id, at) => [id, at]));
  const ranks = (values: Float64Array) => {
    const sorted = Float64Array.from(values).sort();
    return Float64Array.from(
      values,
      (value) => (sorted.findLastIndex((other) => other <= value) + 1) / sorted.length,
    );
  };
  const popular = ranks(counts);
  const fresh = ranks(data.itemCreatedAt);
  const sums = { item_similarity: 0, item_popularity: 0, item_freshness: 0 };
  let pairs = 0;
  const recommended = new Set<string>();
  const step = Math.max(1, Math.floor(ids.length / evaluatedItems));
  for (let item = 0; item < ids.length; item += step) {
    const cosine = model.similarities(item);
    for (const { itemId } of model.recommend({ itemId: ids[item]!, limit: 10, now: 0, seed: 0 })) {
      const other = index.get(itemId)!;
      recommended.add(itemId);
      sums.item_similarity += cosine[other]!;
      sums.item_popularity += popular[other]!;
      sums.item_freshness += fresh[other]!;
      pairs++;
    }
  }
  const means = Object.entries(sums).map(
    ([key, sum]) => [key, roundTo4(pairs > 0 ? sum / pairs : 0)] as const,
  );
  return { coverage: roundTo4(recommended.size / ids.length), ...Object.fromEntries(means) };
}

const recipe = 'aws-semantic-similarity';

export const semanticSimilarity: Trainer = {
  load: (buffers) => SemanticSimilarityModel.load(recipe, buffers),
  train(data, { withMetrics }) {
    const { vocabulary, idf, vectors } = indexTexts(textsOf(data), mostWords);
    if (vectors.columns.length === 0) {
      throw new TrainingFailed('Create failed. The Items dataset has no text to compare items by.');
    }
    const counts = countUsers(data);
    const model = new SemanticSimilarityModel({
      ...{ recipe, idf, vectors, counts, newItems: [] },
      ids: IdTable.from(data.items.ids),
      vocabulary: IdTable.from(vocabulary),
      createdAt: data.itemCreatedAt,
    });
    return { metrics: withMetrics ? measure(model, data, counts) : {}, buffers: model.toBuffers() };
  },
};
