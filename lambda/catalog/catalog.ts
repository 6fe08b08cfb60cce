// Keeps the items table, and Amazon Personalize's items, in step with the pictures under `emotions/`.
//
// EventBridge delivers at least once, in any order, and late. So an event only says where to look: what the bucket has under the name
// now decides. The row is read before the bucket, and written only if nobody wrote it in between, so that what is written last was
// also looked at last.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import type { S3Client } from '@aws-sdk/client-s3';
import { markSent, UNSENT_PARTITION } from '../shared/data/unsent';
import type { Logger } from '../shared/logger';
import { putItems } from '../shared/personalize/records';
import { type Change, type ItemRow, readRow, writeRow } from './item-row';
import { readKey } from './key';
import type { ObjectEvent } from './object-event';
import { findObject, type StoredObject } from './stored-object';

export interface CatalogOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly s3: Pick<S3Client, 'send'>;
  readonly personalize: Pick<PersonalizeEventsClient, 'send'>;
  readonly itemsTable: string;
  readonly itemsDatasetArn: string;
  readonly bucket: string;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/** What became of an event; `unchanged` is one whose picture is in the gallery, or out of it, as it should be. */
export type Outcome = 'listed' | 'removed' | 'refused' | 'ignored' | 'unchanged';

/** Events of one name that are handled at the same time get in each other's way; more than a few at a time there are not. */
const TRIES = 8;

/** @throws when DynamoDB or S3 fails; EventBridge then tries again */
export async function applyObjectEvent(options: CatalogOptions, event: ObjectEvent): Promise<Outcome> {
  const { key } = event.detail.object;
  if (key.endsWith('/')) return 'ignored';
  // One name has several forms in Unicode (a Mac stores letters and their accents apart): they are one item.
  const itemId = key.normalize('NFC');
  for (let tries = 0; tries < TRIES; tries += 1) {
    const row = await readRow(options, itemId);
    const found = await findObject(options, key);
    const { outcome, change } = decide(options, { itemId, row, found });
    if (!change) return outcome;
    const written = await writeRow(options, { itemId, row, at: event.time }, change);
    if (!written) continue;
    if (written.unsentSince) await introduce(options, { ...written, unsentSince: written.unsentSince });
    return outcome;
  }
  throw new Error(`other events of ${itemId} were in the way ${TRIES} times`);
}

interface Situation {
  readonly itemId: string;
  readonly row: ItemRow | undefined;
  readonly found: StoredObject | undefined;
}

interface Decision {
  readonly outcome: Outcome;
  /** Absent when the row is as it should be. */
  readonly change?: Change;
}

const TO_BE_SENT = 'unsentSince = :at, unsentPartition = :unsent';

function decide(options: CatalogOptions, { itemId, row, found }: Situation): Decision {
  if (!found) return leave(row);
  const reading = readKey(itemId);
  if (reading.kind === 'refused') return refuse(options, row, found, reading.reason);
  if (found.size === 0) return refuse(options, row, found, 'empty file');
  if (row?.listed && row.etag === found.etag && row.objectKey === found.key) return { outcome: 'unchanged' };
  const { emotion, contentType } = reading;
  return {
    outcome: 'listed',
    change: {
      expression:
        'SET emotion = :emotion, listed = :emotion, contentType = :contentType, #size = :size, etag = :etag, ' +
        `objectKey = :key, createdAt = if_not_exists(createdAt, :at), ${TO_BE_SENT} ` +
        'REMOVE removedAt, refused, sendAfter, sendFailures',
      names: { '#size': 'size' },
      values: {
        ':emotion': emotion,
        ':contentType': contentType,
        ':size': found.size,
        ':etag': found.etag,
        ':key': found.key,
        ':unsent': UNSENT_PARTITION,
      },
    },
  };
}

/** Amazon Personalize cannot delete an item: it is told that the item has left, and leaves it out by its filters. */
function leave(row: ItemRow | undefined): Decision {
  if (!row || row.removedAt) return { outcome: 'unchanged' };
  const wasItem = row.emotion !== undefined;
  return {
    outcome: 'removed',
    change: {
      expression: `SET removedAt = :at${wasItem ? `, ${TO_BE_SENT}` : ''} REMOVE listed, refused`,
      values: wasItem ? { ':unsent': UNSENT_PARTITION } : {},
    },
  };
}

function refuse(
  { logger }: CatalogOptions,
  row: ItemRow | undefined,
  found: StoredObject,
  reason: string,
): Decision {
  if (row?.refused === reason && row.etag === found.etag) return { outcome: 'unchanged' };
  logger.warn('not a picture of the gallery', { key: found.key, reason });
  const wasItem = row?.emotion !== undefined;
  return {
    outcome: 'refused',
    change: {
      expression:
        'SET refused = :reason, #size = :size, etag = :etag, objectKey = :key, createdAt = if_not_exists(createdAt, :at)' +
        `${wasItem ? `, ${TO_BE_SENT}` : ''} REMOVE listed, removedAt`,
      names: { '#size': 'size' },
      values: {
        ':reason': reason,
        ':size': found.size,
        ':etag': found.etag,
        ':key': found.key,
        ...(wasItem && { ':unsent': UNSENT_PARTITION }),
      },
    },
  };
}

/** Tells Amazon Personalize of an item that came, changed or left. */
async function introduce(options: CatalogOptions, row: ItemRow & { readonly unsentSince: string }) {
  const { itemId, unsentSince } = row;
  try {
    await putItems(options.personalize, options.itemsDatasetArn, [row]);
    await markSent(options.dynamodb, {
      table: options.itemsTable,
      keyName: 'itemId',
      key: itemId,
      unsentSince,
    });
  } catch (error) {
    // PutItems takes ten calls a second, and a whole gallery may arrive at once.
    options.logger.info('an item is left to the sweep', { itemId, reason: (error as Error).name });
  }
}
