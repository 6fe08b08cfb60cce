// Whom a run is told to: its record in the table, a mail for people, an event for programs, metrics for alarms and dashboards.
import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { ExecutionPorts } from './execution';
import type { GroupRow, OpenRun } from './group-row';
import { noteExecution, noteRun, noteSchema, type RunsTable } from './rows';
import { endRecord, endRecordsBut, noteStep, putRecord } from './run-records';
import { failureMail, type Mail, misplacedMail, secondsOf, successMail } from './texts';
import type { Ended } from './tick';

/** Shared with the alarms (`lib/training`). */
export const NAMESPACE = 'EmotionGallery';
export const CAMPAIGN_UP = 'CampaignUp';

export interface TellerOptions {
  readonly table: RunsTable;
  readonly topicArn: string;
  readonly sns: Pick<SNSClient, 'send'>;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  readonly cloudWatch: Pick<CloudWatchClient, 'send'>;
  readonly now: () => number;
}

export interface Teller
  extends Pick<ExecutionPorts, 'beginRun' | 'noteStep' | 'endRun' | 'noteSchema' | 'begins' | 'campaignsUp'> {
  /** Of a file that nobody reads where it lies. */
  misplaced(key: string, where: string): Promise<void>;
}

export function teller(options: TellerOptions): Teller {
  const { table, now } = options;
  const iso = () => new Date(now()).toISOString();
  return {
    async beginRun({ datasetGroup, execution = '' }, run) {
      await noteRun(table, datasetGroup.arn, run);
      await putRecord(table, datasetGroup.arn, run, execution);
    },
    noteStep: ({ datasetGroup }, run, step, detail) =>
      noteStep(table, datasetGroup.arn, run, { step, detail, at: iso() }),
    async endRun(row, run, ended) {
      const { outcome, judged, problems } = ended;
      const [problem] = problems;
      const result =
        outcome === 'failed' && problem
          ? { step: problem.step, error: problem.code, reason: problem.reason }
          : judged;
      await endRecord(table, row.datasetGroup.arn, run.key, { outcome, result, at: iso() });
      await sendEvent(options, row, run, ended);
      await sendMail(
        options,
        outcome === 'failed' ? failureMail(row, run, problems, now()) : successMail(row, run, judged, now()),
      );
      await putMetrics(options, metricsOf(ended));
    },
    misplaced: (key, where) => sendMail(options, misplacedMail(key, where)),
    noteSchema: ({ datasetGroup }, name) => noteSchema(table, datasetGroup.arn, name),
    async begins({ datasetGroup, run, execution = '' }, isFirst) {
      if (!isFirst) return;
      await noteExecution(table, datasetGroup.arn, execution);
      const result = { error: 'Interrupted', reason: 'It was stopped, and is taken up by another run' };
      await endRecordsBut(table, datasetGroup.arn, run?.key, { outcome: 'failed', result, at: iso() });
    },
    /** A campaign that is up and not asked is told by an alarm; that it is up nobody else counts. */
    async campaignsUp(actual) {
      const up = (actual?.campaigns ?? []).filter(({ status }) => status === 'ACTIVE');
      await putMetrics(
        options,
        up.map(({ arn }) => ({
          ...{ MetricName: CAMPAIGN_UP, Value: 1, Unit: 'Count' },
          Dimensions: [{ Name: 'CampaignArn', Value: arn }],
        })),
      );
    },
  };
}

async function sendEvent(
  { eventBridge, now }: TellerOptions,
  row: GroupRow,
  run: OpenRun,
  ended: Ended,
): Promise<void> {
  const { outcome, judged, problems } = ended;
  const [problem] = problems;
  const common = { datasetGroupArn: row.datasetGroup.arn, seconds: secondsOf(run.startedAt, now()) };
  const isFailed = outcome === 'failed' && problem !== undefined;
  const detail = isFailed
    ? {
        ...common,
        step: problem.step,
        error: problem.code,
        reason: problem.reason,
        runReason: run.reason,
        problems,
      }
    : { ...common, reason: run.reason, results: judged };
  const answer = await eventBridge.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: 'emotion-gallery',
          DetailType: isFailed ? 'PipelineFailed' : 'PipelineSucceeded',
          Detail: JSON.stringify(detail),
          Resources: [row.datasetGroup.arn],
        },
      ],
    }),
  );
  if (answer.FailedEntryCount)
    throw new Error(`EventBridge refused the event: ${answer.Entries?.[0]?.ErrorCode}`);
}

async function sendMail({ sns, topicArn }: TellerOptions, { subject, text }: Mail): Promise<void> {
  await sns.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: text }));
}

/** The service's offline metrics, by solution. */
function metricsOf({ outcome, judged }: Ended): MetricDatum[] {
  if (outcome === 'failed') return [];
  return judged.flatMap(({ solution, metrics }) =>
    Object.entries(metrics).map(([MetricName, Value]) => ({
      ...{ MetricName, Value },
      Dimensions: [{ Name: 'Solution', Value: solution }],
    })),
  );
}

async function putMetrics({ cloudWatch }: TellerOptions, MetricData: readonly MetricDatum[]): Promise<void> {
  if (MetricData.length === 0) return;
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData: [...MetricData] }));
}
