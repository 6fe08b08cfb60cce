// Part of the sweep: visitors and pictures that Amazon Personalize does not have yet, found by the index `unsent`, oldest first. What
// fails is put off, each row for itself and longer each time, so that the others have their turn.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { markSent, UNSENT_INDEX, UNSENT_PARTITION, type UnsentRow } from '../shared/data/unsent';
import type { Logger } from '../shared/logger';
import { RECORDS_PER_CALL } from '../shared/personalize/records';
import { isTransient, type Sleep } from '../shared/retry';

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

/** A row as it waits: how often it failed in a sweep. */
export interface Unsent {
  readonly unsentSince: string;
  readonly sendFailures?: number;
}

/** Calls a run, and milliseconds between two: PutUsers and PutItems are limited to 10 calls a second each. */
const CALLS = 200;
const CALL_EVERY_MS = 120;
/** Tries of one call while the service is at fault. */
const TRIES = 3;
/** After so many calls in a row that failed for good, Amazon Personalize is taken for unavailable, and the run ends. */
const FAILURES = 10;
/** Younger rows are still in the hands of the function that wrote them. Milliseconds. */
const OVERDUE_AFTER_MS = 10_000;
/** After the first failure a row waits until the next sweep, at last a quarter of an hour. Milliseconds. */
const PUT_OFF_MS = 45_000;
const PUT_OFF_MAXIMUM_MS = 15 * 60_000;

/** Number of rows sent. */
export async function sweepRecords<Row extends Unsent>(options: SweepRecordsOptions<Row>): Promise<number> {
  const run = new Run(options);
  let from: Record<string, AttributeValue> | undefined;
  do {
    const page = await readPage<Row>(options, from);
    await run.send(page.rows);
    from = page.next;
  } while (from && run.goesOn);
  return run.sent;
}

class Run<Row extends Unsent> {
  sent = 0;
  private calls = 0;
  private failures = 0;

  constructor(private readonly options: SweepRecordsOptions<Row>) {}

  get goesOn(): boolean {
    return this.calls < CALLS && this.failures < FAILURES && this.options.timeLeft();
  }

  /** Sends rows together; when the service refuses them, each alone, so that a bad one holds up no other. */
  async send(rows: readonly Row[]): Promise<void> {
    if (rows.length === 0 || !this.goesOn) return;
    try {
      await this.put(rows);
      this.failures = 0;
      this.sent += rows.length;
      await Promise.all(rows.map((row) => this.mark(row)));
    } catch (error) {
      if (rows.length > 1 && !isTransient(error)) {
        for (const row of rows) await this.send([row]);
        return;
      }
      this.failures += 1;
      const { table, logger } = this.options;
      logger.warn('records are put off', { table, rows: rows.length, reason: (error as Error).name });
      await Promise.all(rows.map((row) => this.putOff(row)));
    }
  }

  private async put(rows: readonly Row[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      if (this.calls > 0) await this.options.sleep(CALL_EVERY_MS * tries);
      this.calls += 1;
      try {
        return await this.options.put(rows);
      } catch (error) {
        if (tries === TRIES || !isTransient(error) || !this.goesOn) throw error;
      }
    }
  }

  private keyOf(row: Row): string {
    return (row as unknown as Record<UnsentRow['keyName'], string>)[this.options.keyName];
  }

  private mark(row: Row): Promise<void> {
    const { dynamodb, table, keyName } = this.options;
    return markSent(dynamodb, { table, keyName, key: this.keyOf(row), unsentSince: row.unsentSince });
  }

  private async putOff(row: Row): Promise<void> {
    const { dynamodb, table, keyName, now } = this.options;
    const wait = Math.min(PUT_OFF_MAXIMUM_MS, PUT_OFF_MS * 2 ** (row.sendFailures ?? 0));
    try {
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { [keyName]: { S: this.keyOf(row) } },
          UpdateExpression: 'SET sendAfter = :after ADD sendFailures :one',
          ConditionExpression: 'unsentSince = :sent',
          ExpressionAttributeValues: marshall({
            ':after': new Date(now() + wait).toISOString(),
            ':one': 1,
            ':sent': row.unsentSince,
          }),
        }),
      );
    } catch (error) {
      // It was sent, or changed, meanwhile.
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
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
      FilterExpression: 'attribute_not_exists(sendAfter) OR sendAfter <= :now',
      ExpressionAttributeValues: {
        ':unsent': { S: UNSENT_PARTITION },
        ':overdue': { S: new Date(now() - OVERDUE_AFTER_MS).toISOString() },
        ':now': { S: new Date(now()).toISOString() },
      },
      Limit: RECORDS_PER_CALL,
      ExclusiveStartKey: from,
    }),
  );
  return { rows: (answer.Items ?? []).map((row) => unmarshall(row) as Row), next: answer.LastEvaluatedKey };
}
