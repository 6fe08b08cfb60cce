// What a construct wants to be watched for: the alarm is described where the metric is, and made in the Operations stack.
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

export interface Watch {
  /** The alarm's name, and the heading of its entry in docs/runbook.md. */
  readonly name: string;
  /** What has happened when it rings, for the person who is woken. */
  readonly meaning: string;
  readonly metric: IMetric;
  /** It rings when the metric is greater. */
  readonly threshold: number;
  /** Periods of the metric in a row that must be above the threshold. @default 1 */
  readonly periods?: number;
}
