// The conditional logit model (McFadden 1974, "Conditional logit analysis of qualitative choice behavior"): somebody chooses
// one of some alternatives with a probability in proportion to exp(w·x). Fitted by penalised maximum likelihood, with Newton's
// method; the likelihood is concave, so there is one optimum.

/** One choice: alternatives × features, row-major, and which rows were chosen, each of them with an equal share. */
export interface Choice {
  readonly features: Float64Array;
  readonly chosen: readonly number[];
}

export interface LogitOptions {
  /** Of the penalty ridge ÷ 2 · ‖w − centre‖², in choices. */
  readonly ridge: number;
  /** What is assumed of the weights that nothing is known of. Default: 0. */
  readonly centre?: ArrayLike<number>;
  /** Features that can only speak for an alternative: one that would get a negative weight is left out. */
  readonly atLeastZero: readonly boolean[];
  /** The others get no weight. Default: all. */
  readonly active?: readonly boolean[];
}

const mostSteps = 12;

/** Weights by feature. */
export function fitConditionalLogit(
  choices: readonly Choice[],
  size: number,
  { ridge, centre, atLeastZero, active: given }: LogitOptions,
): Float64Array {
  const active = given?.slice() ?? new Array<boolean>(size).fill(true);
  for (;;) {
    const weights = climb(
      choices,
      { size, ridge, centre: Float64Array.from({ length: size }, (_, f) => centre?.[f] ?? 0) },
      active,
    );
    const wrong = weights.findIndex(
      (weight, f) => weight < 0 && active[f] === true && atLeastZero[f] === true,
    );
    if (wrong < 0) return weights;
    active[wrong] = false;
  }
}

interface Slope {
  value: number;
  readonly gradient: Float64Array;
  readonly curvature: Float64Array;
}

interface Penalty {
  readonly size: number;
  readonly ridge: number;
  readonly centre: Float64Array;
}

function climb(choices: readonly Choice[], penalty: Penalty, active: readonly boolean[]): Float64Array {
  let weights = penalty.centre.map((weight, f) => (active[f] ? weight : 0));
  let here = slopeAt(choices, penalty, weights);
  for (let step = 0; step < mostSteps; step++) {
    const direction = solve(here, active);
    let length = 1;
    let next = weights;
    let there = here;
    do {
      next = weights.map((weight, f) => weight + length * direction[f]!);
      there = slopeAt(choices, penalty, next);
      length /= 2;
    } while (there.value < here.value && length > 1e-4);
    if (!(there.value > here.value)) break;
    const gained = there.value - here.value;
    [weights, here] = [next, there];
    if (gained < 1e-5 * choices.length) break;
  }
  return weights;
}

/** Log-likelihood less the penalty, its gradient, and the negative of its second derivatives. */
function slopeAt(choices: readonly Choice[], { size, ridge, centre }: Penalty, weights: Float64Array): Slope {
  const slope: Slope = {
    value: 0,
    gradient: weights.map((weight, f) => -ridge * (weight - centre[f]!)),
    curvature: new Float64Array(size * size),
  };
  for (let f = 0; f < size; f++) {
    slope.value -= (ridge * (weights[f]! - centre[f]!) ** 2) / 2;
    slope.curvature[f * (size + 1)] = ridge;
  }
  for (const choice of choices) addChoice(slope, choice, size, weights);
  return slope;
}

function addChoice(slope: Slope, { features, chosen }: Choice, size: number, weights: Float64Array): void {
  const alternatives = features.length / size;
  const powers = new Float64Array(alternatives);
  let highest = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < alternatives; a++) {
    let score = 0;
    for (let f = 0; f < size; f++) score += weights[f]! * features[a * size + f]!;
    powers[a] = score;
    if (score > highest) highest = score;
  }
  const share = 1 / chosen.length;
  for (const a of chosen) {
    slope.value += share * (powers[a]! - highest);
    for (let f = 0; f < size; f++) slope.gradient[f]! += share * features[a * size + f]!;
  }
  let sum = 0;
  const first = new Float64Array(size);
  const second = new Float64Array(size * size);
  for (let a = 0; a < alternatives; a++) {
    const power = Math.exp(powers[a]! - highest);
    sum += power;
    for (let f = 0; f < size; f++) {
      const value = power * features[a * size + f]!;
      first[f]! += value;
      for (let g = 0; g <= f; g++) second[f * size + g]! += value * features[a * size + g]!;
    }
  }
  slope.value -= Math.log(sum);
  for (let f = 0; f < size; f++) {
    slope.gradient[f]! -= first[f]! / sum;
    for (let g = 0; g <= f; g++) {
      const spread = second[f * size + g]! / sum - (first[f]! * first[g]!) / sum ** 2;
      slope.curvature[f * size + g]! += spread;
      if (g !== f) slope.curvature[g * size + f]! += spread;
    }
  }
}

/** curvature⁻¹ · gradient by Gaussian elimination; 0 for features that are not active. */
function solve({ gradient, curvature }: Slope, active: readonly boolean[]): Float64Array {
  const size = gradient.length;
  const matrix = curvature.slice();
  const right = gradient.slice();
  for (let f = 0; f < size; f++) {
    if (active[f]) continue;
    for (let g = 0; g < size; g++) {
      matrix[f * size + g] = 0;
      matrix[g * size + f] = 0;
    }
    matrix[f * (size + 1)] = 1;
    right[f] = 0;
  }
  for (let k = 0; k < size; k++) {
    for (let i = k + 1; i < size; i++) {
      const factor = matrix[i * size + k]! / matrix[k * (size + 1)]!;
      for (let j = k; j < size; j++) matrix[i * size + j]! -= factor * matrix[k * size + j]!;
      right[i]! -= factor * right[k]!;
    }
  }
  for (let k = size - 1; k >= 0; k--) {
    for (let j = k + 1; j < size; j++) right[k]! -= matrix[k * size + j]! * right[j]!;
    right[k]! /= matrix[k * (size + 1)]!;
  }
  return right;
}
