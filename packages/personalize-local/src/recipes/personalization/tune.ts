// Finds λ, the metadata weights, the decay and the blend on the internal hold-out, one after the other.
import type { Compute } from '../../engine/compute';
import { type SequenceSums, solveSequence } from '../../engine/sequence-model';
import type { Design } from './design';
import { fitEase, type GramCache } from './fit-ease';
import { type HoldOut, holdOutOf, isAsGood, type Merit, merit, rareRepeats } from './hold-out';
import type { FitParameters } from './parameters';
import { scoreCases } from './score-cases';
import { blendScores, forEachRecent } from './scoring';

export interface TuneOptions {
  readonly seed: number;
  /** False: the order of events is not looked at (apply_recency_bias, recency_mask). */
  readonly recency: boolean;
  readonly window: number;
  /** Multiplies the λ that was found. */
  readonly stiffness?: number;
}

export interface Tuned {
  readonly parameters: FitParameters;
  /** Mean discounted gain on the hold-out; 0 when nobody could be held out. */
  readonly merit: number;
}

const fewUsers = 200;
const fewestCases = 5;

/** Where there is hardly anybody to hold out, the starting values stay. */
export function tune(compute: Compute, design: Design, options: TuneOptions): Tuned {
  const { seed, recency, window, stiffness = 1 } = options;
  const start: FitParameters = {
    lambda: design.timelines.users < fewUsers ? 50 : 200,
    itemMetadata: design.itemFeatures.size > 0 ? 2 : 0,
    userMetadata: design.userFeatures.size > 0 ? 1 : 0,
    sequence: { window, decay: 3, lambda: 100 },
    blend: 0,
    repeat: design.repeatShare < rareRepeats ? -4 : 0,
  };
  const holdOut = holdOutOf(design, seed);
  if (holdOut.cases.length < fewestCases) return { parameters: start, merit: 0 };
  const found = tuneEase(compute, design, holdOut, start);
  const parameters = { ...found, lambda: found.lambda * stiffness };
  const flat = easeScores(compute, design, holdOut, parameters);
  const search: Search = { parameters, best: merit(flat, holdOut.cases, parameters.repeat), scores: flat };
  if (recency) tuneSequence(compute, holdOut, flat, search);
  if (parameters.repeat === 0) tuneRepeat(holdOut, search);
  return { parameters: search.parameters, merit: search.best.mean };
}

/** The best so far; the steps of the search write to it. */
interface Search {
  parameters: FitParameters;
  best: Merit;
  /** Of each case. */
  scores: readonly Float32Array[];
}

function tuneEase(compute: Compute, design: Design, holdOut: HoldOut, start: FitParameters): FitParameters {
  const grams: GramCache = new Map();
  const meritOf = (candidate: FitParameters) =>
    merit(easeScores(compute, design, holdOut, candidate, grams), holdOut.cases, candidate.repeat);
  let parameters = climb(start, (from, lambda) => ({ ...from, lambda }), ridges, meritOf);
  if (design.itemFeatures.size > 0) {
    parameters = climb(
      parameters,
      (from, itemMetadata) => ({ ...from, itemMetadata }),
      metadataWeights,
      meritOf,
    );
  }
  if (design.userFeatures.size > 0) {
    parameters = climb(parameters, (from, userMetadata) => ({ ...from, userMetadata }), userWeights, meritOf);
  }
  return parameters;
}

/** Ladders of values; each has the starting value on it. */
const ridges = [5, 15, 50, 200, 500, 1500, 5000];
const metadataWeights = [0, 0.5, 2, 8, 32];
const userWeights = [0, 0.5, 1, 2];
const sequenceRidges = [5, 20, 100, 400, 1000, 3000];
const decays = [0.75, 1.5, 3, 6];
const blends = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8];

/** Goes up or down the ladder from the value that fits best at its middle, as long as the merit rises. */
function climb<T>(
  start: T,
  withValue: (from: T, value: number) => T,
  ladder: readonly number[],
  meritOf: (candidate: T) => Merit,
): T {
  const same = (candidate: T) => JSON.stringify(candidate) === JSON.stringify(start);
  const from = ladder.findIndex((value) => same(withValue(start, value)));
  let best = start;
  let highest = meritOf(start);
  for (const direction of [1, -1]) {
    let rose = false;
    for (let rung = from + direction; rung >= 0 && rung < ladder.length; rung += direction) {
      const candidate = withValue(start, ladder[rung]!);
      const found = meritOf(candidate);
      // A step that chance could explain is not taken.
      if (found.mean <= highest.mean + found.error / 8) break;
      [best, highest, rose] = [candidate, found, true];
    }
    if (rose) break;
  }
  return best;
}

function tuneSequence(
  compute: Compute,
  holdOut: HoldOut,
  flat: readonly Float32Array[],
  search: Search,
): void {
  type Sequence = FitParameters['sequence'];
  const sums: SequenceSums = new Map();
  const scoresOf = (candidate: Sequence) => sequenceScores(compute, holdOut, candidate, sums);
  const meritOf = (candidate: Sequence) =>
    merit(scoresOf(candidate), holdOut.cases, search.parameters.repeat);
  const withRidge = climb(
    search.parameters.sequence,
    (from, lambda) => ({ ...from, lambda }),
    sequenceRidges,
    meritOf,
  );
  const sequence = climb(withRidge, (from, decay) => ({ ...from, decay }), decays, meritOf);
  const scores = scoresOf(sequence);
  const mixed = (blend: number) => flat.map((row, at) => blendScores(row, scores[at]!, blend));
  const meritOfBlend = (blend: number) => merit(mixed(blend), holdOut.cases, search.parameters.repeat);
  const tried = blends.map((blend) => ({ blend, merit: meritOfBlend(blend) }));
  const best = tried.reduce((one, other) => (other.merit.mean > one.merit.mean ? other : one));
  // The order of events must show its worth beyond chance: in tiny data it has none.
  if (isAsGood(search.best, best.merit, 2)) return;
  // The best share is a broad hill, and chance decides which of its points comes out first: its middle is the safest guess.
  const hill = tried.filter((candidate) => isAsGood(candidate.merit, best.merit, 1));
  const blend = hill.reduce((sum, candidate) => sum + candidate.blend, 0) / hill.length;
  search.scores = mixed(blend);
  search.best = merit(search.scores, holdOut.cases, search.parameters.repeat);
  search.parameters = { ...search.parameters, sequence, blend };
}

function tuneRepeat(holdOut: HoldOut, search: Search): void {
  for (const repeat of [-1, 1, 2]) {
    const found = merit(search.scores, holdOut.cases, repeat);
    if (found.mean <= search.best.mean) continue;
    search.best = found;
    search.parameters = { ...search.parameters, repeat };
  }
}

function easeScores(
  compute: Compute,
  design: Design,
  { subset, sets, cases }: HoldOut,
  parameters: FitParameters,
  grams?: GramCache,
): Float32Array[] {
  const fitted = fitEase(compute, design, sets, subset, parameters, grams);
  return scoreCases(compute, fitted, cases.length, (at, input) => {
    const { user, past } = cases[at]!;
    for (const item of past) if (item >= 0) input[item] = 1;
    const tokens = fitted.rows > fitted.columns ? design.userFeatures.tokensOf(user) : [];
    for (const token of tokens) input[fitted.columns + token] = parameters.userMetadata;
  });
}

function sequenceScores(
  compute: Compute,
  { subset, timelines, cases }: HoldOut,
  sequence: FitParameters['sequence'],
  sums: SequenceSums,
): Float32Array[] {
  const n = subset.items.length;
  const { weights } = solveSequence(compute, timelines, n, sequence, { cache: sums });
  return scoreCases(compute, { rows: n, columns: n, weights }, cases.length, (at, input) => {
    forEachRecent(cases[at]!.past, sequence, (item, weight) => {
      input[item]! += weight;
    });
  });
}
