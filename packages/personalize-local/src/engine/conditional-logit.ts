// The conditional logit model (McFadden 1974, "Conditional logit analysis of qualitative choice behavior"): somebody chooses
// one of some alternatives with a probability in proportion to exp(w·x). Fitted by penalised maximum likelihood, with Newton's
// method; the likelihood is concave, so there is one optimum.

/** One choice: features × alternatives, row-major, and which alternatives were chosen, each of them with an equal share. */
export interface Choice {
  readonly features: Float64Array;
  readonly chosen: readonly number[];
  /** For how many choices it counts. Default: one. */
  readonly weight?: number;
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

// Own copies: a global is looked up anew in every turn of a loop where modules run in a sandbox (tests).
const { exp } = Math;

const mostSteps = 12;
/** A step that gains less for a choice is the last one. */
const leastGain = 1e-4;

/** Weights by feature. */
export function fitConditionalLogit(
  choices: readonly Choice[],
  size: number,
  { ridge, centre, atLeastZero, active: given }: LogitOptions,
): Float64Array {
  const active = Int32Array.from({ length: size }, (_, f) => f).filter((f) => given?.[f] ?? true);
  const fit = new Fit(choices, {
    size,
    ridge,
    centre: Float64Array.from({ length: size }, (_, f) => centre?.[f] ?? 0),
  });
  let used = active;
  for (;;) {
    const weights = fit.climb(used);
    const wrong = used.find((f) => weights[f]! < 0 && atLeastZero[f] === true);
    if (wrong === undefined) return weights;
    used = used.filter((f) => f !== wrong);
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

class Fit {
  private readonly powers: Float64Array;

  constructor(
    private readonly choices: readonly Choice[],
    private readonly penalty: Penalty,
  ) {
    const most = choices.reduce((longest, { features }) => Math.max(longest, features.length), 0);
    this.powers = new Float64Array(most / penalty.size);
  }

  /** The likeliest weights of some features; the others' are 0. */
  climb(used: Int32Array): Float64Array {
    let weights = this.penalty.centre.map((weight, f) => (used.includes(f) ? weight : 0));
    let here = this.slopeAt(weights, used);
    for (let step = 0; step < mostSteps; step++) {
      const direction = solve(here, used);
      let length = 1;
      let next = weights;
      let there = here;
      do {
        next = weights.map((weight, f) => weight + length * direction[f]!);
        there = this.slopeAt(next, used);
        length /= 2;
      } while (there.value < here.value && length > 1e-4);
      if (!(there.value > here.value)) break;
      const gained = there.value - here.value;
      [weights, here] = [next, there];
      if (gained < leastGain * this.choices.length) break;
    }
    return weights;
  }

  /** Log-likelihood less the penalty, its gradient, and the negative of its second derivatives. */
  private slopeAt(weights: Float64Array, used: Int32Array): Slope {
    const { size, ridge, centre } = this.penalty;
    const slope: Slope = {
      value: 0,
      gradient: weights.map((weight, f) => -ridge * (weight - centre[f]!)),
      curvature: new Float64Array(size * size),
    };
    for (let f = 0; f < size; f++) {
      slope.value -= (ridge * (weights[f]! - centre[f]!) ** 2) / 2;
      slope.curvature[f * (size + 1)] = ridge;
    }
    for (const choice of this.choices) addChoice(slope, choice, size, weights, used, this.powers);
    return slope;
  }
}

function addChoice(
  slope: Slope,
  { features, chosen, weight: counted = 1 }: Choice,
  size: number,
  weights: Float64Array,
  used: Int32Array,
  powers: Float64Array,
): void {
  const count = features.length / size;
  powers.fill(0, 0, count);
  for (const f of used) {
    const weight = weights[f]!;
    const row = f * count;
    for (let a = 0; a < count; a++) powers[a]! += weight * features[row + a]!;
  }
  let highest = Number.NEGATIVE_INFINITY;
  for (let a = 0; a < count; a++) if (powers[a]! > highest) highest = powers[a]!;
  const share = counted / chosen.length;
  for (const a of chosen) {
    slope.value += share * (powers[a]! - highest);
    for (const f of used) slope.gradient[f]! += share * features[f * count + a]!;
  }
  let sum = 0;
  for (let a = 0; a < count; a++) {
    const power = exp(powers[a]! - highest);
    powers[a] = power;
    sum += power;
  }
  slope.value -= counted * Math.log(sum);
  for (let a = 0; a < count; a++) powers[a]! *= counted / sum;
  addMoments(slope, features, count, size, used, powers, counted);
}

/** Takes the mean of the features under the shares from the gradient, adds their covariance to the curvature. */
function addMoments(
  { gradient, curvature }: Slope,
  features: Float64Array,
  count: number,
  size: number,
  used: Int32Array,
  shares: Float64Array,
  counted: number,
): void {
  const means = new Float64Array(size);
  for (const f of used) {
    let mean = 0;
    for (let a = 0; a < count; a++) mean += shares[a]! * features[f * count + a]!;
    means[f] = mean;
    gradient[f]! -= mean;
  }
  for (const f of used) {
    for (const g of used) {
      if (g > f) break;
      let product = 0;
      for (let a = 0; a < count; a++) {
        product += shares[a]! * features[f * count + a]! * features[g * count + a]!;
      }
      const spread = product - (means[f]! * means[g]!) / counted;
      curvature[f * size + g]! += spread;
      if (g !== f) curvature[g * size + f]! += spread;
    }
  }
}

/** curvature⁻¹ · gradient by Gaussian elimination; 0 for features that are not used. */
function solve({ gradient, curvature }: Slope, used: Int32Array): Float64Array {
  const size = gradient.length;
  const matrix = curvature.slice();
  const right = gradient.slice();
  for (const k of used) {
    for (const i of used) {
      if (i <= k) continue;
      const factor = matrix[i * size + k]! / matrix[k * (size + 1)]!;
      for (let j = k; j < size; j++) matrix[i * size + j]! -= factor * matrix[k * size + j]!;
      right[i]! -= factor * right[k]!;
    }
  }
  const direction = new Float64Array(size);
  for (const k of used.toReversed()) {
    let rest = right[k]!;
    for (const j of used) if (j > k) rest -= matrix[k * size + j]! * direction[j]!;
    direction[k] = rest / matrix[k * (size + 1)]!;
  }
  return direction;
}
