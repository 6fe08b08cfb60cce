// The retry queue: each message names an undelivered entry. What fails goes back to the queue, and in the end to the
// dead letter queue; the entry itself stays for the sweep.
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Logger } from '../shared/logger';
import { type DeliverOptions, deliverEntry, readEntry } from './deliver';

const messageSchema = z.object({ partition: z.string(), entry: z.string() });

export interface QueueOptions extends DeliverOptions {
  readonly logger: Pick<Logger, 'warn'>;
}

export async function redeliverBatch(
  options: QueueOptions,
  records: readonly SQSRecord[],
): Promise<SQSBatchResponse> {
  const outcomes = await Promise.all(records.map((record) => redeliver(options, record)));
  const failed = records.filter((_, index) => !outcomes[index]);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function redeliver(options: QueueOptions, { messageId, body }: SQSRecord): Promise<boolean> {
  try {
    const entry = await readEntry(options, z.parse(messageSchema, JSON.parse(body)));
    if (entry) await deliverEntry(options, entry);
    return true;
  } catch (error) {
    options.logger.warn('redelivery failed', { messageId, reason: (error as Error).name });
    return false;
  }
}
