// Ends the records of stopped runs: a stopped execution gets no last step in which it could do so itself.
// Its lock needs no care, because the next run takes over the lock of an execution that does not run any more.
import { type DynamoDBClient, QueryCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

export interface RunRecords {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  readonly datasetGroupArn: string;
  readonly now: () => number;
}

/** One run works at a time, so the newest records hold whatever was under way. */
const NEWEST = 10;

/**
 * Records those of the stopped executions that are still said to run as failed, with the reason.
 *
 * @returns the names of the solutions that they were training
 */
export async function endStoppedRuns(
  records: RunRecords,
  executionArns: readonly string[],
): Promise<string[]> {
  if (executionArns.length === 0) return [];
  const { Items = [] } = await records.dynamodb.send(
    new QueryCommand({
      TableName: records.table,
      KeyConditionExpression: 'datasetGroup = :group AND #run < :lock',
      ExpressionAttributeNames: { '#run': 'run' },
      ExpressionAttributeValues: { ':group': { S: records.datasetGroupArn }, ':lock': { S: 'lock' } },
      ScanIndexForward: false,
      Limit: NEWEST,
    }),
  );
  const inTraining: string[] = [];
  for (const { run, execution, outcome, step, detail } of Items) {
    if (outcome?.S !== 'running' || !executionArns.includes(execution?.S ?? '') || !run?.S) continue;
    await end(records, run.S, step?.S ?? 'unknown');
    if (step?.S === 'train' && detail?.S) inTraining.push(detail.S);
  }
  return inTraining;
}

async function end(records: RunRecords, run: string, step: string): Promise<void> {
  const result = { step, error: 'Stopped', reason: 'Stopped by an operator' };
  await records.dynamodb.send(
    new UpdateItemCommand({
      TableName: records.table,
      Key: { datasetGroup: { S: records.datasetGroupArn }, run: { S: run } },
      UpdateExpression: 'SET outcome = :outcome, #result = :result, endedAt = :now',
      ExpressionAttributeNames: { '#result': 'result' },
      ExpressionAttributeValues: {
        ':outcome': { S: 'failed' },
        ':result': { S: JSON.stringify(result) },
        ':now': { S: new Date(records.now()).toISOString() },
      },
    }),
  );
}
