// Part of the sweep: visitors and pictures that Amazon Personalize does not have yet, found by the index `unsent`.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { markSent, UNSENT_INDEX, UNSENT_PARTITION, type UnsentRow } from '../shared/data/unsent';
import type { Logger } from '../shared/logger';
import { RECORDS_PER_CALL } from '../shared/personalize/records';
import type { Sleep } from '../shared/retry';

export interface SweepRecordsOptions<Row> {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  readonly keyName: UnsentRow['keyName'];
  /** PutUsers or PutItems, of 1 to 10 rows. */
  readonly put: (rows: readonly Row[]) => Promise<void>;
  readonly logger: Pick<Logger, 'warn'>;
  readonly now: () => number;
  readonly sleep: Sleep;
  /** False when the function's time is nearly up. */
  readonly timeLeft: () => boolean;
}

/** Calls a run, and milliseconds between two: PutUsers and PutItems are limited to 10 calls a second each. */
const CALLS = 100;
const CALL_EVERY_MS = 120;
/** Younger rows are still in the hands of the function that wrote them. Milliseconds. */
const OVERDUE_AFTER_MS = 10_000;

/** Number of rows sent. Ends early when a call fails; the rows keep their mark for the next run. */
export async function sweepRecords<Row extends { readonly unsentSince: string }>(
  options: SweepRecordsOptions<Row>,
): Promise<number> {
  let sent = 0;
  let from: Record<string, AttributeValue> | undefined;
  for (let calls = 0; calls < CALLS && options.timeLeft(); calls += 1) {
    const page = await readPage<Row>(options, from);
    if (page.rows.length > 0) {
      if (!(await sendRows(options, page.rows))) return sent;
      sent += page.rows.length;
    }
    from = page.next;
    if (!from) return sent;
    await options.sleep(CALL_EVERY_MS);
  }
  return sent;
}

async function readPage<Row>(
  { dynamodb, table, now }: SweepRecordsOptions<Row>,
  from: Record<string, AttributeValue> | undefined,
): Promise<{ rows: Row[]; next?: Record<string, AttributeValue> }> {
  const answer = await dynamodb.send(
    new QueryCommand({
      TableName: table,
      IndexName: UNSENT_INDEX,
      KeyConditionExpression: 'unsentPartition = :unsent AND unsentSince < :overdue',
      ExpressionAttributeValues: {
        ':unsent': { S: UNSENT_PARTITION },
        ':overdue': { S: new Date(now() - OVERDUE_AFTER_MS).toISOString() },
      },
      Limit: RECORDS_PER_CALL,
      ExclusiveStartKey: from,
    }),
  );
  return { rows: (answer.Items ?? []).map((row) => unmarshall(row) as Row), next: answer.LastEvaluatedKey };
}

async function sendRows<Row extends { readonly unsentSince: string }>(
  { dynamodb, table, keyName, put, logger }: SweepRecordsOptions<Row>,
  rows: readonly Row[],
): Promise<boolean> {
  try {
    await put(rows);
  } catch (error) {
    logger.warn('records are left to the next sweep', { table, reason: (error as Error).name });
    return false;
  }
  const keyOf = (row: Row) => (row as unknown as Record<typeof keyName, string>)[keyName];
  await Promise.all(
    rows.map((row) => markSent(dynamodb, { table, keyName, key: keyOf(row), unsentSince: row.unsentSince })),
  );
  return true;
}
