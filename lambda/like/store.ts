// Makes likes durable, each exactly once: sends the transaction, and sends it again as long as that can help.
import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type ShardPicker, shardPicker } from '../shared/data/totals';
import type { EntryKey, UndeliveredEntry } from '../shared/data/undelivered';
import { partitionName, UNDELIVERED_PARTITIONS } from '../shared/data/undelivered';
import { busy, unauthorized } from '../shared/http/problem';
import { backoff, isThrottle, isTransient, type Sleep } from '../shared/retry';
import { countLikes, type LikeTables, likeCommand, type PendingLike, readCancellation } from './transaction';

export interface StoreOptions {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly tables: LikeTables;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: Sleep;
}

export interface StoreRequest {
  readonly visitorId: string;
  readonly sessionId: string;
  readonly requestId: string;
  /** Where the likes are to be delivered. */
  readonly trackingId: string;
  readonly likes: readonly PendingLike[];
}

export interface Stored {
  /** The entry that now has to be delivered; absent when every like was a duplicate. */
  readonly entry?: UndeliveredEntry;
  readonly duplicates: readonly string[];
}

export interface LikeStore {
  store(request: StoreRequest): Promise<Stored>;
  /** The entry's removal rides along with the next transaction of this instance. */
  delivered(entry: EntryKey): void;
}

/** Tries that had to wait. What a cancellation only corrects (a count, a duplicate) comes on top. */
const CONTENDED_TRIES = 6;
const CORRECTIONS = 24;
/** Milliseconds. */
const WAIT_BASE_MS = 20;
const WAIT_MAXIMUM_MS = 400;
/** At most five likes a second and instance enter the index of the pictures liked last. Milliseconds. */
const LATEST_EVERY_MS = 200;
const REMEMBERED_VISITORS = 10_000;
/** Removals in one transaction, and kept for later ones; what is dropped here, the sweep finds. */
const REMOVALS_PER_TRANSACTION = 20;
const REMEMBERED_REMOVALS = 200;

const BUSY = 'The likes could not be saved just now; please send the same likes again.';

export function likeStore(options: StoreOptions): LikeStore {
  const { now, random } = options;
  const counts = new Map<string, number>();
  const shards = shardPicker(random);
  let removals: EntryKey[] = [];
  let latestAt = 0;

  const remember = (visitorId: string, count: number) => {
    if (counts.size >= REMEMBERED_VISITORS) counts.clear();
    counts.set(visitorId, count);
  };

  return {
    async store(request) {
      const at = now();
      const showAsLatest = at - latestAt >= LATEST_EVERY_MS;
      const acceptedAt = new Date(at).toISOString();
      const partition = partitionName(Math.floor(random() * UNDELIVERED_PARTITIONS));
      const entry = { partition, entry: `${acceptedAt}#${request.requestId}` };
      const attempt: Attempt = {
        entry,
        acceptedAt,
        showAsLatest,
        likes: request.likes,
        duplicates: [],
        knownCount: counts.get(request.visitorId) ?? 0,
        removals: removals.slice(0, REMOVALS_PER_TRANSACTION),
      };
      const outcome = await send(options, shards, request, attempt);
      remember(request.visitorId, outcome.knownCount + countLikes(outcome.likes));
      const { likes, duplicates } = outcome;
      if (likes.length === 0) return { duplicates };
      if (showAsLatest) latestAt = at;
      const gone = new Set(outcome.removals);
      removals = removals.filter((key) => !gone.has(key));
      const { visitorId, sessionId, trackingId } = request;
      const events = likes.map(({ emotion: _, ...event }) => event);
      return { entry: { ...entry, visitorId, sessionId, trackingId, events, attempts: 0 }, duplicates };
    },
    delivered({ partition, entry }) {
      removals = [...removals, { partition, entry }].slice(-REMEMBERED_REMOVALS);
    },
  };
}

/** What is sent; each failure corrects it. */
interface Attempt {
  readonly entry: EntryKey;
  readonly acceptedAt: string;
  readonly showAsLatest: boolean;
  readonly likes: readonly PendingLike[];
  readonly duplicates: readonly string[];
  readonly knownCount: number;
  readonly removals: readonly EntryKey[];
}

/**
 * Sends the transaction until it holds, or nothing is left to store.
 *
 * @throws HttpProblem 401 when the visitor does not exist, 503 when DynamoDB stays contended or fails
 */
async function send(
  { client, tables, sleep, random }: StoreOptions,
  shards: ShardPicker,
  { visitorId, sessionId, trackingId }: StoreRequest,
  first: Attempt,
): Promise<Attempt> {
  let attempt = first;
  let waits = 0;
  for (let tries = 0; tries < CORRECTIONS && attempt.likes.length > 0; tries += 1) {
    const command = likeCommand(tables, {
      ...attempt,
      visitorId,
      sessionId,
      trackingId,
      shard: shards.current(),
      delivered: attempt.removals,
    });
    try {
      await client.send(command);
      return attempt;
    } catch (error) {
      const { next, contended } = correct(attempt, error);
      attempt = next;
      if (!contended) continue;
      shards.move();
      if (waits === CONTENDED_TRIES) throw busy(BUSY);
      await sleep(backoff(waits, WAIT_BASE_MS, WAIT_MAXIMUM_MS, random));
      waits += 1;
    }
  }
  if (attempt.likes.length > 0) throw busy(BUSY);
  return attempt;
}

/** Learns from a failure. After an unclear one (a time-out) nothing is sent again from here: it may have been applied. */
function correct(attempt: Attempt, error: unknown): { next: Attempt; contended: boolean } {
  if (isThrottle(error)) return { next: attempt, contended: true };
  if (!(error instanceof TransactionCanceledException)) throw isTransient(error) ? busy(BUSY) : error;
  const { duplicates, visitor, contended, fatal } = readCancellation(
    attempt.likes,
    error.CancellationReasons ?? [],
  );
  if (fatal.length > 0)
    throw new Error(`the like transaction was cancelled: ${fatal.join(', ')}`, { cause: error });
  if (visitor && !visitor.exists) throw unauthorized('The visitor of this token does not exist here.');
  const next = {
    ...attempt,
    likes: attempt.likes.filter(({ eventId }) => !duplicates.has(eventId)),
    duplicates: [...attempt.duplicates, ...duplicates],
    knownCount: visitor?.likes ?? attempt.knownCount,
    // A removal may be what conflicts (the sweep removes too); the next request takes it along.
    removals: contended ? [] : attempt.removals,
  };
  return { next, contended };
}
