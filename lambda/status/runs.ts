// The training pipeline's runs, as its state machine records them, newest first.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { GroupRow } from '../controller/group-row';
import type { Group, Run, StatusResponse } from '../shared/contract/schemas';

const RUNS = 20;

/** A run's key begins with its start time; the pipeline's lock has the key `lock`, after all of them. */
const LOCK = 'lock';

export async function readRuns(
  client: Pick<DynamoDBClient, 'send'>,
  runsTable: string,
  datasetGroupArn: string,
): Promise<Run[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: runsTable,
      KeyConditionExpression: 'datasetGroup = :group AND #run < :lock',
      ExpressionAttributeNames: { '#run': 'run' },
      ExpressionAttributeValues: { ':group': { S: datasetGroupArn }, ':lock': { S: LOCK } },
      ScanIndexForward: false,
      Limit: RUNS,
    }),
  );
  return Items.map((item) => toRun(unmarshall(item)));
}

/** A run whose configuration is wrong ends before its record begins: its key alone says when it started. */
function toRun({
  run,
  reason = 'unknown',
  startedAt = String(run).split(' ')[0],
  endedAt,
  outcome,
  step = 'plan',
  detail,
  steps = [],
  result,
}: Record<string, unknown>): Run {
  return {
    ...({ reason, startedAt, outcome, step, steps } as Run),
    ...(typeof endedAt === 'string' && { endedAt }),
    ...(typeof detail === 'string' && detail !== '' && { detail }),
    ...(typeof result === 'string' && { result: JSON.parse(result) }),
  };
}

/** What everyone may know: no names, no reasons. Too little data yet is no failure. */
export function summarise(runs: readonly Run[], group?: GroupRow): StatusResponse {
  const [last] = runs;
  const succeeded = runs.find(({ outcome }) => outcome === 'succeeded');
  if (last?.outcome === 'running') return { state: 'training', step: last.step, since: last.startedAt };
  if (succeeded) return { state: 'ready', since: succeeded.endedAt };
  if (!last || group?.state === 'waiting') return { state: 'collecting' };
  return { state: 'failed', step: last.step, since: last.endedAt };
}

/** What operators are told of a dataset group, the gallery's or one of files. */
export function toGroup(row: GroupRow, galleryArn: string): Group {
  const { datasetGroup, sources, state, step, since, waiting, problems, planned, serving, next } = row;
  return {
    ...{ name: datasetGroup.name, isGallery: datasetGroup.arn === galleryArn },
    ...{ state, since, serving: [...serving], next },
    planned: planned.map(({ what, after }) => ({ what, after: [...after] })),
    ...{ observedAt: row.observedAt, lookAt: row.lookAt, pricePerHour: row.pricePerHour },
    ...(step && { step }),
    sources: sources.map(({ name }) => name),
    waiting: waiting.map(({ message }) => message),
    problems: problems.map(({ step, source, code, reason, advice }) => ({
      ...{ step, source, code, reason, advice },
    })),
  };
}
