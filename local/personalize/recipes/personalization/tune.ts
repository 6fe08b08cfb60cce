// Finds λ, the metadata weights, the decay and the blend on the internal hold-out, one after the other.
import type { Compute } from '../../engine/compute';
import { addRow } from '../../engine/ease';
import { solveSequence } from '../../engine/sequence-model';
import type { Design } from './design';
import { fitEase } from './fit-ease';
import { type HoldOut, holdOutOf, type Merit, merit, rareRepeats } from './hold-out';
import type { FitParameters } from './parameters';
import { addSequence, blendScores, standardise } from './scoring';

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
    sequence: { window, decay: 3, lambda: 20 },
    blend: 0,
    repeat: design.repeatShare < rareRepeats ? -4 : 0,
  };
  const holdOut = holdOutOf(design, seed);
  if (holdOut.cases.length < fewestCases) return { parameters: start, merit: 0 };
  const found = tuneEase(compute, design, holdOut, start);
  const parameters = { ...found.parameters, lambda: found.parameters.lambda * stiffness };
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

function tuneEase(
  compute: Compute,
  design: Design,
  holdOut: HoldOut,
  start: FitParameters,
): { parameters: FitParameters } {
  const meritOf = (candidate: FitParameters) =>
    merit(easeScores(compute, design, holdOut, candidate), holdOut.cases, candidate.repeat).mean;
  let parameters = start;
  let best = meritOf(start);
  const attempt = (change: Partial<FitParameters>) => {
    const candidate = { ...parameters, ...change };
    const found = meritOf(candidate);
    if (found > best) {
      best = found;
      parameters = candidate;
    }
  };
  for (const lambda of [10, 50, 200, 500, 1500]) if (lambda !== start.lambda) attempt({ lambda });
  if (design.itemFeatures.size > 0) for (const itemMetadata of [0, 0.5, 8, 32]) attempt({ itemMetadata });
  if (design.userFeatures.size > 0) for (const userMetadata of [0, 0.5, 2]) attempt({ userMetadata });
  return { parameters };
}

function tuneSequence(
  compute: Compute,
  holdOut: HoldOut,
  flat: readonly Float32Array[],
  search: Search,
): void {
  let alone = -1;
  let sequence = search.parameters.sequence;
  let scores: readonly Float32Array[] = [];
  const attempt = (change: Partial<typeof sequence>) => {
    const candidate = { ...sequence, ...change };
    const found = sequenceScores(compute, holdOut, candidate);
    const { mean } = merit(found, holdOut.cases, search.parameters.repeat);
    if (mean > alone) {
      alone = mean;
      sequence = candidate;
      scores = found;
    }
  };
  for (const lambda of [20, 100, 400]) attempt({ lambda });
  for (const decay of [1.5, 6]) attempt({ decay });
  for (const blend of [0.25, 0.5, 0.75]) {
    const mixed = flat.map((row, at) => blendScores(row, scores[at]!, blend));
    const found = merit(mixed, holdOut.cases, search.parameters.repeat);
    // The order of events must show its worth beyond chance: in tiny data it has none.
    if (found.mean <= search.best.mean + found.error / 2) continue;
    search.best = found;
    search.scores = mixed;
    search.parameters = { ...search.parameters, sequence, blend };
  }
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
): Float32Array[] {
  const { rows, columns, weights } = fitEase(compute, design, sets, subset, parameters);
  return cases.map(({ user, past }) => {
    const scores = new Float32Array(columns);
    for (const item of new Set(past)) if (item >= 0) addRow(scores, weights, item, 1);
    const tokens = rows > columns ? design.userFeatures.tokensOf(user) : [];
    for (const token of tokens) addRow(scores, weights, columns + token, parameters.userMetadata);
    return standardise(scores);
  });
}

function sequenceScores(
  compute: Compute,
  { subset, timelines, cases }: HoldOut,
  sequence: FitParameters['sequence'],
): Float32Array[] {
  const n = subset.items.length;
  const weights = solveSequence(compute, timelines, n, sequence);
  return cases.map(({ past }) => {
    const scores = new Float32Array(n);
    addSequence(scores, weights, past, sequence);
    return standardise(scores);
  });
}
