// The records of runs, newest last in the partition of their group: who asked, which steps it took, how it ended. The console and the
// commands show them (`lambda/status/runs.ts`).
import { PutItemCommand, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { Step } from './actions';
import type { OpenRun } from './group-row';
import type { RunsTable } from './rows';

export async function putRecord(
  { dynamodb, table }: RunsTable,
  group: string,
  run: OpenRun,
  execution: string,
): Promise<void> {
  const { key, reason, startedAt } = run;
  const Item = marshall({
    ...{ datasetGroup: group, run: key, execution, reason, startedAt },
    ...{ outcome: 'running', step: 'begin', stepStartedAt: startedAt, steps: [] },
  });
  await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
}

export async function noteStep(
  { dynamodb, table }: RunsTable,
  group: string,
  { key }: OpenRun,
  { step, detail, at }: { readonly step: Step; readonly detail: string; readonly at: string },
): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ datasetGroup: group, run: key }),
      UpdateExpression:
        'SET #step = :step, detail = :detail, stepStartedAt = :now, steps = list_append(if_not_exists(steps, :none), :entry)',
      ExpressionAttributeNames: { '#step': 'step' },
      ExpressionAttributeValues: marshall({
        ...{ ':step': step, ':detail': detail, ':now': at, ':none': [] },
        ':entry': [{ step, detail, startedAt: at }],
      }),
    }),
  );
}

export interface RunEnd {
  readonly outcome: 'succeeded' | 'failed';
  /** Written as JSON. */
  readonly result: unknown;
  /** ISO 8601. */
  readonly at: string;
}

export async function endRecord(
  { dynamodb, table }: RunsTable,
  group: string,
  key: string,
  { outcome, result, at }: RunEnd,
): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: table,
      Key: marshall({ datasetGroup: group, run: key }),
      UpdateExpression: 'SET outcome = :outcome, #result = :result, endedAt = :now',
      ExpressionAttributeNames: { '#result': 'result' },
      ExpressionAttributeValues: marshall({
        ':outcome': outcome,
        ':result': JSON.stringify(result),
        ':now': at,
      }),
    }),
  );
}

/** One run is open at a time, so the newest records hold whatever is said to run. */
const NEWEST = 10;

/** Ends what is said to run and does not: a run of an earlier version of this app, or one that was stopped. */
export async function endRecordsBut(
  { dynamodb, table }: RunsTable,
  group: string,
  openKey: string | undefined,
  end: RunEnd,
): Promise<void> {
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'datasetGroup = :group AND #run < :lock',
      ExpressionAttributeNames: { '#run': 'run' },
      // The lock of earlier versions sorts after all runs.
      ExpressionAttributeValues: marshall({ ':group': group, ':lock': 'lock' }),
      ScanIndexForward: false,
      Limit: NEWEST,
    }),
  );
  for (const item of Items) {
    const { run, outcome, step } = unmarshall(item);
    if (outcome !== 'running' || run === openKey) continue;
    await endRecord({ dynamodb, table }, group, run, { ...end, result: { step, ...(end.result as object) } });
  }
}
