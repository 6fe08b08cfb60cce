// Metrics, summed up by minute, and by hour when they are older, as AWS keeps older data in longer periods. Values are kept too, up
// to a number, for percentiles.

import type { StoredMap } from '@emotion-gallery/local-kit/store';
import type { Dimensions } from '../../ports';

export interface MetricPoint {
  /** The beginning of the minute or of the period, in milliseconds since the epoch. */
  readonly start: number;
  readonly unit: string;
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** A sample of the values. */
  readonly values: readonly number[];
}

interface StoredMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
  readonly points: readonly MetricPoint[];
}

/** A minute that still grows. */
type OpenPoint = { -readonly [member in keyof MetricPoint]: MetricPoint[member] } & { values: number[] };

type Summary = Pick<MetricPoint, 'count' | 'sum' | 'min' | 'max'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** How long minutes are told apart. */
const MINUTES_KEPT_MS = 3 * HOUR_MS;
/** The longest time that an alarm of hours may look back, and the hour that is not over. */
const RETENTION_MS = 25 * HOUR_MS;
const MOST_VALUES = 200;
/** An hour of long ago has few: they are for the eye. */
const MOST_OLD_VALUES = 20;

export class MetricStore {
  private readonly metrics = new Map<string, Omit<StoredMetric, 'points'> & { points: OpenPoint[] }>();
  private readonly changed = new Set<string>();

  constructor(private readonly journal: StoredMap<StoredMetric>) {
    for (const key of this.journal.keys()) {
      const stored = this.journal.get(key);
      if (stored)
        this.metrics.set(key, {
          ...stored,
          points: stored.points.map((point) => ({ ...point, values: [...point.values] })),
        });
    }
  }

  add(
    namespace: string,
    name: string,
    dimensions: Dimensions,
    time: number,
    unit: string,
    value: number,
    count: number,
  ): void {
    this.merge(
      namespace,
      name,
      dimensions,
      time,
      unit,
      { count, sum: value * count, min: value, max: value },
      [value],
    );
  }

  merge(
    namespace: string,
    name: string,
    dimensions: Dimensions,
    time: number,
    unit: string,
    summary: Summary,
    values: readonly number[] = [],
  ): void {
    const key = metricKey(namespace, name, dimensions);
    const metric = this.metrics.get(key) ?? { namespace, name, dimensions, points: [] };
    this.metrics.set(key, metric);
    this.changed.add(key);
    const start = Math.floor(time / MINUTE_MS) * MINUTE_MS;
    const before = metric.points.findLast((other) => other.start === start);
    if (before) {
      grow(before, summary, values);
      return;
    }
    metric.points.push({ start, unit, ...summary, values: [...values] });
    metric.points = compacted(metric.points, Math.max(...metric.points.map((point) => point.start)));
  }

  /** The metric's points, one a period that has any, by time. Times and period in milliseconds. */
  series(
    namespace: string,
    name: string,
    dimensions: Dimensions,
    from: number,
    to: number,
    period: number,
  ): MetricPoint[] {
    const metric = this.metrics.get(metricKey(namespace, name, dimensions));
    const periods = new Map<number, MetricPoint>();
    for (const point of metric?.points ?? []) {
      const start = Math.floor(point.start / period) * period;
      if (start + period <= from || point.start >= to) continue;
      const before = periods.get(start);
      periods.set(start, before ? combine(before, point) : { ...point, start });
    }
    return [...periods.values()];
  }

  statistic(point: MetricPoint, statistic: string): number {
    switch (statistic) {
      case 'Sum':
        return point.sum;
      case 'SampleCount':
        return point.count;
      case 'Average':
        return point.sum / point.count;
      case 'Minimum':
        return point.min;
      case 'Maximum':
        return point.max;
      default: {
        const percent = /^p(\d+(?:\.\d+)?)$/.exec(statistic);
        if (!percent) throw new Error(`the statistic ${statistic} is not known`);
        const values = [...point.values].sort((a, b) => a - b);
        const rank = Math.ceil((Number(percent[1]) / 100) * values.length);
        return values[Math.max(0, rank - 1)] ?? point.max;
      }
    }
  }

  list(): { readonly namespace: string; readonly name: string; readonly dimensions: Dimensions }[] {
    return [...this.metrics.values()];
  }

  /** Metrics are no promise to anybody: they reach the disk in intervals, not with every value. */
  flush(): void {
    const changes = [...this.changed].flatMap((key) => {
      const value = this.metrics.get(key);
      return value ? [{ key, value }] : [];
    });
    this.changed.clear();
    this.journal.commit(changes);
  }

  close(): void {
    this.flush();
  }
}

/** Whole hours that are old enough become one point each; what is too old is dropped. By time. */
function compacted(points: readonly OpenPoint[], newest: number): OpenPoint[] {
  const minutesFrom = Math.floor((newest - MINUTES_KEPT_MS) / HOUR_MS) * HOUR_MS;
  const kept = new Map<number, OpenPoint>();
  for (const point of points) {
    if (point.start <= newest - RETENTION_MS) continue;
    if (point.start >= minutesFrom) {
      kept.set(point.start, point);
      continue;
    }
    const start = Math.floor(point.start / HOUR_MS) * HOUR_MS;
    const values = point.values.slice(-MOST_OLD_VALUES);
    const before = kept.get(start);
    if (before) grow(before, point, values);
    else kept.set(start, { ...point, start, values });
  }
  return [...kept.values()].sort((a, b) => a.start - b.start);
}

/** In place, because a request brings a dozen values. */
function grow(point: OpenPoint, summary: Summary, values: readonly number[]): void {
  point.count += summary.count;
  point.sum += summary.sum;
  point.min = Math.min(point.min, summary.min);
  point.max = Math.max(point.max, summary.max);
  point.values.push(...values);
  if (point.values.length > 2 * MOST_VALUES) point.values.splice(0, point.values.length - MOST_VALUES);
}

function combine(a: MetricPoint, b: MetricPoint): MetricPoint {
  return {
    start: a.start,
    unit: a.unit,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    values: [...a.values, ...b.values].slice(-MOST_VALUES),
  };
}

function metricKey(namespace: string, name: string, dimensions: Dimensions): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}
