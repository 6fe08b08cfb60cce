// How the parts of the personalization model are scored and put together; the same code at tuning and at serving.
import { addRow } from '../../engine/ease';

/** Only a person's newest events count beyond this. */
export const longestPast = 500;

/** Mean 0, variance 1, in place; all 0 where all scores are the same. */
export function standardise(scores: Float32Array): Float32Array {
  let sum = 0;
  let squares = 0;
  for (let j = 0; j < scores.length; j++) {
    const score = scores[j]!;
    sum += score;
    squares += score * score;
  }
  const mean = sum / scores.length;
  const variance = squares / scores.length - mean * mean;
  const scale = variance > 1e-20 ? 1 / Math.sqrt(variance) : 0;
  for (let j = 0; j < scores.length; j++) scores[j] = scale === 0 ? 0 : (scores[j]! - mean) * scale;
  return scores;
}

/** Scores of what comes next after `past` (oldest first, -1: an unknown item that keeps its place). */
export function addSequence(
  scores: Float32Array,
  weights: Float32Array,
  past: ArrayLike<number>,
  { window, decay }: { readonly window: number; readonly decay: number },
): void {
  for (let distance = 0; distance < Math.min(window, past.length); distance++) {
    const item = past[past.length - 1 - distance]!;
    if (item >= 0) addRow(scores, weights, item, Math.exp(-distance / decay));
  }
}

/** (1 − share) · flat + share · sequence, as a new array. */
export function blendScores(flat: Float32Array, sequence: Float32Array, share: number): Float32Array {
  return flat.map((score, j) => (1 - share) * score + share * sequence[j]!);
}
