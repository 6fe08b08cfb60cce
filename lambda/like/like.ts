// Accepts a visitor's likes: checks what a schema cannot, makes them durable, delivers them, and leaves to the retry
// queue what could not be delivered.
import type { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { LikeEvent, LikesRequest, LikesResponse } from '../shared/contract/schemas';
import type { EntryKey, UndeliveredEntry } from '../shared/data/undelivered';
import { type FieldError, HttpProblem, invalid } from '../shared/http/problem';
import type { Logger } from '../shared/logger';
import { putEvents } from '../shared/personalize/events';
import { byOurClock } from './clock';
import type { KnownItem, KnownItems } from './known-items';
import type { LikeStore } from './store';
import type { PendingLike } from './transaction';

export interface LikeOptions {
  readonly items: KnownItems;
  readonly store: LikeStore;
  readonly personalize: Pick<PersonalizeEventsClient, 'send'>;
  readonly queue: Pick<SQSClient, 'send'>;
  readonly trackingId: string;
  readonly retryQueueUrl: string;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
  readonly now: () => number;
}

export interface LikeCall {
  readonly visitorId: string;
  readonly requestId: string;
  readonly request: LikesRequest;
}

/**
 * Answers only after everything accepted is durable.
 *
 * @throws HttpProblem 400, 401, 422 (nothing written), 503 (send the same again)
 */
export async function acceptLikes(options: LikeOptions, call: LikeCall): Promise<LikesResponse> {
  const { sessionId } = call.request;
  checkIds(call.request.likes);
  const likes = byOurClock(call.request, options.now());
  const items = await options.items(likes.flatMap(({ itemId, impression }) => [itemId, ...impression]));
  checkItems(likes, items);

  const rejected = likes.filter(({ itemId }) => items.get(itemId)?.removed);
  const pending = likes.filter(({ itemId }) => !items.get(itemId)?.removed);
  const { visitorId, requestId } = call;
  const { trackingId } = options;
  const { entry, duplicates } = pending.length
    ? await options.store.store({
        visitorId,
        sessionId,
        requestId,
        trackingId,
        likes: pending.map(toPending(items)),
      })
    : { entry: undefined, duplicates: [] };
  if (entry) await deliver(options, entry);

  return {
    accepted: entry?.events.map(({ eventId }) => eventId) ?? [],
    duplicates: [...duplicates],
    rejected: rejected.map(({ eventId }) => ({ eventId, reason: 'removed: the picture left the gallery' })),
  };
}

function checkIds(likes: readonly LikeEvent[]): void {
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  likes.forEach(({ eventId }, index) => {
    if (seen.has(eventId))
      errors.push({ field: `likes[${index}].eventId`, message: 'is twice in this request' });
    seen.add(eventId);
  });
  if (errors.length > 0) throw invalid(...errors);
}

function checkItems(likes: readonly LikeEvent[], items: ReadonlyMap<string, KnownItem>): void {
  const errors: FieldError[] = [];
  const check = (itemId: string, field: string) => {
    if (!items.has(itemId)) errors.push({ field, message: 'is not an item of this gallery' });
  };
  likes.forEach((like, index) => {
    check(like.itemId, `likes[${index}].itemId`);
    like.impression.forEach((itemId, place) => {
      check(itemId, `likes[${index}].impression[${place}]`);
    });
  });
  if (errors.length === 0) return;
  throw new HttpProblem(422, `Unknown items: ${errors.map(({ field }) => field).join(', ')}.`, errors);
}

function toPending(items: ReadonlyMap<string, KnownItem>) {
  return ({ liked, eventId, itemId, occurredAt, impression, recommendationId }: LikeEvent): PendingLike => {
    const item = items.get(itemId);
    if (!item) throw new Error('an unchecked item reached the store');
    return {
      eventId,
      eventType: liked ? 'like' : 'unlike',
      itemId,
      occurredAt,
      emotion: item.emotion,
      ...(impression.length > 0 && { impression }),
      ...(recommendationId && { recommendationId }),
    };
  };
}

/** Delivers now or leaves it to the retry queue; when that fails too, the sweep finds the entry. Never throws. */
async function deliver(options: LikeOptions, entry: UndeliveredEntry): Promise<void> {
  try {
    await putEvents(options.personalize, options.trackingId, entry);
    options.store.delivered(entry);
  } catch (error) {
    options.logger.warn('delivery deferred to the retry queue', { reason: (error as Error).name });
    await enqueue(options, entry);
  }
}

async function enqueue(
  { queue, retryQueueUrl, logger }: LikeOptions,
  entry: UndeliveredEntry,
): Promise<void> {
  const key: EntryKey = { partition: entry.partition, entry: entry.entry };
  try {
    await queue.send(new SendMessageCommand({ QueueUrl: retryQueueUrl, MessageBody: JSON.stringify(key) }));
  } catch (error) {
    logger.error('the retry queue did not take an entry; the sweep will deliver it', {
      reason: (error as Error).name,
    });
  }
}
