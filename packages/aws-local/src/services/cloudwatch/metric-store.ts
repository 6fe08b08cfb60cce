// Metrics, summed up by minute, and by hour when they are older, as AWS keeps older data in longer periods. Values are kept too, up
// to a number, for percentiles.

import type { Store, StoreChange, StoredMap } from '@emotion-gallery/local-kit/store';
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

interface Metric {
  /** Short, for the keys of its points. */
  readonly id: number;
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Dimensions;
}

/** A minute that still grows. */
type OpenPoint = { -readonly [member in keyof MetricPoint]: MetricPoint[member] } & { values: number[] };

type Summary = Pick<MetricPoint, 'count' | 'sum' | 'min' | 'max'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** How long minutes are told apart. */
const MINUTES_KEPT_MS = 3 * HOUR_MS;
/** As long as an alarm over a day looks back, which makes up for two missing hours, and the hour that is not over. */
const RETENTION_MS = 27 * HOUR_MS;
const MOST_VALUES = 200;
/** An hour of long ago has few: they are for the eye. */
const MOST_OLD_VALUES = 20;

interface OpenMetric extends Metric {
  points: OpenPoint[];
  /** The starts of the points that are on the disk, and of those that changed since. */
  readonly written: Set<number>;
  readonly changed: Set<number>;
}

/** So many points are written at once; they take a millisecond. */
const MOST_WRITTEN = 100;

export class MetricStore {
  private readonly stored: StoredMap<Metric>;
  /** By `<id of the metric> <start>`: a minute that grew is written without the others. */
  private readonly storedPoints: StoredMap<MetricPoint>;
  private readonly metrics = new Map<string, OpenMetric>();
  private readonly changed = new Set<OpenMetric>();
  private lastId = 0;

  constructor(private readonly store: Store) {
    this.stored = store.map('monitoring/metrics');
    // Those of a metric that gets new values go with them; these are the others'.
    this.storedPoints = store.map('monitoring/points', ({ start }) => start + RETENTION_MS + HOUR_MS);
    const byId = new Map<string, OpenMetric>();
    for (const [key, metric] of this.stored.entries()) {
      const open = { ...metric, points: [], written: new Set<number>(), changed: new Set<number>() };
      this.metrics.set(key, open);
      byId.set(String(metric.id), open);
      this.lastId = Math.max(this.lastId, metric.id);
    }
    for (const [key, point] of this.storedPoints.entries()) {
      const metric = byId.get(key.slice(0, key.indexOf(' ')));
      metric?.points.push({ ...point, values: [...point.values] });
      metric?.written.add(point.start);
    }
    for (const [key, metric] of this.metrics) {
      metric.points.sort((a, b) => a.start - b.start);
      if (metric.points.length > 0) continue;
      this.metrics.delete(key);
      this.stored.delete(key);
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
    const metric = this.metrics.get(key) ?? this.newMetric(key, { namespace, name, dimensions });
    const start = Math.floor(time / MINUTE_MS) * MINUTE_MS;
    this.changed.add(metric);
    metric.changed.add(start);
    const before = metric.points.findLast((other) => other.start === start);
    if (before) {
      grow(before, summary, values);
      return;
    }
    metric.points.push({ start, unit, ...summary, values: [...values] });
    const newest = metric.points.reduce((latest, point) => Math.max(latest, point.start), 0);
    metric.points = compacted(metric.points, newest, metric.changed);
  }

  private newMetric(key: string, named: Omit<Metric, 'id'>): OpenMetric {
    this.lastId += 1;
    const metric = {
      ...named,
      id: this.lastId,
      points: [],
      written: new Set<number>(),
      changed: new Set<number>(),
    };
    this.metrics.set(key, metric);
    return metric;
  }

  /** The metric's points, one a period that has any, by time. Times and period in milliseconds; a period begins at `origin`. */
  series(
    namespace: string,
    name: string,
    dimensions: Dimensions,
    from: number,
    to: number,
    period: number,
    origin = 0,
  ): MetricPoint[] {
    const metric = this.metrics.get(metricKey(namespace, name, dimensions));
    const periods = new Map<number, MetricPoint>();
    for (const point of metric?.points ?? []) {
      const start = origin + Math.floor((point.start - origin) / period) * period;
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

  /**
   * Metrics are no promise to anybody: they reach the disk in intervals, not with every value. Writes some of what has changed and
   * says whether that is all. Throws what the disk says; the next flush tries again.
   */
  flush(): boolean {
    const changes: StoreChange[] = [];
    const flushed: OpenMetric[] = [];
    for (const metric of this.changed) {
      if (changes.length > MOST_WRITTEN) break;
      changes.push(...this.changesOf(metric));
      flushed.push(metric);
    }
    this.store.commit(changes);
    for (const metric of flushed) {
      metric.changed.clear();
      metric.written.clear();
      for (const { start } of metric.points) metric.written.add(start);
      this.changed.delete(metric);
    }
    return this.changed.size === 0;
  }

  private changesOf({ points, written, changed, ...metric }: OpenMetric): StoreChange[] {
    const { id, namespace, name, dimensions } = metric;
    const key = metricKey(namespace, name, dimensions);
    const starts = new Set(points.map(({ start }) => start));
    return [
      ...(this.stored.has(key)
        ? []
        : [{ map: this.stored, key, value: { id, namespace, name, dimensions } }]),
      ...points
        .filter(({ start }) => changed.has(start))
        .map((value) => ({ map: this.storedPoints, key: `${id} ${value.start}`, value })),
      ...[...written]
        .filter((start) => !starts.has(start))
        .map((start) => ({ map: this.storedPoints, key: `${id} ${start}`, removed: true as const })),
    ];
  }
}

/** Whole hours that are old enough become one point each, noted as changed; what is too old is dropped. By time. */
function compacted(points: readonly OpenPoint[], newest: number, changed: Set<number>): OpenPoint[] {
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
    if (before || point.start !== start || values.length < point.values.length) changed.add(start);
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
