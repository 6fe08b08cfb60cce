// Softmax, computed from the maximum down so that no exponent overflows.

/** exp(x) ÷ Σ exp(x); sums to 1 for one entry or more. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  let highest = -Infinity;
  for (let i = 0; i < logits.length; i++) if (logits[i]! > highest) highest = logits[i]!;
  const result = new Float64Array(logits.length);
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    const power = Math.exp(logits[i]! - highest);
    result[i] = power;
    sum += power;
  }
  for (let i = 0; i < result.length; i++) result[i]! /= sum;
  return result;
}
