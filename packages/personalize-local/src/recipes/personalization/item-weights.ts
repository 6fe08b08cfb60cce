// Item-to-item weights in their two forms: dense rows (EASE), or neighbour lists where a dense inverse does not fit.

import { type Buffers, bytesOf, CorruptModel, float32, int32 } from '../../engine/buffers';
import { addRow } from '../../engine/ease';
import type { Neighbours } from '../../engine/item-knn';

export interface ItemWeights {
  /** scores += factor · row; rows are items, and after them user tokens. */
  add(scores: Float32Array, row: number, factor: number): void;
  /** Σ of a row's entries at these columns. */
  sumOver(row: number, columns: Int32Array): number;
  save(buffers: Map<string, Uint8Array>): void;
  /** The dense form's rows × items, row-major. */
  readonly weights?: Float32Array;
}

export function denseWeights(weights: Float32Array, itemCount: number): ItemWeights {
  return {
    weights,
    add: (scores, row, factor) => addRow(scores, weights, row, factor),
    sumOver: (row, columns) => columns.reduce((sum, column) => sum + weights[row * itemCount + column]!, 0),
    save: (buffers) => buffers.set('weights', bytesOf(weights)),
  };
}

/** User tokens have no neighbours: their rows are empty. */
export function neighbourWeights({ width, items, similarities }: Neighbours): ItemWeights {
  return {
    add(scores, row, factor) {
      for (let at = row * width; at < Math.min(items.length, (row + 1) * width); at++) {
        const item = items[at]!;
        if (item < 0) return;
        scores[item]! += factor * similarities[at]!;
      }
    },
    sumOver(row, columns) {
      const wanted = new Set(columns);
      let sum = 0;
      for (let at = row * width; at < Math.min(items.length, (row + 1) * width); at++) {
        if (wanted.has(items[at]!)) sum += similarities[at]!;
      }
      return sum;
    },
    save(buffers) {
      buffers.set('neighbours', bytesOf(items));
      buffers.set('similarities', bytesOf(similarities));
    },
  };
}

export function loadWeights(buffers: Buffers, itemCount: number): ItemWeights {
  if (buffers.has('weights')) {
    const weights = float32(buffers, 'weights');
    if (weights.length < itemCount ** 2 || (itemCount > 0 && weights.length % itemCount !== 0)) {
      throw new CorruptModel(`buffer weights has ${weights.length} values for ${itemCount} items`);
    }
    return denseWeights(weights, itemCount);
  }
  const items = int32(buffers, 'neighbours');
  return neighbourWeights({
    width: items.length / itemCount,
    items,
    similarities: float32(buffers, 'similarities'),
  });
}
