// What a construct wants to be watched for: the alarm is described where the metric is, and made in the Operations stack.
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';

export interface Watch {
  /** What the alarm is called; the deployment's prefix comes before it. */
  readonly name: string;
  /** The heading in docs/runbook.md that says what to do. @default - the name */
  readonly runbookEntry?: string;
  /** What has happened when it rings, for the person who is woken. */
  readonly meaning: string;
  readonly metric: IMetric;
  /** It rings when the metric is greater. */
  readonly threshold: number;
  /** Periods of the metric in a row that must be above the threshold. @default 1 */
  readonly periods?: number;
}
