// aws-trending-now: the items whose interactions grow fastest from one time interval to the next.
import { IdTable } from '../../engine/id-table';
import { roundTo4 } from '../../engine/metrics';
import { countUsers, popularOrder } from '../../engine/popularity';
import type { DataSnapshot, InteractionTable } from '../../model/recipe';
import type { Trained, Trainer } from '../../model/trainer';
import { selectInteractions } from '../evaluation/user-split';
import { PopularityModel } from './popularity-count';

const evaluatedItems = 25;

/** Seconds of `30 minutes`, `2 hours`, `1 day`. */
export function intervalSeconds(frequency: string): number {
  const [count, unit] = frequency.trim().split(/\s+/);
  const seconds = unit?.startsWith('minute') ? 60 : unit?.startsWith('day') ? 86_400 : 3600;
  return Math.max(1, Number(count)) * seconds;
}

/** Interactions by item in the interval that ends at `end` (exclusive), less those in the interval before it. */
function growth(table: InteractionTable, items: number, end: number, interval: number): Float64Array {
  const change = new Float64Array(items);
  for (let row = 0; row < table.item.length; row++) {
    const age = end - table.timestamp[row]!;
    if (age > 0 && age <= interval) change[table.item[row]!]!++;
    else if (age > interval && age <= 2 * interval) change[table.item[row]!]!--;
  }
  return change;
}

/** Growing items first, fastest first; then all the others by popularity. */
function trendingOrder(data: DataSnapshot, end: number, interval: number): Int32Array {
  const counts = countUsers(data);
  const change = growth(data.interactions, counts.length, end, interval);
  return popularOrder(counts).sort((a, b) => Math.max(0, change[b]!) - Math.max(0, change[a]!));
}

function newest({ timestamp }: InteractionTable): number {
  return timestamp.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY) + 1;
}

/** How much of the greatest possible growth in the last interval the items had that the data before it suggests. */
function trendPredictionAccuracy(data: DataSnapshot, interval: number): number {
  const end = newest(data.interactions);
  const rows = Int32Array.from(data.interactions.timestamp.keys()).filter(
    (row) => data.interactions.timestamp[row]! < end - interval,
  );
  const before = { ...data, interactions: selectInteractions(data.interactions, rows) };
  const change = growth(data.interactions, data.items.ids.length, end, interval);
  const increase = (items: Int32Array) =>
    items.slice(0, evaluatedItems).reduce((sum, item) => sum + Math.max(0, change[item]!), 0);
  const best = increase(popularOrder(change));
  return best > 0 ? increase(trendingOrder(before, end - interval, interval)) / best : 0;
}

/** Time is counted back from the newest interaction. */
export function trendingTrainer(recipe: string): Trainer {
  return {
    load: PopularityModel.loader(recipe),
    train(data, { hyperParameters, withMetrics }): Trained {
      const interval = intervalSeconds(hyperParameters.trend_discovery_frequency ?? '2 hours');
      const order = trendingOrder(data, newest(data.interactions), interval);
      return {
        buffers: new PopularityModel(recipe, IdTable.from(data.items.ids), order).toBuffers(),
        metrics: withMetrics
          ? { trend_prediction_accuracy: roundTo4(trendPredictionAccuracy(data, interval)) }
          : {},
      };
    },
  };
}
