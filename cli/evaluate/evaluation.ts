// One system that recommends (a campaign, a batch job, popularity, chance) over all cases.
import { seededRandom } from '@emotion-gallery/local-kit/random';
import type { Case, History, Segment } from './held-out';
import { SEGMENTS } from './held-out';
import { CUT_OFFS, type Estimate, LONGEST, listMetrics, Means, type MetricKey } from './metrics';

export type CutOff = (typeof CUT_OFFS)[number];

export interface SegmentResult {
  readonly segment: Segment;
  readonly users: number;
  readonly metrics: Readonly<Record<MetricKey, Estimate>>;
}

export interface SystemResult {
  readonly name: string;
  readonly isBaseline: boolean;
  readonly segments: readonly SegmentResult[];
  /** Share of the catalogue that somebody gets, by cut-off. */
  readonly coverage: Readonly<Record<`${CutOff}`, number>>;
  /** Users for whom there was no list. */
  readonly withoutList: number;
}

/** Adds up one system's lists. */
export class Scoring {
  private readonly means = new Map<Segment, Means>(SEGMENTS.map((segment) => [segment, new Means()]));
  private readonly seen = CUT_OFFS.map(() => new Set<string>());
  private withoutList = 0;

  add({ relevant, cold, activity }: Case, list: readonly string[]): void {
    const values = listMetrics(list, relevant);
    this.means.get('all')?.add(values);
    this.means.get(activity)?.add(values);
    if (cold.size > 0) this.means.get('cold items')?.add(listMetrics(list, cold));
    if (list.length === 0) this.withoutList++;
    for (const [index, k] of CUT_OFFS.entries())
      for (const item of list.slice(0, k)) this.seen[index]?.add(item);
  }

  /** @param catalogue number of items that could be recommended */
  result(name: string, isBaseline: boolean, catalogue: number): SystemResult {
    const coverage = CUT_OFFS.map((k, index) => [k, (this.seen[index]?.size ?? 0) / catalogue]);
    return {
      name,
      isBaseline,
      segments: [...this.means]
        .filter(([, means]) => means.users > 0)
        .map(([segment, means]) => ({ segment, users: means.users, metrics: means.estimates() })),
      coverage: Object.fromEntries(coverage),
      withoutList: this.withoutList,
    };
  }
}

/** What can be recommended: what training knew, and what was held out. */
export const catalogueOf = (train: History, test: History): string[] => [
  ...new Set([...train.counts.keys(), ...test.counts.keys()]),
];

/** The items with the most interactions in training; of as many, in the order of their ids. */
export function popularityResult(cases: readonly Case[], train: History, catalogue: number): SystemResult {
  const list = [...train.counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, LONGEST)
    .map(([item]) => item);
  const scoring = new Scoring();
  for (const one of cases) scoring.add(one, list);
  return scoring.result('popularity', true, catalogue);
}

/** A list of different items by chance, another for each user. */
export function randomResult(
  cases: readonly Case[],
  catalogue: readonly string[],
  seed: number,
): SystemResult {
  const random = seededRandom(seed);
  const scoring = new Scoring();
  for (const one of cases) {
    const list = new Set<string>();
    while (list.size < Math.min(LONGEST, catalogue.length)) {
      list.add(catalogue[Math.floor(random() * catalogue.length)] as string);
    }
    scoring.add(one, [...list]);
  }
  return scoring.result('random', true, catalogue.length);
}
