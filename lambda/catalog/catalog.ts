// Keeps the items table, and Amazon Personalize's items, in step with the pictures under `emotions/`.
//
// EventBridge delivers at least once, in any order, and late. So an event only says where to look: what the bucket has under the name
// now decides. The row is read before the bucket, and written only if nobody wrote it in between, so that what is written last was
// also looked at last.
import { createHash } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import type { S3Client } from '@aws-sdk/client-s3';
import { markSent, UNSENT_PARTITION } from '../shared/data/unsent';
import type { ShownPicture } from '../shared/gallery/image';
import type { Logger } from '../shared/logger';
import { putItems } from '../shared/personalize/records';
import { type Change, type ItemRow, readRow, writeRow } from './item-row';
import { emotionOf } from './key';
import type { ObjectEvent } from './object-event';
import { RefusedPicture } from './pictures/inspect';
import { folderOf, publish, unpublish } from './pictures/published';
import { makeRenditions } from './pictures/renditions';
import { findObject, readObject, type StoredObject } from './stored-object';

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
    const { outcome, change } = await decide(options, { itemId, row, found });
    if (!change) {
      if (row) await clean(options, row, event);
      return outcome;
    }
    const written = await writeRow(options, { itemId, row, at: event.time }, change);
    if (!written) continue;
    await clean(options, written, event);
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

async function decide(options: CatalogOptions, { itemId, row, found }: Situation): Promise<Decision> {
  if (!found) return leave(row);
  const isLookedAt = row?.etag === found.etag && row.objectKey === found.key;
  if (isLookedAt && (row.refused || (row.listed && row.picture))) return { outcome: 'unchanged' };
  try {
    const emotion = emotionOf(itemId);
    const bytes = await readObject(options, found);
    const sha256 = createHash('sha256').update(bytes).digest('base64');
    const { files, contentType, ...shown } = await makeRenditions(bytes);
    const folder = folderOf(itemId, found.etag, (row?.revision ?? 0) + 1);
    await publish(options, folder, files);
    return list(row, found, { emotion, contentType, sha256, picture: { folder, ...shown } });
  } catch (error) {
    if (error instanceof RefusedPicture) return refuse(options, row, found, error.message);
    throw error;
  }
}

interface Listed {
  readonly emotion: string;
  readonly contentType: string;
  /** Of the content, base64: the same picture twice is told by it. */
  readonly sha256: string;
  readonly picture: ShownPicture;
}

function list(
  row: ItemRow | undefined,
  found: StoredObject,
  { emotion, contentType, sha256, picture }: Listed,
): Decision {
  return {
    outcome: 'listed',
    change: change(row, found, {
      expression:
        'SET emotion = :emotion, listed = :emotion, contentType = :contentType, sha256 = :sha256, picture = :picture, ' +
        `createdAt = if_not_exists(createdAt, :at), ${TO_BE_SENT}`,
      remove: ['removedAt', 'refused', 'sendAfter', 'sendFailures'],
      values: {
        ':emotion': emotion,
        ':contentType': contentType,
        ':sha256': sha256,
        ':picture': picture,
        ':unsent': UNSENT_PARTITION,
      },
    }),
  };
}

/** Amazon Personalize cannot delete an item: it is told that the item has left, and leaves it out by its filters. */
function leave(row: ItemRow | undefined): Decision {
  if (!row || row.removedAt) return { outcome: 'unchanged' };
  const wasItem = row.emotion !== undefined;
  return {
    outcome: 'removed',
    change: change(row, undefined, {
      expression: `SET removedAt = :at${wasItem ? `, ${TO_BE_SENT}` : ''}`,
      remove: ['listed', 'picture', 'refused'],
      values: wasItem ? { ':unsent': UNSENT_PARTITION } : {},
    }),
  };
}

function refuse(
  { logger }: CatalogOptions,
  row: ItemRow | undefined,
  found: StoredObject,
  reason: string,
): Decision {
  logger.warn('not a picture of the gallery', { key: found.key, reason });
  const wasItem = row?.emotion !== undefined;
  return {
    outcome: 'refused',
    change: change(row, found, {
      expression:
        'SET refused = :reason, createdAt = if_not_exists(createdAt, :at)' +
        `${wasItem ? `, ${TO_BE_SENT}` : ''}`,
      remove: ['listed', 'picture', 'removedAt'],
      values: { ':reason': reason, ...(wasItem && { ':unsent': UNSENT_PARTITION }) },
    }),
  };
}

interface Wanted {
  readonly expression: string;
  readonly remove: readonly string[];
  readonly values: Record<string, unknown>;
}

/** With what is known of the object, and the renditions that nothing shows any more. */
function change(
  row: ItemRow | undefined,
  found: StoredObject | undefined,
  { expression, remove, values }: Wanted,
): Change {
  const obsolete = [...(row?.obsolete ?? []), ...(row?.picture ? [row.picture.folder] : [])];
  return {
    expression:
      expression +
      (found ? ', #size = :size, etag = :etag, objectKey = :key' : '') +
      (obsolete.length > 0 ? ', obsolete = :obsolete' : '') +
      ` REMOVE ${remove.join(', ')}`,
    ...(found && { names: { '#size': 'size' } }),
    values: {
      ...values,
      ...(found && { ':size': found.size, ':etag': found.etag, ':key': found.key }),
      ...(obsolete.length > 0 && { ':obsolete': obsolete }),
    },
  };
}

/** Takes away what is not shown any more. The distribution hears of it by the bucket's events. */
async function clean(options: CatalogOptions, row: ItemRow, event: ObjectEvent): Promise<void> {
  if (!row.obsolete) return;
  for (const folder of row.obsolete) await unpublish(options, folder);
  const read = { itemId: row.itemId, row, at: event.time };
  // When another event has changed the row meanwhile, that one takes the note away.
  await writeRow(options, read, { expression: 'SET cleanedAt = :at REMOVE obsolete' });
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
