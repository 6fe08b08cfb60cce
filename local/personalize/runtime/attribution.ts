// Metric attribution: what an event adds to the metrics of its dataset group, by the source that it is attributed to.
import type { DatasetGroupData, PutEventsRequest } from '../data';
import type { Context } from '../resources/context';

const UNNAMED_SOURCE = 'SOURCE_NAME_UNDEFINED';

/** The number that an event adds to `SUM(Items.COLUMN)`, `SUM(Interactions.EVENT_VALUE)` or `SAMPLECOUNT()`. */
function contribution(
  expression: string,
  event: PutEventsRequest['eventList'][number],
  data: DatasetGroupData,
): number | undefined {
  if (/^SAMPLECOUNT\(\)$/i.test(expression)) return 1;
  const [, dataset, column = ''] = /^SUM\((Items|Interactions)\.(\w+)\)$/i.exec(expression) ?? [];
  if (dataset?.toLowerCase() === 'interactions') return event.eventValue;
  const value = event.itemId === undefined ? undefined : data.metadata('ITEMS', event.itemId)?.[column];
  return typeof value === 'number' ? value : undefined;
}

/** Sends one data point for each metric that an event is about, as Amazon Personalize sends them to CloudWatch. */
export function reportAttribution(
  context: Context,
  datasetGroupArn: string,
  data: DatasetGroupData,
  { eventList }: PutEventsRequest,
): void {
  const attribution = context.store
    .all('metric-attribution')
    .find((record) => record.datasetGroupArn === datasetGroupArn && record.status === 'ACTIVE');
  if (!attribution) return;
  for (const event of eventList) {
    const source =
      event.metricAttribution?.eventAttributionSource ??
      (event.recommendationId === undefined
        ? undefined
        : context.recommendationSources.get(event.recommendationId)) ??
      UNNAMED_SOURCE;
    for (const { eventType, metricName, expression } of attribution.metrics) {
      if (eventType.toLowerCase() !== event.eventType.toLowerCase()) continue;
      const value = contribution(expression, event, data);
      if (value === undefined) continue;
      context.putMetric(metricName, value, 'None', {
        DatasetGroupArn: datasetGroupArn,
        EVENT_ATTRIBUTION_SOURCE: source,
      });
    }
  }
}
