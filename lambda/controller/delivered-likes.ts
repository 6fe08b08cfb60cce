// What Amazon Personalize will count of the gallery's likes: those that it has got, and of two of the same picture by one person in one
// second only one (developer guide, "Preparing training data": same time and properties). Counted exactly before the first training
// alone, when the totals, which count every like that was accepted, say that there are enough.
import {
  type DynamoDBClient,
  paginateQuery,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { deliverEntry, toEntry } from '../redeliver/deliver';
import { MINIMUM_ROW, type TotalsReading, type Uncounted } from '../shared/data/totals';
import { partitionName, UNDELIVERED_PARTITIONS } from '../shared/data/undelivered';
import { type Minimum, neededBy } from '../shared/minimum';
import type { Progress } from './actual';

export interface LikesTables {
  readonly dynamodb: DynamoDBClient;
  readonly events: PersonalizeEventsClient;
  readonly likesTable: string;
  readonly undeliveredTable: string;
  readonly totalsTable: string;
  readonly trackingId: string;
  readonly minimum: Minimum;
  readonly now: () => number;
}

/**
 * Delivers what waits, and counts what has arrived. That is written to the totals, so that pages, too, tell what counts and whether it is
 * enough.
 *
 * @param totals as they are read, without what did not count before
 */
export async function countDelivered(tables: LikesTables, totals: TotalsReading): Promise<Progress> {
  const waiting = await deliverWaiting(tables);
  const people = await readLikes(tables, waiting);
  const interactions = [...people.values()].reduce((sum, likes) => sum + likes.size, 0);
  const qualifiedUsers = [...people.values()].filter(({ size }) => size >= 2).length;
  const { uncounted } = totals;
  // Likes that came while these were read are not missing.
  const missing = {
    interactions: Math.max(0, totals.interactions + uncounted.interactions - interactions),
    qualifiedUsers: Math.max(0, totals.qualifiedUsers + uncounted.qualifiedUsers - qualifiedUsers),
  };
  const counted = {
    users: totals.users,
    qualifiedUsers: totals.qualifiedUsers + uncounted.qualifiedUsers - missing.qualifiedUsers,
    interactions: totals.interactions + uncounted.interactions - missing.interactions,
    undelivered: waiting.size,
  };
  await writeDown(tables, missing, counted);
  return counted;
}

/** @returns the ids of events that Amazon Personalize does not take just now */
async function deliverWaiting(tables: LikesTables): Promise<Set<string>> {
  const { dynamodb: client, undeliveredTable } = tables;
  const waiting = new Set<string>();
  const partitions = Array.from({ length: UNDELIVERED_PARTITIONS }, (_, index) => partitionName(index));
  await Promise.all(
    partitions.map(async (partition) => {
      const query = {
        TableName: undeliveredTable,
        KeyConditionExpression: '#partition = :partition',
        // What another tracker got stays as a note.
        FilterExpression: 'attribute_not_exists(deliveredAt)',
        ExpressionAttributeNames: { '#partition': 'partition' },
        ExpressionAttributeValues: { ':partition': { S: partition } },
        ConsistentRead: true,
      };
      for await (const { Items = [] } of paginateQuery({ client }, query)) {
        for (const item of Items) await deliver(tables, item, waiting);
      }
    }),
  );
  return waiting;
}

/** An entry that was delivered a moment ago may still be there: Amazon Personalize keeps the first event of an id. */
async function deliver(
  tables: LikesTables,
  item: Parameters<typeof toEntry>[0],
  waiting: Set<string>,
): Promise<void> {
  const entry = toEntry(item);
  const { dynamodb, events: personalize, undeliveredTable, trackingId, now } = tables;
  try {
    await deliverEntry({ dynamodb, personalize, undeliveredTable, trackingId, now }, entry);
  } catch {
    // It is put off by `deliverEntry`, and counted when it has arrived.
    for (const { eventId } of entry.events) waiting.add(eventId);
  }
}

/** By person, what is told apart: picture and second. */
async function readLikes(
  { dynamodb: client, likesTable }: LikesTables,
  waiting: ReadonlySet<string>,
): Promise<Map<string, Set<string>>> {
  const people = new Map<string, Set<string>>();
  const scan = {
    TableName: likesTable,
    FilterExpression: 'liked = :yes',
    ExpressionAttributeValues: { ':yes': { BOOL: true } },
    ProjectionExpression: 'visitorId, eventId, itemId, occurredAt',
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateScan({ client }, scan)) {
    for (const item of Items) {
      const { visitorId, eventId, itemId, occurredAt } = unmarshall(item) as Record<string, string>;
      if (waiting.has(String(eventId))) continue;
      const likes = people.get(String(visitorId)) ?? new Set();
      people.set(
        String(visitorId),
        likes.add(`${itemId} ${Math.floor(Date.parse(String(occurredAt)) / 1000)}`),
      );
    }
  }
  return people;
}

/**
 * What was accepted may be enough, and Amazon Personalize counts less: then it is not confirmed (any more), and the minimum is announced
 * again when as many more came.
 */
function writeDown(tables: LikesTables, uncounted: Uncounted, counted: Progress): Promise<void> {
  const counts = 'interactions = :interactions, qualifiedUsers = :qualifiedUsers, undelivered = :undelivered';
  const values = {
    ':interactions': -uncounted.interactions,
    ':qualifiedUsers': -uncounted.qualifiedUsers,
    ':undelivered': counted.undelivered,
  };
  return neededBy(counted, tables.minimum).isEnough
    ? update(tables, `SET ${counts}, ${CONFIRMED}`, { ...values, ':now': iso(tables) })
    : update(tables, `SET ${counts} REMOVE confirmedAt, announcedAt, claimedAt`, values);
}

const CONFIRMED = 'confirmedAt = :now';
const iso = ({ now }: LikesTables): string => new Date(now()).toISOString();

/** Of a group that was trained: Amazon Personalize had enough. */
export const confirmMinimum = (tables: LikesTables): Promise<void> =>
  update(tables, `SET ${CONFIRMED}`, { ':now': iso(tables) });

async function update(
  { dynamodb, totalsTable }: LikesTables,
  UpdateExpression: string,
  values: object,
): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      ...{ TableName: totalsTable, Key: marshall({ shard: MINIMUM_ROW }), UpdateExpression },
      ExpressionAttributeValues: marshall(values),
    }),
  );
}
