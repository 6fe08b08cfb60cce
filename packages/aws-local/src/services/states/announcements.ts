// What others are told of an execution: EventBridge of its status, CloudWatch of its metrics, its log group of its events.
// https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
import { randomUUID } from 'node:crypto';
import type { CloudWatchService, EventsService, LogsService } from '../../ports';
import type { ServiceContext } from '../../service';
import type { Execution, ExecutionStatus, LoggingConfiguration } from './execution';
import type { HistoryEvent } from './interpreter/history';

const METRICS: Readonly<Record<ExecutionStatus, string>> = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

export function announce(context: ServiceContext, execution: Execution): void {
  context.service<EventsService>('events').accept({
    id: randomUUID(),
    source: 'aws.states',
    'detail-type': 'Step Functions Execution Status Change',
    time: context.clock.now(),
    resources: [execution.arn],
    detail: {
      executionArn: execution.arn,
      stateMachineArn: execution.machineArn,
      name: execution.name,
      status: execution.status,
      startDate: execution.startedAt,
      stopDate: execution.stoppedAt ?? null,
      input: execution.input,
      output: execution.output ?? null,
      error: execution.error ?? null,
      cause: execution.cause ?? null,
    },
  });
  context
    .service<CloudWatchService>('monitoring')
    .record('AWS/States', METRICS[execution.status], 1, 'Count', { StateMachineArn: execution.machineArn });
}

/** Writes events to the log group that the state machine has, as far as its level asks for them. */
export function log(
  context: ServiceContext,
  configuration: LoggingConfiguration | undefined,
  execution: Execution,
  events: readonly HistoryEvent[],
): void {
  const group = configuration?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn
    ?.split(':log-group:')[1]
    ?.replace(/:\*$/, '');
  if (!group) return;
  const lines = events
    .filter(({ type }) => isWanted(configuration?.level, type))
    .map(({ id, previousEventId, type, timestamp, ...details }) => ({
      timestamp,
      message: JSON.stringify({
        id: String(id),
        type,
        details: Object.values(details)[0] ?? {},
        previous_event_id: String(previousEventId),
        execution_arn: execution.arn,
        event_timestamp: String(timestamp),
        redrive_count: '0',
      }),
    }));
  if (lines.length > 0)
    context.service<LogsService>('logs').append(group, `states/${execution.machineName}`, lines);
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-log-level */
function isWanted(level: string | undefined, type: string): boolean {
  switch (level) {
    case 'ALL':
      return true;
    case 'ERROR':
      return /Failed|TimedOut|Aborted/.test(type);
    case 'FATAL':
      return /^Execution(Failed|TimedOut|Aborted)/.test(type);
    default:
      return false;
  }
}
