// How the parts of the personalization model are scored and put together; the same code at tuning and at serving.
import { addRow } from '../../engine/ease';

/** Only a person's newest events count beyond this. */
export const longestPast = 500;

/** Mean and standard deviation; the latter 0 where all scores are the same but for rounding. */
export function spreadOf(scores: Float32Array): { readonly mean: number; readonly deviation: number } {
  let sum = 0;
  let squares = 0;
  for (let j = 0; j < scores.length; j++) {
    const score = scores[j]!;
    sum += score;
    squares += score * score;
  }
  const mean = sum / scores.length;
  const variance = squares / scores.length - mean * mean;
  return { mean, deviation: variance > 1e-20 ? Math.sqrt(variance) : 0 };
}

/** Mean 0, variance 1, in place; all 0 where all scores are the same. */
export function standardise(scores: Float32Array): Float32Array {
  const { mean, deviation } = spreadOf(scores);
  for (let j = 0; j < scores.length; j++) {
    scores[j] = deviation === 0 ? 0 : (scores[j]! - mean) / deviation;
  }
  return scores;
}

interface Recency {
  readonly window: number;
  /** In events. */
  readonly decay: number;
}

/** The newest events of `past` (oldest first; -1 is an unknown item that keeps its place) with their weights. */
export function forEachRecent(
  past: ArrayLike<number>,
  { window, decay }: Recency,
  visit: (item: number, weight: number) => void,
): void {
  for (let distance = 0; distance < Math.min(window, past.length); distance++) {
    const item = past[past.length - 1 - distance]!;
    if (item >= 0) visit(item, Math.exp(-distance / decay));
  }
}

/** Adds the scores of what comes next after `past`. */
export function addSequence(
  scores: Float32Array,
  weights: Float32Array,
  past: ArrayLike<number>,
  recency: Recency,
): void {
  forEachRecent(past, recency, (item, weight) => addRow(scores, weights, item, weight));
}
