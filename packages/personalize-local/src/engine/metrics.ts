// Offline metrics of a ranked list against the items that the person really chose, as the developer guide defines them
// (https://docs.aws.amazon.com/personalize/latest/dg/working-with-training-metrics.html).

/** Relevance by rank, best rank first: a gain of 1 for a hit, or the reward of the hit. */
export type Gains = ArrayLike<number>;

function discounted(gains: Gains, k: number): number {
  let sum = 0;
  for (let rank = 0; rank < Math.min(k, gains.length); rank++) sum += gains[rank]! / Math.log2(rank + 2);
  return sum;
}

/**
 * Discounted gain of the first k ranks over that of their best order; 0 without a hit. The ideal is made of the hits that are
 * listed, not of all that was held out: recorded metrics of four solutions have an NDCG@5 of 2.0 to 2.8 times the precision
 * and an NDCG@25 of 5.4 to 8.3 times, which no ideal over all held-out items gives. The documented example (hits at ranks 2
 * and 5) gives .6241.
 */
export function ndcgAt(gains: Gains, k: number): number {
  const listed = Array.from(gains).slice(0, k);
  const best = discounted(
    listed.toSorted((a, b) => b - a),
    k,
  );
  return best > 0 ? discounted(listed, k) / best : 0;
}

/** 1 ÷ rank of the first hit within k, or 0. */
export function reciprocalRankAt(gains: Gains, k: number): number {
  for (let rank = 0; rank < Math.min(k, gains.length); rank++) if (gains[rank]! > 0) return 1 / (rank + 1);
  return 0;
}

/** Hits within k ÷ k, even where fewer than k were recommended. */
export function precisionAt(gains: Gains, k: number): number {
  let hits = 0;
  for (let rank = 0; rank < Math.min(k, gains.length); rank++) if (gains[rank]! > 0) hits++;
  return hits / k;
}

export const roundTo4 = (value: number): number => Math.round(value * 1e4) / 1e4;

/** Area under the ROC curve by ranks, ties counted half; NaN-free: .5 when one class is missing. */
export function areaUnderCurve(scores: ArrayLike<number>, positive: ArrayLike<boolean>): number {
  const order = Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++;
    const sharedRank = (start + 1 + end) / 2;
    for (let i = start; i < end; i++) {
      if (!positive[order[i]!]) continue;
      positives++;
      rankSum += sharedRank;
    }
    start = end;
  }
  const negatives = order.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
