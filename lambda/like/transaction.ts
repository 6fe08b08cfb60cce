// The one transaction of a like request: the likes (each only if new), the visitor's count, the totals, the undelivered
// entry, and the removal of entries that were delivered meanwhile.
import {
  type CancellationReason,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Emotion } from '../shared/contract/emotions';
import type { EntryKey, StoredEvent, UndeliveredEntry } from '../shared/data/undelivered';

export interface LikeTables {
  readonly visitors: string;
  readonly likes: string;
  readonly totals: string;
  readonly undelivered: string;
}

/** A like that is to be stored. */
export interface PendingLike extends StoredEvent {
  readonly emotion: Emotion;
}

export interface LikeTransaction {
  readonly entry: EntryKey;
  readonly visitorId: string;
  readonly sessionId: string;
  readonly trackingId: string;
  /** ISO 8601. */
  readonly acceptedAt: string;
  /** 1 to 10. */
  readonly likes: readonly PendingLike[];
  /** The visitor's like events so far, as far as this instance knows; the transaction fails when it matters and is wrong. */
  readonly knownCount: number;
  readonly shard: string;
  /** These likes carry `day` and so appear in the index of the pictures liked last. */
  readonly showAsLatest: boolean;
  /** Entries that Amazon Personalize has. */
  readonly delivered: readonly EntryKey[];
}

/** From this many like events on, a further one changes nothing but `interactions`. */
const QUALIFIED = 2;

export function countLikes(likes: readonly StoredEvent[]): number {
  return likes.filter(({ eventType }) => eventType === 'like').length;
}

export function likeCommand(tables: LikeTables, transaction: LikeTransaction): TransactWriteItemsCommand {
  const added = countLikes(transaction.likes);
  return new TransactWriteItemsCommand({
    TransactItems: [
      ...transaction.likes.map((like) => putLike(tables, transaction, like)),
      updateVisitor(tables, transaction, added),
      putEntry(tables, transaction),
      ...(added > 0 ? [addToTotals(tables, transaction, added)] : []),
      ...transaction.delivered.map(({ partition, entry }) => ({
        Delete: { TableName: tables.undelivered, Key: marshall({ partition, entry }) },
      })),
    ],
  });
}

function putLike(tables: LikeTables, transaction: LikeTransaction, like: PendingLike): TransactWriteItem {
  const { visitorId, sessionId, acceptedAt, showAsLatest } = transaction;
  const { eventType, ...rest } = like;
  const liked = eventType === 'like';
  const day = showAsLatest && liked ? acceptedAt.slice(0, 10) : undefined;
  return {
    Put: {
      TableName: tables.likes,
      Item: marshall(
        { visitorId, ...rest, liked, acceptedAt, sessionId, day },
        { removeUndefinedValues: true },
      ),
      ConditionExpression: 'attribute_not_exists(eventId)',
    },
  };
}

function updateVisitor(
  tables: LikeTables,
  { visitorId, knownCount, likes }: LikeTransaction,
  added: number,
): TransactWriteItem {
  const condition =
    added === 0
      ? { ConditionExpression: 'attribute_exists(visitorId)' }
      : { ConditionExpression: knownCount >= QUALIFIED ? 'likes >= :known' : 'likes = :known' };
  return {
    Update: {
      TableName: tables.visitors,
      Key: marshall({ visitorId }),
      // All events, so that the row changes with an unlike too: readers know by it whether what they remember still holds.
      UpdateExpression: 'ADD likes :added, likeEvents :events',
      ...condition,
      ExpressionAttributeValues: marshall({
        ':added': added,
        ':events': likes.length,
        ...(added > 0 && { ':known': Math.min(knownCount, QUALIFIED) }),
      }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    },
  };
}

function addToTotals(
  tables: LikeTables,
  { knownCount, shard }: LikeTransaction,
  added: number,
): TransactWriteItem {
  const after = knownCount + added;
  return {
    Update: {
      TableName: tables.totals,
      Key: marshall({ shard }),
      UpdateExpression: 'ADD interactions :likes, #users :users, qualifiedUsers :qualified',
      ExpressionAttributeNames: { '#users': 'users' },
      ExpressionAttributeValues: marshall({
        ':likes': added,
        ':users': knownCount === 0 ? 1 : 0,
        ':qualified': knownCount < QUALIFIED && after >= QUALIFIED ? 1 : 0,
      }),
    },
  };
}

function putEntry(tables: LikeTables, transaction: LikeTransaction): TransactWriteItem {
  const entry: UndeliveredEntry = {
    ...transaction.entry,
    visitorId: transaction.visitorId,
    sessionId: transaction.sessionId,
    trackingId: transaction.trackingId,
    events: transaction.likes.map(({ emotion: _, ...event }) => event),
    attempts: 0,
  };
  return {
    Put: {
      TableName: tables.undelivered,
      Item: marshall({ ...entry, events: JSON.stringify(entry.events) }),
    },
  };
}

/** What a cancelled transaction says. */
export interface Cancellation {
  /** Event ids that the visitor's likes already hold. */
  readonly duplicates: ReadonlySet<string>;
  /** The visitor row as it is, when its condition failed: absent when there is no such visitor. */
  readonly visitor?: { readonly exists: boolean; readonly likes: number };
  /** Another transaction or a throttle was in the way: worth waiting. */
  readonly contended: boolean;
  /** Codes that no retry helps against. */
  readonly fatal: readonly string[];
}

const CONTENTION = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);
const CONDITION = 'ConditionalCheckFailed';

/** Reads the reasons, one for each part of the transaction in its order (see {@link likeCommand}). */
export function readCancellation(
  likes: readonly PendingLike[],
  reasons: readonly CancellationReason[],
): Cancellation {
  const failed = (index: number) => reasons[index]?.Code === CONDITION;
  const duplicates = likes.filter((_, index) => failed(index)).map(({ eventId }) => eventId);
  const old = reasons[likes.length]?.Item;
  const codes = reasons.map(({ Code }) => Code ?? 'None');
  return {
    duplicates: new Set(duplicates),
    ...(failed(likes.length) && {
      visitor: { exists: old !== undefined, likes: Number(old?.likes?.N ?? 0) },
    }),
    contended: codes.some((code) => CONTENTION.has(code)),
    fatal: codes.filter((code) => code !== 'None' && code !== CONDITION && !CONTENTION.has(code)),
  };
}
