// How what the parts of the personalization model say is put together: log-linearly, as a product of experts (Hinton 2002,
// "Training products of experts"), with weights by the length of the history. The weights are those of a conditional logit
// model of what people chose next (fit-ranking.ts), so the softmax of the logits is a probability, and popularity counts for as
// much as it is worth to somebody with so many events.

export interface RankingWeights {
  /** Events that the person has; between two lengths the weights lie in between. */
  readonly length: number;
  /** Of log EASE, log sequence model, transitions' log-lift, log(1 + users). */
  readonly flat: number;
  readonly next: number;
  readonly follows: number;
  readonly popularity: number;
  /** Added to items that the person had. */
  readonly had: number;
  /** The usual largest score of either part for such a person: what counts as certain. */
  readonly flatScale: number;
  readonly nextScale: number;
}

/** By ascending length; never empty. */
export type Ranking = readonly RankingWeights[];

// Own copy: a global is looked up anew in every turn of a loop where modules run in a sandbox (tests).
const { log } = Math;

/** Scores of this share of the largest and below are no evidence. */
const floor = 0.02;

/** The logarithm of a score, which keeps the confidence that a z-score throws away. */
const evidence = (score: number, scale: number): number => log(floor + (score > 0 ? score / scale : 0));

/** The same of many scores, in place. */
export function toEvidence(scores: Float64Array, scale: number): void {
  for (let j = 0; j < scores.length; j++) scores[j] = evidence(scores[j]!, scale);
}

/** What each part says, by item; absent: nothing. */
export interface Parts {
  readonly flat: Float32Array;
  readonly next?: Float32Array;
  readonly follows?: Float32Array;
  /** log(1 + users). */
  readonly popularity: Float32Array;
}

export function weightsFor(ranking: Ranking, length: number): RankingWeights {
  const above = ranking.findIndex((weights) => weights.length >= length);
  if (above === 0) return ranking[0]!;
  if (above < 0) return ranking.at(-1)!;
  const [low, high] = [ranking[above - 1]!, ranking[above]!];
  const place = (events: number) => Math.log1p(events);
  const share = (place(length) - place(low.length)) / (place(high.length) - place(low.length));
  const mixed = Object.entries(low).map(([name, value]) => [
    name,
    value + share * (high[name as keyof RankingWeights] - value),
  ]);
  return Object.fromEntries(mixed) as RankingWeights;
}

/** Logits by item, without what repeats add. */
export function combine(
  { flat, next, follows, popularity }: Parts,
  weights: Omit<RankingWeights, 'length' | 'had'>,
): Float32Array {
  const logits = popularity.map((value) => weights.popularity * value);
  addEvidence(logits, flat, weights.flat, weights.flatScale);
  if (next) addEvidence(logits, next, weights.next, weights.nextScale);
  if (follows) for (let j = 0; j < logits.length; j++) logits[j]! += weights.follows * follows[j]!;
  return logits;
}

function addEvidence(logits: Float32Array, scores: Float32Array, weight: number, scale: number): void {
  if (weight === 0) return;
  for (let j = 0; j < logits.length; j++) logits[j]! += weight * evidence(scores[j]!, scale);
}
