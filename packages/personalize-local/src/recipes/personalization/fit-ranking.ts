// Learns how much each part of the model counts at each length of history, from what held-out people chose next.
import { type Choice, fitConditionalLogit } from '../../engine/conditional-logit';
import { topK } from '../../engine/top-k';
import { beyondChance, type Case, isAsGood, type Merit, merit, whole, withoutPast } from './hold-out';
import { combine, evidence, type Parts, type Ranking, type RankingWeights } from './ranking';
import { standardise } from './scoring';

/** What the fitted parts say in one held-out case, by positions in the subset. */
export interface ScoredCase extends Case {
  readonly parts: Parts;
}

/** The weights are learnt among the best so many of a rough order, where lists are decided. */
const candidates = 100;
/** A length with fewer cases takes the weights of its neighbours. */
const fewestCases = 15;
const ridge = 2;
/** The weights of one length are drawn to those of all lengths together, which so many choices speak for. */
const commonRidge = 20;
/** Whole histories stand for longer ones than all that were truncated. */
const shortestWhole = 11;
/** The temperature of a length is fitted on so many cases. */
const calibrationCases = 150;
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
  const used = namesUsed(hidePast);
  const one = oneLength(whole, scored, used, hidePast);
  const fitted = fitConditionalLogit(one.choices, used.length, { ridge, atLeastZero: signsOf(used) });
  return meritOf(scored, [named(one, used, fitted)], hidePast);
}

const namesUsed = (hidePast: boolean): readonly Named[] =>
  parameters.filter((name) => !(hidePast && name === 'had'));

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
  const used = namesUsed(hidePast);
  const lengths = [...byLength]
    .sort(([a], [b]) => a - b)
    .filter(([, cases]) => cases.length >= fewestCases)
    .map(([length, cases]) => oneLength(length, cases, used, hidePast));
  if (lengths.length === 0) return assumedRanking(hidePast);
  const all = lengths.filter(({ length }) => length > 0).flatMap(({ choices }) => choices);
  const common = fitConditionalLogit(all, used.length, { ridge, atLeastZero: signsOf(used) });
  return lengths.map((one) => weightsOf(one, used, common, hidePast));
}

function oneLength(
  length: number,
  cases: readonly ScoredCase[],
  used: readonly Named[],
  hidePast: boolean,
): OneLength {
  const scales = {
    flatScale: usualLargest(cases.map(({ parts }) => parts.flat)),
    nextScale: usualLargest(cases.flatMap(({ parts }) => parts.next ?? [])),
  };
  return {
    length: length === whole ? middleLength(cases) : length,
    cases,
    scales,
    choices: cases.flatMap((one) => choiceOf(one, used, scales, hidePast) ?? []),
  };
}

function named({ length, scales }: OneLength, used: readonly Named[], fitted: Float64Array): RankingWeights {
  const values = Object.fromEntries(used.map((name, f) => [name, fitted[f]!]));
  return { ...assumed, ...scales, length, had: never, ...values };
}

interface OneLength {
  readonly length: number;
  readonly cases: readonly ScoredCase[];
  readonly scales: Pick<RankingWeights, 'flatScale' | 'nextScale'>;
  readonly choices: readonly Choice[];
}

function middleLength(cases: readonly ScoredCase[]): number {
  const lengths = cases.map(({ past }) => new Set(past).size).sort((a, b) => a - b);
  return Math.max(shortestWhole, lengths[lengths.length >> 1]!);
}

const signsOf = (names: readonly Named[]) => names.map((name) => name !== 'had' && name !== 'popularity');

/** The weights at one length; popularity alone where the person's own events do not make the lists better. */
function weightsOf(
  one: OneLength,
  used: readonly Named[],
  common: Float64Array,
  hidePast: boolean,
): RankingWeights {
  const { length, cases, choices } = one;
  const prior = length === 0 ? { ridge } : { ridge: commonRidge, centre: common };
  const personal = named(
    one,
    used,
    fitConditionalLogit(choices, used.length, { ...prior, atLeastZero: signsOf(used) }),
  );
  const popular = named(
    one,
    used,
    fitConditionalLogit(choices, used.length, {
      ridge,
      active: used.map((name) => name === 'had' || name === 'popularity'),
      // Where nothing personal counts, popularity has to give the order.
      atLeastZero: used.map((name) => name !== 'had'),
    }),
  );
  const worth = (weights: RankingWeights) => meritOf(cases, [weights], hidePast);
  const informed = personal.flat > 0 || personal.next > 0 || personal.follows > 0;
  // A newcomer's few events must show their worth beyond chance.
  const needed = length < shortestWhole ? beyondChance : 0;
  const chosen = informed && !isAsGood(worth(popular), worth(personal), needed) ? personal : popular;
  return chosen.flat > 0 || chosen.popularity > 0 ? chosen : { ...chosen, popularity: 0.25 };
}

function usualLargest(scores: readonly Float32Array[]): number {
  let sum = 0;
  for (const row of scores) sum += row.reduce((most, score) => Math.max(most, score), 0);
  return sum > 0 ? sum / scores.length : 1;
}

/** Undefined where nothing that was chosen is among the candidates. */
function choiceOf(
  { parts, past, truth }: ScoredCase,
  names: readonly Named[],
  { flatScale, nextScale }: Pick<RankingWeights, 'flatScale' | 'nextScale'>,
  hidePast: boolean,
): Choice | undefined {
  const { flat, next, follows, popularity } = parts;
  const rough = standardise(flat.slice());
  const order = next && standardise(next.slice());
  const liked = standardise(popularity.slice());
  for (let j = 0; j < rough.length; j++) rough[j]! += (order?.[j] ?? 0) + 0.2 * liked[j]!;
  const had = new Set(past);
  const best = topK(hidePast ? withoutPast(rough, past) : rough, candidates);
  const alternatives = [...new Set([...best, ...(hidePast ? [] : [...had].filter((item) => item >= 0))])];
  const chosen = truth.map((item) => alternatives.indexOf(item)).filter((at) => at >= 0);
  if (chosen.length === 0) return undefined;
  const value: Record<Named, (j: number) => number> = {
    flat: (j) => evidence(flat[j]!, flatScale),
    next: (j) => (next ? evidence(next[j]!, nextScale) : 0),
    follows: (j) => follows?.[j] ?? 0,
    popularity: (j) => popularity[j]!,
    had: (j) => Number(had.has(j)),
  };
  const features = new Float64Array(alternatives.length * names.length);
  for (const [a, j] of alternatives.entries()) {
    for (const [f, name] of names.entries()) features[a * names.length + f] = value[name](j);
  }
  return { features, chosen };
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
    const row = hidePast ? withoutPast(logits, past) : logits;
    const kept = [...row.keys()].filter((j) => row[j] !== Number.NEGATIVE_INFINITY);
    return { features: Float64Array.from(kept, (j) => row[j]!), chosen: truth.map((j) => kept.indexOf(j)) };
  });
  const [slope] = fitConditionalLogit(choices, 1, { ridge: 0.1, atLeastZero: [true] });
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
