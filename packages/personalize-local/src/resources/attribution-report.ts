// Metric attribution of imported interactions: a report in S3 where the job asks for one, and for incremental imports the
// same numbers as CloudWatch data points
// (https://docs.aws.amazon.com/personalize/latest/dg/metric-attribution-results.html).
import { DataJobFailed } from '@emotion-gallery/personalize-rules/csv';
import type { DatasetGroupData, ImportedInteraction } from '../data';
import type { DatasetImportJobRecord, DatasetRecord, MetricAttributionRecord } from '../state/records';
import { activeAttribution, type Contribution, contributionsOf, putContribution } from './attribution';
import type { Context } from './context';
import { folderKey, parseS3Location, withS3Failures } from './s3-location';

const INTERVAL_SECONDS = 15 * 60;
/** CloudWatch takes no older data points. */
const NEWEST_MS = 14 * 24 * 3600 * 1000;
const HEADER = 'METRIC_NAME,EVENT_TYPE,VALUE,MATH_FUNCTION,EVENT_ATTRIBUTION_SOURCE,TIMESTAMP';
const INVALID_OUTPUT = 'Invalid S3 output path';

interface Sum extends Contribution {
  /** Start of the interval, epoch seconds. */
  readonly timestamp: number;
}

/** Adds up what an import job brings, by metric, source and quarter of an hour. */
export class AttributionReport {
  private readonly sums = new Map<string, Sum>();

  private constructor(
    private readonly context: Context,
    private readonly attribution: MetricAttributionRecord,
    private readonly data: DatasetGroupData,
  ) {}

  /** Undefined when there is nothing to report: no metric attribution, or nobody who asks. */
  static of(
    context: Context,
    job: DatasetImportJobRecord,
    { datasetType, datasetGroupArn }: DatasetRecord,
    data: DatasetGroupData,
  ): AttributionReport | undefined {
    const wanted = job.importMode === 'INCREMENTAL' || job.publishAttributionMetricsToS3;
    if (datasetType !== 'INTERACTIONS' || !wanted) return undefined;
    const attribution = activeAttribution(context, datasetGroupArn);
    return attribution && new AttributionReport(context, attribution, data);
  }

  add(interaction: ImportedInteraction): void {
    const timestamp = interaction.timestamp - (interaction.timestamp % INTERVAL_SECONDS);
    for (const contribution of contributionsOf(this.context, this.attribution, this.data, interaction)) {
      const key = JSON.stringify([contribution.metricName, contribution.source, timestamp]);
      const value = (this.sums.get(key)?.value ?? 0) + contribution.value;
      this.sums.set(key, { ...contribution, value, timestamp });
    }
  }

  /** @throws DataJobFailed when the report cannot be written; the interactions are imported by then */
  async publish(job: DatasetImportJobRecord): Promise<void> {
    if (job.importMode === 'INCREMENTAL') this.putMetrics();
    if (job.publishAttributionMetricsToS3) await this.write(job);
  }

  private putMetrics(): void {
    const oldest = (this.context.clock.now() - NEWEST_MS) / 1000;
    for (const sum of this.sums.values()) {
      if (sum.timestamp >= oldest) putContribution(this.context, this.attribution.datasetGroupArn, sum);
    }
  }

  private async write({ arn, importMode }: DatasetImportJobRecord): Promise<void> {
    const { roleArn, s3DataDestination } = this.attribution.metricsOutputConfig;
    const location = parseS3Location(s3DataDestination?.path ?? '');
    if (!location) throw new DataJobFailed(INVALID_OUTPUT);
    const name = `AggregatedAttributionMetrics-${importMode}-${Math.floor(this.context.clock.now() / 1000)}.csv`;
    await withS3Failures(
      INVALID_OUTPUT,
      () =>
        this.context.objectStore.write(
          { roleArn, sourceArn: arn },
          location.bucket,
          `${folderKey(location)}${name}`,
          Buffer.from(this.csv()),
        ),
      'The data was imported, its metric report could not be written. ',
    );
  }

  private csv(): string {
    const rows = [...this.sums.values()]
      .sort((a, b) => b.timestamp - a.timestamp)
      .map(({ metricName, eventType, value, expression, source, timestamp }) => {
        const text = Number.isInteger(value) ? value.toFixed(1) : String(value);
        const [mathFunction = ''] = expression.toLowerCase().split('(');
        return [metricName, eventType, text, mathFunction, quoted(source), timestamp].join(',');
      });
    return `${[HEADER, ...rows].join('\n')}\n`;
  }
}

/** Clients name sources as they like. */
const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
