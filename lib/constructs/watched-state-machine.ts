// The one place that says what a state machine of ours is: JSONata, traced, logged, and watched for every way in which an execution can
// end badly. A time-out and an abort are no failure to Step Functions: they are counted apart.
import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { LogLevel, QueryLanguage, StateMachine, type StateMachineProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Alarms, Watch } from './alarms';

export interface WatchedStateMachineProps
  extends Required<Pick<StateMachineProps, 'definitionBody' | 'timeout'>> {
  /** @default - CloudFormation names it */
  readonly stateMachineName?: string;
  readonly alarms: Alarms;
  /** The alarm for executions that failed, ran out of time or were aborted. */
  readonly watch: Omit<Watch, 'metric' | 'threshold' | 'periods'>;
  /** Inputs and outputs are logged too, so they must hold nothing of persons. @default LogLevel.ALL */
  readonly logLevel?: LogLevel;
  readonly logRetentionDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export class WatchedStateMachine extends StateMachine {
  constructor(scope: Construct, id: string, props: WatchedStateMachineProps) {
    const { definitionBody, timeout, stateMachineName, logRetentionDays, removalPolicy } = props;
    super(scope, id, {
      stateMachineName,
      definitionBody,
      timeout,
      queryLanguage: QueryLanguage.JSONATA,
      tracingEnabled: true,
      logs: {
        level: props.logLevel ?? LogLevel.ALL,
        includeExecutionData: true,
        destination: new LogGroup(scope, `${id}Logs`, { retention: logRetentionDays, removalPolicy }),
      },
    });
    props.alarms.watch(this, { ...props.watch, metric: this.endedBadly(Duration.minutes(5)) });
  }

  private endedBadly(period: Duration): IMetric {
    const counted = { period, statistic: 'Sum' };
    return new MathExpression({
      expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
      usingMetrics: {
        failed: this.metricFailed(counted),
        timedOut: this.metricTimedOut(counted),
        aborted: this.metricAborted(counted),
      },
      period,
      label: 'failed, timed out or aborted',
    });
  }
}
