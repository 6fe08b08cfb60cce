// Delivers an undelivered entry: PutEvents, then the entry goes. A failure is noted on the entry and puts off the sweep.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type EntryKey, OVERDUE_AFTER_MS, type UndeliveredEntry } from '../shared/data/undelivered';
import { putEvents } from '../shared/personalize/events';

export interface DeliverOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly personalize: Pick<PersonalizeEventsClient, 'send'>;
  readonly undeliveredTable: string;
  readonly trackingId: string;
  readonly now: () => number;
}

/** An entry that fails again and again is tried once an hour and is never given up. Milliseconds. */
const PUT_OFF_MAXIMUM_MS = 3600_000;

export function toEntry(row: Parameters<typeof unmarshall>[0]): UndeliveredEntry {
  const { events, ...rest } = unmarshall(row);
  return { ...rest, events: JSON.parse(events) } as UndeliveredEntry;
}

/** The entry as it is now, or nothing when it was delivered. */
export async function readEntry(
  { dynamodb, undeliveredTable }: DeliverOptions,
  { partition, entry }: EntryKey,
): Promise<UndeliveredEntry | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({
      TableName: undeliveredTable,
      Key: marshall({ partition, entry }),
      ConsistentRead: true,
    }),
  );
  return Item && toEntry(Item);
}

/** @throws whatever PutEvents or DynamoDB failed with; the entry is then still there */
export async function deliverEntry(options: DeliverOptions, entry: UndeliveredEntry): Promise<void> {
  try {
    await putEvents(options.personalize, options.trackingId, entry);
  } catch (error) {
    await putOff(options, entry);
    throw error;
  }
  const key = marshall({ partition: entry.partition, entry: entry.entry });
  await options.dynamodb.send(new DeleteItemCommand({ TableName: options.undeliveredTable, Key: key }));
}

async function putOff(
  options: DeliverOptions,
  { partition, entry, attempts }: UndeliveredEntry,
): Promise<void> {
  const wait = Math.min(PUT_OFF_MAXIMUM_MS, OVERDUE_AFTER_MS * 2 ** attempts);
  const nextAttemptAt = new Date(options.now() + wait).toISOString();
  try {
    await options.dynamodb.send(
      new UpdateItemCommand({
        TableName: options.undeliveredTable,
        Key: marshall({ partition, entry }),
        UpdateExpression: 'SET nextAttemptAt = :next ADD attempts :one',
        // Without it, an entry that was delivered meanwhile would come back empty.
        ConditionExpression: 'attribute_exists(#entry)',
        ExpressionAttributeNames: { '#entry': 'entry' },
        ExpressionAttributeValues: marshall({ ':next': nextAttemptAt, ':one': 1 }),
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
