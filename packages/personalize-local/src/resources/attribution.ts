// Metric attribution: what an event adds to the metrics of its dataset group, by the source that it is attributed to.
import type { DatasetGroupData, PutEventsRequest } from '../data';
import type { MetricAttributionRecord } from '../state/records';
import type { Context } from './context';

const UNNAMED_SOURCE = 'SOURCE_NAME_UNDEFINED';

/** An event as metrics see it. */
export interface AttributedEvent {
  readonly eventType: string;
  readonly itemId?: string;
  readonly eventValue?: number;
  readonly recommendationId?: string;
  readonly eventAttributionSource?: string;
}

/** What one event adds to one metric. */
export interface Contribution {
  readonly metricName: string;
  readonly eventType: string;
  readonly expression: string;
  /** As the client named it, else the campaign or recommender that gave the recommendation. */
  readonly source: string;
  readonly value: number;
}

export function activeAttribution(
  context: Context,
  datasetGroupArn: string,
): MetricAttributionRecord | undefined {
  return context.store
    .all('metric-attribution')
    .find((record) => record.datasetGroupArn === datasetGroupArn && record.status === 'ACTIVE');
}

/** The number that an event adds to `SUM(Items.COLUMN)`, `SUM(Interactions.EVENT_VALUE)` or `SAMPLECOUNT()`. */
function amountOf(expression: string, event: AttributedEvent, data: DatasetGroupData): number | undefined {
  if (/^SAMPLECOUNT\(\)$/i.test(expression)) return 1;
  const [, dataset, column = ''] = /^SUM\((Items|Interactions)\.(\w+)\)$/i.exec(expression) ?? [];
  if (dataset?.toLowerCase() === 'interactions') return event.eventValue;
  const value = event.itemId === undefined ? undefined : data.metadata('ITEMS', event.itemId)?.[column];
  return typeof value === 'number' ? value : undefined;
}

/** What an event adds to each metric that it is about. */
export function contributionsOf(
  context: Context,
  { metrics }: MetricAttributionRecord,
  data: DatasetGroupData,
  event: AttributedEvent,
): Contribution[] {
  const { eventAttributionSource, recommendationId } = event;
  const recommender =
    recommendationId === undefined ? undefined : context.recommendationSources.get(recommendationId);
  const source = eventAttributionSource ?? recommender ?? UNNAMED_SOURCE;
  return metrics.flatMap(({ eventType, metricName, expression }) => {
    if (eventType.toLowerCase() !== event.eventType.toLowerCase()) return [];
    const value = amountOf(expression, event, data);
    return value === undefined ? [] : [{ metricName, eventType, expression, source, value }];
  });
}

/** Sends a data point as Amazon Personalize sends it to CloudWatch. */
export function putContribution(
  context: Context,
  datasetGroupArn: string,
  { metricName, value, source }: Contribution,
): void {
  context.putMetric(metricName, value, 'None', {
    DatasetGroupArn: datasetGroupArn,
    EVENT_ATTRIBUTION_SOURCE: source,
  });
}

/** Sends one data point for each metric that an event is about. */
export function reportAttribution(
  context: Context,
  datasetGroupArn: string,
  data: DatasetGroupData,
  { eventList }: PutEventsRequest,
): void {
  const attribution = activeAttribution(context, datasetGroupArn);
  if (!attribution) return;
  for (const { metricAttribution, ...event } of eventList) {
    const attributed = { ...event, eventAttributionSource: metricAttribution?.eventAttributionSource };
    for (const contribution of contributionsOf(context, attribution, data, attributed)) {
      putContribution(context, datasetGroupArn, contribution);
    }
  }
}
