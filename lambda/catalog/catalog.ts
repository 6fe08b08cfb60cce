// Keeps the items table, and Amazon Personalize's items, in step with the pictures under `emotions/`.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { markSent, UNSENT_PARTITION } from '../shared/data/unsent';
import type { Logger } from '../shared/logger';
import { putItems } from '../shared/personalize/records';
import { type ObjectEvent, readKey } from './object-event';

export interface CatalogOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly personalize: Pick<PersonalizeEventsClient, 'send'>;
  readonly itemsTable: string;
  readonly itemsDatasetArn: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** What became of an event; `stale` is one that a newer event of the same key overtook. */
export type Outcome = 'listed' | 'removed' | 'refused' | 'ignored' | 'stale';

/**
 * EventBridge delivers at least once and in any order: an event is applied only when its sequencer is newer than the
 * one that the row has.
 *
 * @throws when DynamoDB fails; EventBridge then tries again
 */
export async function applyObjectEvent(options: CatalogOptions, event: ObjectEvent): Promise<Outcome> {
  const { key } = event.detail.object;
  const reading = readKey(key);
  if (reading.kind === 'folder') return 'ignored';
  if (event['detail-type'] === 'Object Deleted') {
    return isOldVersion(event) ? 'ignored' : remove(options, event);
  }
  if (reading.kind === 'refused') return refuse(options, event, reading.reason);
  if (event.detail.object.size === 0) return refuse(options, event, 'empty file');
  return list(options, event, reading.emotion, reading.contentType);
}

/** In a bucket with versions a picture goes by a delete marker; what is deleted for good there is an old version. */
function isOldVersion({ detail }: ObjectEvent): boolean {
  return detail['deletion-type'] === 'Permanently Deleted' && detail.object['version-id'] !== undefined;
}

async function list(
  options: CatalogOptions,
  event: ObjectEvent,
  emotion: string,
  contentType: string,
): Promise<Outcome> {
  const row = await write(options, event, {
    expression:
      'SET emotion = :emotion, listed = :emotion, contentType = :contentType, #size = :size, ' +
      'createdAt = if_not_exists(createdAt, :at), unsentSince = :at, unsentPartition = :unsent ' +
      'REMOVE removedAt, refused',
    names: { '#size': 'size' },
    values: {
      ...{ ':emotion': emotion, ':contentType': contentType },
      ...{ ':size': event.detail.object.size ?? 0, ':unsent': UNSENT_PARTITION },
    },
  });
  if (!row) return 'stale';
  const { itemId, createdAt, unsentSince } = row;
  try {
    await putItems(options.personalize, options.itemsDatasetArn, [{ itemId, emotion, createdAt }]);
    await markSent(options.dynamodb, {
      ...{ table: options.itemsTable, keyName: 'itemId', key: itemId, unsentSince },
    });
  } catch (error) {
    // PutItems takes ten calls a second, and a whole gallery may arrive at once.
    options.logger.info('an item is left to the sweep', { itemId, reason: (error as Error).name });
  }
  return 'listed';
}

/** Amazon Personalize cannot delete an item; what is not listed is filtered out of its answers. */
async function remove(options: CatalogOptions, event: ObjectEvent): Promise<Outcome> {
  const row = await write(options, event, { expression: 'SET removedAt = :at REMOVE listed' });
  return row ? 'removed' : 'stale';
}

async function refuse(options: CatalogOptions, event: ObjectEvent, reason: string): Promise<Outcome> {
  const row = await write(options, event, {
    expression: 'SET refused = :reason, createdAt = if_not_exists(createdAt, :at) REMOVE listed',
    values: { ':reason': reason },
  });
  if (!row) return 'stale';
  options.logger.warn('not a picture of the gallery', { key: event.detail.object.key, reason });
  return 'refused';
}

interface ItemRow {
  readonly itemId: string;
  readonly createdAt: string;
  readonly unsentSince: string;
}

/** An update of a row; `:at` is the event's time. */
interface Change {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

/** The row after the change, or nothing when the event is older than the row. */
async function write(
  { dynamodb, itemsTable }: CatalogOptions,
  { time, detail: { object } }: ObjectEvent,
  { expression, names, values }: Change,
): Promise<ItemRow | undefined> {
  const sequencer = object.sequencer ?? time;
  try {
    const answer = await dynamodb.send(
      new UpdateItemCommand({
        TableName: itemsTable,
        Key: { itemId: { S: object.key } },
        UpdateExpression: expression.replace('SET ', 'SET sequencer = :sequencer, '),
        ConditionExpression: 'attribute_not_exists(sequencer) OR sequencer <= :sequencer',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: marshall({ ...values, ':sequencer': sequencer, ':at': time }),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return unmarshall(answer.Attributes ?? {}) as ItemRow;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
