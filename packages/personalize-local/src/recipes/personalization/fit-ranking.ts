// Learns how much each part of the model counts at each length of history, from what held-out people chose next.
import { type Choice, fitConditionalLogit } from '../../engine/conditional-logit';
import { topK } from '../../engine/top-k';
import { beyondChance, type Case, hide, isAsGood, type Merit, merit, whole } from './hold-out';
import { combine, type Parts, type Ranking, type RankingWeights, toEvidence } from './ranking';
import { spreadOf } from './scoring';

/** What the fitted parts say in one held-out case, by positions in the subset. */
export interface ScoredCase extends Case {
  readonly parts: Parts;
  /** See `candidatesOf`. */
  readonly among: Int32Array;
}

/** The weights are learnt among the best so many of a rough order, where lists are decided. */
const candidates = 100;
/** A length with fewer cases takes the weights of its neighbours. */
const fewestCases = 15;
const ridge = 2;
/** A case of many choices counts as so many at most: they are one person's, and no independent draws. */
const mostChoices = 10;
/** The weights of a length are drawn to those of the length below, in choices. */
const walkRidge = 40;
/** The same of whole histories, which lists are mostly made for. */
const wholeRidge = 5;
/** Whole histories stand for longer ones than all that were truncated. */
const shortestWhole = 11;
/** The temperature of a length is fitted on so many cases. */
const calibrationCases = 80;
/** The logit of what is certainly not chosen, in the search for a temperature. */
const hidden = -1000;
/** Nobody returns to an item: it comes after everything else. */
const never = -30;
/** What is assumed where nothing can be learnt: the order of EASE. */
const assumed: Omit<RankingWeights, 'had'> = {
  ...{ length: 0, flat: 1, next: 0, follows: 0, popularity: 0.25, flatScale: 1, nextScale: 1 },
};

const parameters = ['flat', 'next', 'follows', 'popularity', 'had'] as const;
type Named = (typeof parameters)[number];

/** Where there is hardly anybody to hold out. */
export const assumedRanking = (hidePast: boolean): Ranking => [{ ...assumed, had: hidePast ? never : 0 }];

/** The ranking, with the order of events where it shows its worth beyond chance, and its mean gain on whole histories. */
export function fitRanking(
  scored: readonly ScoredCase[],
  hidePast: boolean,
): { readonly ranking: Ranking; readonly ordered: boolean; readonly merit: number } {
  const unordered = scored.map((one) => ({
    ...one,
    parts: { flat: one.parts.flat, popularity: one.parts.popularity },
  }));
  const [without, within] = [unordered, scored].map((cases) => {
    const ranking = rankingOf(cases, hidePast);
    return { ranking, merit: meritOf(cases, ranking, hidePast) };
  }) as [Found, Found];
  const ordered =
    scored.some(({ parts }) => parts.next) && !isAsGood(without.merit, within.merit, beyondChance);
  const { ranking, merit: found } = ordered ? within : without;
  const cases = ordered ? scored : unordered;
  return {
    ranking: ranking.map((weights) => calibrated(cases, weights, hidePast)),
    ordered,
    merit: found.mean,
  };
}

/** How good the lists are that can be made of these parts for people with whole histories. */
export function reachable(scored: readonly ScoredCase[], hidePast: boolean): Merit {
  const used = namesUsed(scored, hidePast);
  const one = oneLength(whole, scored, used);
  const fitted = fitConditionalLogit(one.choices, used.length, { ridge, atLeastZero: signsOf(used) });
  return meritOf(scored, [named(one, used, fitted)], hidePast);
}

const namesUsed = (scored: readonly ScoredCase[], hidePast: boolean): readonly Named[] =>
  parameters.filter((name) => (name === 'had' ? !hidePast : scored[0]?.parts[name] !== undefined));

interface Found {
  readonly ranking: Ranking;
  readonly merit: Merit;
}

const meritOf = (cases: readonly ScoredCase[], ranking: Ranking, hidePast: boolean) =>
  merit(
    cases.map(({ parts, past, length }) => {
      const weights = ranking.findLast((one) => one.length <= lengthOf(past, length)) ?? ranking[0]!;
      return withHad(combine(parts, weights), past, weights.had);
    }),
    cases,
    hidePast,
  );

const lengthOf = (past: Int32Array, length: number) => (length === whole ? past.length : length);

function withHad(logits: Float32Array, past: Int32Array, had: number): Float32Array {
  for (const item of new Set(past)) if (item >= 0) logits[item]! += had;
  return logits;
}

function rankingOf(scored: readonly ScoredCase[], hidePast: boolean): Ranking {
  const byLength = new Map<number, ScoredCase[]>();
  for (const one of scored) {
    const own = byLength.get(one.length);
    if (own) own.push(one);
    else byLength.set(one.length, [one]);
  }
  const used = namesUsed(scored, hidePast);
  const lengths = [...byLength]
    .sort(([a], [b]) => a - b)
    .filter(([, cases]) => cases.length >= fewestCases)
    .map(([length, cases]) => oneLength(length, cases, used));
  if (lengths.length === 0) return assumedRanking(hidePast);
  // A random walk over the lengths that begins with popularity alone: a newcomer's few events count as far as choices speak
  // for it, and what they say of one length is believed of the next.
  let weights = popularWeights(lengths[0]!, used);
  return lengths.map((one) => {
    weights = fitConditionalLogit(one.choices, used.length, {
      ridge: one.length < shortestWhole ? walkRidge : wholeRidge,
      centre: weights,
      atLeastZero: signsOf(used),
    });
    return named(one, used, weights);
  });
}

/** Where nothing personal counts, popularity has to give the order. */
const popularWeights = ({ choices }: OneLength, used: readonly Named[]): Float64Array =>
  fitConditionalLogit(choices, used.length, {
    ridge,
    active: used.map((name) => name === 'had' || name === 'popularity'),
    atLeastZero: used.map((name) => name !== 'had'),
  });

function oneLength(length: number, cases: readonly ScoredCase[], used: readonly Named[]): OneLength {
  const scales = {
    flatScale: usualLargest(cases.map(({ parts }) => parts.flat)),
    nextScale: usualLargest(cases.flatMap(({ parts }) => parts.next ?? [])),
  };
  return {
    length: length === whole ? middleLength(cases) : length,
    cases,
    scales,
    choices: cases.flatMap((one) => choiceOf(one, used, scales) ?? []),
  };
}

function named({ length, scales }: OneLength, used: readonly Named[], fitted: Float64Array): RankingWeights {
  const values = Object.fromEntries(used.map((name, f) => [name, fitted[f]!]));
  const weights = { ...assumed, ...scales, length, had: never, ...values };
  const { flat, next, follows, popularity } = weights;
  // Somebody's list has an order, even where no part has shown its worth.
  return flat > 0 || next > 0 || follows > 0 || popularity > 0
    ? weights
    : { ...weights, popularity: assumed.popularity };
}

type Scales = Pick<RankingWeights, 'flatScale' | 'nextScale'>;

interface OneLength {
  readonly length: number;
  readonly cases: readonly ScoredCase[];
  readonly scales: Scales;
  readonly choices: readonly Choice[];
}

function middleLength(cases: readonly ScoredCase[]): number {
  const lengths = cases.map(({ past }) => new Set(past).size).sort((a, b) => a - b);
  return Math.max(shortestWhole, lengths[lengths.length >> 1]!);
}

const signsOf = (names: readonly Named[]) => names.map((name) => name !== 'had' && name !== 'popularity');

function usualLargest(scores: readonly Float32Array[]): number {
  let sum = 0;
  for (const row of scores) {
    let most = 0;
    for (let j = 0; j < row.length; j++) if (row[j]! > most) most = row[j]!;
    sum += most;
  }
  return sum > 0 ? sum / scores.length : 1;
}

/** Undefined where nothing that was chosen is among the candidates. */
function choiceOf(
  { parts, past, truth, among }: ScoredCase,
  names: readonly Named[],
  { flatScale, nextScale }: Scales,
): Choice | undefined {
  const chosen = truth.map((item) => among.indexOf(item)).filter((at) => at >= 0);
  if (chosen.length === 0) return undefined;
  const count = among.length;
  const features = new Float64Array(count * names.length);
  const had = names.includes('had') ? new Set(past) : undefined;
  for (const [f, name] of names.entries()) {
    const row = features.subarray(f * count, (f + 1) * count);
    if (name === 'had') for (let a = 0; a < count; a++) row[a] = Number(had?.has(among[a]!));
    else pick(row, parts[name]!, among);
    if (name === 'flat') toEvidence(row, flatScale);
    if (name === 'next') toEvidence(row, nextScale);
  }
  return { features, chosen, weight: Math.min(chosen.length, mostChoices) };
}

function pick(row: Float64Array, scores: Float32Array, items: Int32Array): void {
  for (let a = 0; a < row.length; a++) row[a] = scores[items[a]!]!;
}

/** The items among which somebody's choice is looked at: those that lists are made of, and where people repeat, what they had. */
export function candidatesOf(parts: Parts, past: Int32Array, hidePast: boolean): Int32Array {
  const rough = roughOrder(parts);
  if (hidePast) hide(rough, past);
  const best = topK(rough, candidates);
  return hidePast ? best : Int32Array.from(new Set([...best, ...past.filter((item) => item >= 0)]));
}

/** A sum of z-scores, good enough to tell who is worth a place among the candidates. */
function roughOrder({ flat, next, popularity }: Parts): Float32Array {
  const rough = new Float32Array(flat.length);
  const add = (scores: Float32Array, factor: number) => {
    const { mean, deviation } = spreadOf(scores);
    const slope = deviation === 0 ? 0 : factor / deviation;
    for (let j = 0; j < rough.length; j++) rough[j]! += slope * (scores[j]! - mean);
  };
  add(flat, 1);
  if (next) add(next, 1);
  add(popularity, 0.2);
  return rough;
}

/**
 * The weights over a temperature (Guo et al. 2017, "On calibration of modern neural networks"): the one under which the choices
 * are likeliest among all items, not the candidates alone.
 */
function calibrated(
  scored: readonly ScoredCase[],
  weights: RankingWeights,
  hidePast: boolean,
): RankingWeights {
  const own = scored.filter(({ length, past }) => isOfLength(weights.length, length, past));
  const choices = own.slice(0, calibrationCases).map(({ parts, past, truth }): Choice => {
    const logits = withHad(combine(parts, weights), past, weights.had);
    // What nobody returns to has no share.
    if (hidePast) hide(logits, past, hidden);
    return { features: Float64Array.from(logits), chosen: truth };
  });
  const [slope] = fitConditionalLogit(choices, 1, { ridge: 0.1, centre: [1], atLeastZero: [true] });
  const scale = slope! > 0.05 ? slope! : 1;
  const { flat, next, follows, popularity, had } = weights;
  return {
    ...weights,
    ...{ flat: flat * scale, next: next * scale, follows: follows * scale, popularity: popularity * scale },
    had: hidePast ? never : had * scale,
  };
}

const isOfLength = (wanted: number, length: number, past: Int32Array): boolean =>
  length === whole ? wanted >= shortestWhole && past.length >= shortestWhole : wanted === length;
