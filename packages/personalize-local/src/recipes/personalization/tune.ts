// Finds both λ and the metadata weights on the internal hold-out, one after the other, and then how the parts are ranked
// together.
import type { Compute } from '../../engine/compute';
import { usersByItem } from '../../engine/histories';
import { type SequenceOptions, scoreSequence } from '../../engine/sequence-model';
import { addFollowers, transitionsOf } from '../../engine/transitions';
import type { Design } from './design';
import { fitEase, type GramCache } from './fit-ease';
import { assumedRanking, candidatesOf, fitRanking, reachable, type ScoredCase } from './fit-ranking';
import {
  beyondChance,
  type Case,
  type HoldOut,
  holdOutOf,
  isAsGood,
  type Merit,
  rankingItems,
  rareRepeats,
  searchItems,
  whole,
} from './hold-out';
import type { FitParameters } from './parameters';
import type { Parts } from './ranking';
import { scoreCases } from './score-cases';
import { forEachRecent } from './scoring';

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

/** Of the sequence model and the transitions, in events. 1.5 and 6 do as well, within what chance explains. */
const decay = 3;
/** Of the sequence model. A search from 5 to 400 found nothing better on any of the sets that it was tried on. */
const sequenceRidge = 100;
const fewestCases = 5;
/** The ladders are climbed on so many whole histories, the ranking is fitted on all cases. */
const searchCases = 300;

/** Where there is hardly anybody to hold out, the starting values stay. */
export function tune(compute: Compute, design: Design, options: TuneOptions): Tuned {
  const { seed, recency, window, stiffness = 1 } = options;
  const hidePast = design.repeatShare < rareRepeats;
  const start: FitParameters = {
    lambda: 300,
    itemMetadata: design.itemFeatures.size > 0 ? 2 : 0,
    userMetadata: design.userFeatures.size > 0 ? 1 : 0,
    sequence: { window, decay, lambda: sequenceRidge },
    ordered: false,
    ranking: assumedRanking(hidePast),
  };
  const holdOut = holdOutOf(design, seed, searchItems);
  const cases = holdOut.cases.filter(({ length }) => length === whole).slice(0, searchCases);
  if (cases.length < fewestCases) return { parameters: start, merit: 0 };
  const search: Search = { compute, design, holdOut, hidePast, cases };
  const found = tuneEase(search, start);
  const parameters = { ...found, lambda: found.lambda * stiffness };
  const larger = { ...search, holdOut: holdOutOf(design, seed, rankingItems) };
  const { ranking, ordered, merit: reached } = fitRanking(scoredCases(larger, parameters, recency), hidePast);
  return { parameters: { ...parameters, ranking, ordered }, merit: reached };
}

interface Search {
  readonly compute: Compute;
  readonly design: Design;
  readonly holdOut: HoldOut;
  readonly hidePast: boolean;
  readonly cases: readonly Case[];
}

/** Ladders of values; each has the starting value on it. */
const ridges = [10, 30, 100, 300, 1000, 3000];
const metadataWeights = [0, 0.5, 2, 8, 32];
const userWeights = [0, 0.5, 1, 2];

function tuneEase(search: Search, start: FitParameters): FitParameters {
  const { design, holdOut, cases } = search;
  const grams: GramCache[] = holdOut.folds.map(() => new Map());
  const popularity = popularityOf(search);
  const meritOf = meritAmong(search, (candidate: FitParameters) => {
    const flat = easeScores(search, cases, candidate, grams);
    return cases.map(({ fold }, at) => ({ flat: flat[at]!, popularity: popularity[fold]! }));
  });
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

/** The merit of candidates by what they say of the cases; all are judged by the choices among the first one's best items. */
function meritAmong<T>(
  { cases, hidePast }: Search,
  partsOf: (candidate: T) => readonly Parts[],
): (candidate: T) => Merit {
  let among: readonly Int32Array[] | undefined;
  return (candidate) => {
    const parts = partsOf(candidate);
    among ??= parts.map((own, at) => candidatesOf(own, cases[at]!.past, hidePast));
    const scored = cases.map((one, at) => ({ ...one, parts: parts[at]!, among: among![at]! }));
    return reachable(scored, hidePast);
  };
}

/** Goes up or down the ladder from the starting value, as long as the merit rises. */
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
      if (found.mean <= highest.mean || isAsGood(highest, found, beyondChance)) break;
      [best, highest, rose] = [candidate, found, true];
    }
    if (rose) break;
  }
  return best;
}

/** log(1 + users) by fold: who is held out is not counted either. */
const popularityOf = ({ holdOut }: Search): Float32Array[] =>
  holdOut.folds.map(({ sets }) => {
    const counts = usersByItem(sets);
    return Float32Array.from(holdOut.subset.items, (item) => Math.log1p(counts[item]!));
  });

/** What each part says of the cases; a case is scored by the fit that has not seen its person. */
function scoredCases(search: Search, parameters: FitParameters, recency: boolean): ScoredCase[] {
  const { hidePast } = search;
  const { cases, subset, folds } = search.holdOut;
  const flat = easeScores(search, cases, parameters);
  const next = recency ? sequenceScores(search, cases, parameters.sequence) : undefined;
  const transitions = folds.map(({ timelines }) => transitionsOf(timelines, subset.items.length));
  const popularity = popularityOf(search);
  const followersOf = ({ past, fold }: Case) => {
    const follows = new Float32Array(subset.items.length);
    forEachRecent(past, parameters.sequence, (item, weight) =>
      addFollowers(follows, transitions[fold]!, item, weight),
    );
    return follows;
  };
  return cases.map((one, at) => {
    const unordered = { flat: flat[at]!, popularity: popularity[one.fold]! };
    const parts = next ? { ...unordered, next: next[at]!, follows: followersOf(one) } : unordered;
    return { ...one, parts, among: candidatesOf(parts, one.past, hidePast) };
  });
}

/** Scores of each case, made fold by fold. */
function byFold(
  { holdOut }: Search,
  cases: readonly Case[],
  scoresOf: (fold: number, cases: readonly Case[]) => readonly Float32Array[],
): Float32Array[] {
  const scores: Float32Array[] = [];
  for (const fold of holdOut.folds.keys()) {
    const places = [...cases.keys()].filter((at) => cases[at]!.fold === fold);
    if (places.length === 0) continue;
    const found = scoresOf(
      fold,
      places.map((at) => cases[at]!),
    );
    for (const [i, at] of places.entries()) scores[at] = found[i]!;
  }
  return scores;
}

function easeScores(
  search: Search,
  cases: readonly Case[],
  parameters: FitParameters,
  grams?: readonly GramCache[],
): Float32Array[] {
  const { compute, design, holdOut } = search;
  return byFold(search, cases, (fold, own) => {
    const { sets } = holdOut.folds[fold]!;
    const fitted = fitEase(compute, design, sets, holdOut.subset, parameters, grams?.[fold]);
    return scoreCases(compute, fitted, own.length, (at, add) => {
      const { user, past } = own[at]!;
      for (const item of new Set(past)) if (item >= 0) add(item, 1);
      const tokens = fitted.rows > fitted.columns ? design.userFeatures.tokensOf(user) : [];
      for (const token of tokens) add(fitted.columns + token, parameters.userMetadata);
    });
  });
}

function sequenceScores(search: Search, cases: readonly Case[], sequence: SequenceOptions): Float32Array[] {
  const { compute, holdOut } = search;
  const n = holdOut.subset.items.length;
  return byFold(search, cases, (fold, own) => {
    const offsets = new Int32Array(own.length + 1);
    const columns: number[] = [];
    const values: number[] = [];
    for (const [at, { past }] of own.entries()) {
      forEachRecent(past, sequence, (item, weight) => {
        columns.push(item);
        values.push(weight);
      });
      offsets[at + 1] = columns.length;
    }
    const inputs = {
      ...{ rows: own.length, columnCount: n, offsets },
      ...{ columns: Int32Array.from(columns), values: Float32Array.from(values) },
    };
    const scores = scoreSequence(compute, holdOut.folds[fold]!.timelines, n, sequence, inputs);
    return own.map((_, at) => scores.slice(at * n, (at + 1) * n));
  });
}
