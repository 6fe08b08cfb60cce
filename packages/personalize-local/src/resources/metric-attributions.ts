// Metric attributions: which events are counted as which metric, one a dataset group.

import { MOST_METRICS } from '@emotion-gallery/personalize-rules/limits';
import { alreadyExists, invalidInput } from '../protocol/errors';
import type {
  CreateMetricAttributionRequest,
  DeleteMetricAttributionRequest,
  DescribeMetricAttributionRequest,
  ListMetricAttributionMetricsRequest,
  ListMetricAttributionsRequest,
  MetricAttribute,
  UpdateMetricAttributionRequest,
} from '../protocol/requests';
import type { Context } from './context';
import { findActiveGroup } from './dataset-groups';
import { datasetOfType } from './datasets';
import { METRIC_ATTRIBUTION_MS } from './durations';
import { creation, deletion, lifeCycle } from './life-cycles';
import { change, findResource, newRecord, requireNewArn, requireStatus, save, startDeletion } from './lookup';
import { page } from './pagination';

const EXPRESSION = /^(SAMPLECOUNT\(\)|SUM\((Items\.\w+|Interactions\.EVENT_VALUE)\))$/i;

export const metricAttributionLifeCycle = lifeCycle('metric-attribution', {
  ...creation<'metric-attribution'>({ afterMs: METRIC_ATTRIBUTION_MS, take: () => ({ status: 'ACTIVE' }) }),
  ...deletion<'metric-attribution'>(),
});

function checkMetrics(metrics: readonly MetricAttribute[]): void {
  if (metrics.length === 0) throw invalidInput('A metric attribution needs at least one metric.');
  if (metrics.length > MOST_METRICS) {
    throw invalidInput(
      `A metric attribution has up to ${MOST_METRICS} metrics, this would make ${metrics.length}.`,
    );
  }
  for (const { metricName, expression } of metrics) {
    if (EXPRESSION.test(expression)) continue;
    throw invalidInput(
      `The expression of ${metricName} must be SUM(Items.COLUMN), SUM(Interactions.EVENT_VALUE) or SAMPLECOUNT(), got '${expression}'.`,
    );
  }
}

export const metricAttributionOperations = {
  CreateMetricAttribution(input: CreateMetricAttributionRequest, context: Context) {
    const { name, datasetGroupArn, metrics, metricsOutputConfig } = input;
    findActiveGroup(context, datasetGroupArn, 'get a metric attribution');
    checkMetrics(metrics);
    if (!datasetOfType(context, datasetGroupArn, 'INTERACTIONS')) {
      throw invalidInput(`A metric attribution needs an Interactions dataset in ${datasetGroupArn}.`);
    }
    const arn = context.arns.of('metric-attribution', name);
    requireNewArn(context, arn);
    const other = context.store.all('metric-attribution').find((m) => m.datasetGroupArn === datasetGroupArn);
    if (other) throw alreadyExists(`A dataset group has one metric attribution; ${other.arn} exists.`);
    save(context, {
      ...newRecord(context, 'metric-attribution', arn),
      metricAttributionArn: arn,
      name,
      datasetGroupArn,
      metrics,
      metricsOutputConfig,
      status: 'CREATE PENDING',
    });
    return { metricAttributionArn: arn };
  },

  DescribeMetricAttribution(input: DescribeMetricAttributionRequest, context: Context) {
    return { metricAttribution: findResource(context, 'metric-attribution', input.metricAttributionArn) };
  },

  ListMetricAttributions(input: ListMetricAttributionsRequest, context: Context) {
    const { datasetGroupArn } = input;
    const attributions = context.store
      .all('metric-attribution')
      .filter((m) => datasetGroupArn === undefined || m.datasetGroupArn === datasetGroupArn);
    const { records, nextToken } = page(attributions, input, ['ListMetricAttributions', datasetGroupArn]);
    return { metricAttributions: records, nextToken };
  },

  ListMetricAttributionMetrics(input: ListMetricAttributionMetricsRequest, context: Context) {
    const { metricAttributionArn } = input;
    const metrics = context.store
      .all('metric-attribution')
      .filter(({ arn }) => metricAttributionArn === undefined || arn === metricAttributionArn)
      .flatMap((attribution) => attribution.metrics)
      .map((metric, i) => ({ ...metric, sequence: i + 1 }));
    const { records, nextToken } = page(metrics, input, [
      'ListMetricAttributionMetrics',
      metricAttributionArn,
    ]);
    return { metrics: records, nextToken };
  },

  UpdateMetricAttribution(input: UpdateMetricAttributionRequest, context: Context) {
    const { metricAttributionArn, addMetrics = [], removeMetrics = [], metricsOutputConfig } = input;
    if (metricAttributionArn === undefined) throw invalidInput('metricAttributionArn is required.');
    const attribution = findResource(context, 'metric-attribution', metricAttributionArn);
    requireStatus(attribution, ['ACTIVE'], 'be updated');
    const known = new Set(attribution.metrics.map(({ metricName }) => metricName));
    const missing = removeMetrics.find((name) => !known.has(name));
    if (missing !== undefined) throw invalidInput(`${metricAttributionArn} has no metric ${missing}.`);
    const kept = attribution.metrics.filter(({ metricName }) => !removeMetrics.includes(metricName));
    const twice = addMetrics.find(({ metricName }) =>
      kept.some((metric) => metric.metricName === metricName),
    );
    if (twice) throw alreadyExists(`${metricAttributionArn} has a metric ${twice.metricName} already.`);
    const metrics = [...kept, ...addMetrics];
    checkMetrics(metrics);
    change<'metric-attribution'>(context, attribution, {
      metrics,
      metricsOutputConfig: metricsOutputConfig ?? attribution.metricsOutputConfig,
    });
    return { metricAttributionArn };
  },

  DeleteMetricAttribution(input: DeleteMetricAttributionRequest, context: Context) {
    startDeletion(context, findResource(context, 'metric-attribution', input.metricAttributionArn));
    return {};
  },
};
