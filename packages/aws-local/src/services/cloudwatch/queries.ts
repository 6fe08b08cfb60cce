// Metric queries: single metrics, and arithmetic over them.
import { z } from 'zod';
import { AwsError } from '../../service';
import type { MetricStore } from './metric-store';

export const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;

const STATISTIC = z.string().regex(/^(SampleCount|Average|Sum|Minimum|Maximum|p\d{1,2}(\.\d+)?|p100)$/);
export const METRIC = z.object({
  Namespace: z.string(),
  MetricName: z.string(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string() })).default([]),
});
export const DATA_QUERY = z.object({
  Id: z.string().regex(/^[a-z]\w*$/),
  Label: z.string().optional(),
  Expression: z.string().optional(),
  MetricStat: z
    .object({ Metric: METRIC, Period: z.coerce.number().int().positive(), Stat: STATISTIC })
    .optional(),
  Period: z.coerce.number().int().positive().optional(),
  ReturnData: z.union([z.boolean(), z.string().transform((text) => text === 'true')]).default(true),
});
export type DataQuery = z.output<typeof DATA_QUERY>;

export interface QueryPoint {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly value: number;
}

export interface QueryResult {
  readonly id: string;
  readonly label: string;
  readonly points: readonly QueryPoint[];
}

/**
 * Evaluates queries between two times; results are by time.
 *
 * @param origin where a period begins; those of the epoch are whole minutes and hours
 * @throws ValidationError for expressions beyond + - * /, numbers, and FILL with a number
 */
export function evaluateQueries(
  metrics: MetricStore,
  queries: readonly DataQuery[],
  from: number,
  to: number,
  origin = 0,
): QueryResult[] {
  const known = new Map<string, QueryResult>();
  const evaluate = (query: DataQuery): QueryResult => {
    const done = known.get(query.Id);
    if (done) return done;
    const result: QueryResult = {
      id: query.Id,
      label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
      points: query.MetricStat
        ? metricPoints(metrics, query.MetricStat, from, to, origin)
        : mathPoints(query),
    };
    known.set(query.Id, result);
    return result;
  };
  const mathPoints = (query: DataQuery): QueryPoint[] => {
    const expression = query.Expression ?? '';
    const names = [...new Set(expression.match(/[a-z]\w*/g) ?? [])];
    const inputs = names.map((name) => {
      const input = queries.find((candidate) => candidate.Id === name);
      if (!input)
        throw new AwsError(
          'ValidationError',
          `The expression '${expression}' is not supported on localhost.`,
        );
      return new Map(evaluate(input).points.map((point) => [point.time, point.value]));
    });
    const times = [...new Set(inputs.flatMap((input) => [...input.keys()]))].sort((a, b) => a - b);
    return times.flatMap((time) => {
      const value = calculate(expression, (name) => inputs[names.indexOf(name)]?.get(time) ?? Number.NaN);
      return Number.isFinite(value) ? [{ time, value }] : [];
    });
  };
  return queries
    .map(evaluate)
    .filter((result) => queries.find((query) => query.Id === result.id)?.ReturnData);
}

function metricPoints(
  metrics: MetricStore,
  { Metric, Period, Stat }: NonNullable<DataQuery['MetricStat']>,
  from: number,
  to: number,
  origin: number,
): QueryPoint[] {
  const dimensions = Object.fromEntries(Metric.Dimensions.map(({ Name, Value }) => [Name, Value]));
  return metrics
    .series(Metric.Namespace, Metric.MetricName, dimensions, from, to, Period * 1000, origin)
    .map((point) => ({ time: point.start, value: metrics.statistic(point, Stat) }));
}

/** A descent through sums, products, signs, parentheses and FILL. What a metric has no value for is not a number. */
function calculate(expression: string, numberOf: (metric: string) => number): number {
  const tokens = expression.match(/\d+(?:\.\d+)?|[a-z]\w*|FILL|[-+*/(),]|\S/g) ?? [];
  let at = 0;
  const take = (token: string): void => {
    if (tokens[at] !== token) throw unsupported(expression);
    at += 1;
  };
  /** FILL(metric, number): the number where the metric has no value. */
  const fill = (): number => {
    take('(');
    const value = sum();
    take(',');
    const otherwise = sum();
    take(')');
    return Number.isNaN(value) ? otherwise : value;
  };
  const factor = (): number => {
    const token = tokens[at] ?? '';
    at += 1;
    if (token === '-') return -factor();
    if (token === '(') {
      const value = sum();
      take(')');
      return value;
    }
    if (token === 'FILL') return fill();
    if (/^\d/.test(token)) return Number(token);
    if (!/^[a-z]/.test(token)) throw unsupported(expression);
    return numberOf(token);
  };
  const product = (): number => {
    let value = factor();
    while (tokens[at] === '*' || tokens[at] === '/') {
      const isProduct = tokens[at] === '*';
      at += 1;
      value = isProduct ? value * factor() : value / factor();
    }
    return value;
  };
  const sum = (): number => {
    let value = product();
    while (tokens[at] === '+' || tokens[at] === '-') {
      const isSum = tokens[at] === '+';
      at += 1;
      value = isSum ? value + product() : value - product();
    }
    return value;
  };
  const value = sum();
  if (at < tokens.length) throw unsupported(expression);
  return value;
}

function unsupported(expression: string): AwsError {
  return new AwsError('ValidationError', `The expression '${expression}' is not supported on localhost.`);
}
