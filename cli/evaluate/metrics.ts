// Metrics of a list against what a person really chose later, as Amazon Personalize defines its own
// (https://docs.aws.amazon.com/personalize/latest/dg/working-with-training-metrics.html), and their means with intervals.

export const CUT_OFFS = [5, 10, 25] as const;
/** As long a list is asked for. */
export const LONGEST = 25;

export const METRICS = ['hr', 'precision', 'ndcg', 'mrr'] as const;
export type Metric = (typeof METRICS)[number];

/** `ndcg@10` and so on. */
export const METRIC_KEYS = METRICS.flatMap((metric) => CUT_OFFS.map((k) => `${metric}@${k}` as const));
export type MetricKey = (typeof METRIC_KEYS)[number];

const discount = (rank: number): number => 1 / Math.log2(rank + 2);

/**
 * One list's metrics, in the order of METRIC_KEYS. NDCG's ideal is the best order of the hits that are listed, as in the metrics that
 * the service was recorded to give: so an evaluation can be laid beside `compare`.
 *
 * @param list best first, without repetitions
 */
export function listMetrics(list: readonly string[], relevant: ReadonlySet<string>): number[] {
  const hits: number[] = [];
  for (const [rank, item] of list.slice(0, LONGEST).entries()) if (relevant.has(item)) hits.push(rank);
  const perMetric = CUT_OFFS.map((k) => {
    const within = hits.filter((rank) => rank < k);
    const gain = within.reduce((sum, rank) => sum + discount(rank), 0);
    const ideal = within.reduce((sum, _, rank) => sum + discount(rank), 0);
    const [first] = within;
    return {
      hr: Number(within.length > 0),
      precision: within.length / k,
      ndcg: ideal > 0 ? gain / ideal : 0,
      mrr: first === undefined ? 0 : 1 / (first + 1),
    };
  });
  return METRICS.flatMap((metric) => perMetric.map((values) => values[metric]));
}

export interface Estimate {
  readonly mean: number;
  /** Of the mean. */
  readonly standardError: number;
}

/** Ends of the interval in which the mean lies with 95 %, users being drawn by chance. */
export const intervalOf = ({ mean, standardError }: Estimate): readonly [number, number] => [
  Math.max(0, mean - 1.96 * standardError),
  Math.min(1, mean + 1.96 * standardError),
];

/** Sums up users one by one (Welford), for each metric. */
export class Means {
  private count = 0;
  private readonly means = new Float64Array(METRIC_KEYS.length);
  private readonly squares = new Float64Array(METRIC_KEYS.length);

  add(values: readonly number[]): void {
    this.count++;
    for (const [index, value] of values.entries()) {
      const before = value - (this.means[index] as number);
      this.means[index] = (this.means[index] as number) + before / this.count;
      this.squares[index] =
        (this.squares[index] as number) + before * (value - (this.means[index] as number));
    }
  }

  get users(): number {
    return this.count;
  }

  estimates(): Readonly<Record<MetricKey, Estimate>> {
    const { count } = this;
    const entries = METRIC_KEYS.map((key, index) => {
      const variance = count > 1 ? (this.squares[index] as number) / (count - 1) : 0;
      return [
        key,
        { mean: this.means[index] as number, standardError: Math.sqrt(variance / Math.max(1, count)) },
      ];
    });
    return Object.fromEntries(entries);
  }
}
