// Part of the sweep: undelivered entries that outlived the function instance that should have delivered them.
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { rowsOf } from '../shared/data/rows';
import {
  OVERDUE_AFTER_MS,
  partitionName,
  UNDELIVERED_PARTITIONS,
  type UndeliveredEntry,
} from '../shared/data/undelivered';
import type { Logger } from '../shared/logger';
import { type DeliverOptions, deliverEntry, toEntry } from './deliver';

export interface SweepEntriesOptions extends DeliverOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly random: () => number;
  /** False when the function's time is nearly up. */
  readonly timeLeft: () => boolean;
}

export interface Deliveries {
  readonly delivered: number;
  readonly failed: number;
}

/** PutEvents calls a run. */
const DELIVERIES = 1000;
const PARALLEL = 8;
/** After so many failures Amazon Personalize is taken for unavailable, and the run ends. */
const FAILURES = 20;
const PAGE = 50;

export async function sweepEntries(options: SweepEntriesOptions): Promise<Deliveries> {
  const count = { delivered: 0, failed: 0 };
  const goOn = () =>
    options.timeLeft() && count.failed < FAILURES && count.delivered + count.failed < DELIVERIES;
  const partitions = shuffledPartitions(options.random);
  const worker = async () => {
    for (let partition = partitions.pop(); partition && goOn(); partition = partitions.pop()) {
      for await (const entry of overdueEntries(options, partition)) {
        if (!goOn()) return;
        await deliverAndCount(options, entry, count);
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  return count;
}

/** In another order each run, so that a bounded run does not starve the same partitions. */
function shuffledPartitions(random: () => number): string[] {
  return Array.from({ length: UNDELIVERED_PARTITIONS }, (_, index) => ({ index, order: random() }))
    .sort((left, right) => left.order - right.order)
    .map(({ index }) => partitionName(index));
}

async function deliverAndCount(
  options: SweepEntriesOptions,
  entry: UndeliveredEntry,
  count: { delivered: number; failed: number },
): Promise<void> {
  try {
    await deliverEntry(options, entry);
    count.delivered += 1;
  } catch (error) {
    count.failed += 1;
    options.logger.warn('delivery failed', { attempts: entry.attempts + 1, reason: (error as Error).name });
  }
}

async function* overdueEntries(
  { dynamodb, undeliveredTable, now }: SweepEntriesOptions,
  partition: string,
): AsyncGenerator<UndeliveredEntry> {
  const at = now();
  const rows = rowsOf((ExclusiveStartKey) =>
    dynamodb.send(
      new QueryCommand({
        TableName: undeliveredTable,
        KeyConditionExpression: '#partition = :partition AND #entry < :overdue',
        FilterExpression: 'attribute_not_exists(nextAttemptAt) OR nextAttemptAt <= :now',
        ExpressionAttributeNames: { '#partition': 'partition', '#entry': 'entry' },
        ExpressionAttributeValues: {
          ':partition': { S: partition },
          ':overdue': { S: new Date(at - OVERDUE_AFTER_MS).toISOString() },
          ':now': { S: new Date(at).toISOString() },
        },
        Limit: PAGE,
        ExclusiveStartKey,
      }),
    ),
  );
  for await (const row of rows) yield toEntry(row);
}
