// Delivers an undelivered entry: PutEvents, then the entry goes (or stays as a note that it was sent). A failure is noted on the entry and puts off the sweep.
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
  type UpdateItemCommandInput,
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

/** A `nextAttemptAt` after every other one. */
const NEVER = '9999-12-31T23:59:59.999Z';

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
  return Item && Item.deliveredAt === undefined ? toEntry(Item) : undefined;
}

/** @throws whatever PutEvents or DynamoDB failed with; the entry is then still there */
export async function deliverEntry(options: DeliverOptions, entry: UndeliveredEntry): Promise<void> {
  try {
    await putEvents(options.personalize, options.trackingId, entry);
  } catch (error) {
    await putOff(options, entry);
    throw error;
  }
  if (entry.trackingId === options.trackingId) await remove(options, entry);
  else await keepAsDelivered(options, entry);
}

async function remove(options: DeliverOptions, { partition, entry }: EntryKey): Promise<void> {
  const Key = marshall({ partition, entry });
  await options.dynamodb.send(new DeleteItemCommand({ TableName: options.undeliveredTable, Key }));
}

/** Its likes were accepted for another tracker: that this one got them is written down, and the sweep passes it by. */
async function keepAsDelivered(options: DeliverOptions, entry: EntryKey): Promise<void> {
  await updateIfThere(options, entry, {
    UpdateExpression: 'SET deliveredAt = :now, nextAttemptAt = :never',
    ExpressionAttributeValues: marshall({ ':now': new Date(options.now()).toISOString(), ':never': NEVER }),
  });
}

async function putOff(options: DeliverOptions, entry: UndeliveredEntry): Promise<void> {
  const wait = Math.min(PUT_OFF_MAXIMUM_MS, OVERDUE_AFTER_MS * 2 ** entry.attempts);
  const nextAttemptAt = new Date(options.now() + wait).toISOString();
  await updateIfThere(options, entry, {
    UpdateExpression: 'SET nextAttemptAt = :next ADD attempts :one',
    ExpressionAttributeValues: marshall({ ':next': nextAttemptAt, ':one': 1 }),
  });
}

async function updateIfThere(
  options: DeliverOptions,
  { partition, entry }: EntryKey,
  change: Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ExpressionAttributeValues'>,
): Promise<void> {
  try {
    await options.dynamodb.send(
      new UpdateItemCommand({
        TableName: options.undeliveredTable,
        Key: marshall({ partition, entry }),
        ...change,
        // Without it, an entry that was delivered meanwhile would come back empty.
        ConditionExpression: 'attribute_exists(#entry)',
        ExpressionAttributeNames: { '#entry': 'entry' },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
