// The totals: 64 shards that are added up. A like adds to one of them, so 1,000 likes a second have no hot key: an
// instance stays on a shard of its own until a conflict moves it to another, and instances settle apart.
import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { busy } from '../http/problem';
import { backoff, type Sleep } from '../retry';

export const SHARDS = 64;

/**
 * The row that says whether MinimumReached was claimed and announced, and what the controller counted. Its counts are those that Amazon
 * Personalize will not count, below zero: so they are in the sum.
 */
export const MINIMUM_ROW = 'minimum';

export interface Totals {
  /** Visitors with one like event or more. */
  readonly users: number;
  /** Visitors with two like events or more. */
  readonly qualifiedUsers: number;
  /** Like events, unlikes not among them. */
  readonly interactions: number;
}

/** What was accepted, and Amazon Personalize will not count: it has not got it, or it is there twice. */
export type Uncounted = Pick<Totals, 'qualifiedUsers' | 'interactions'>;

export interface TotalsReading extends Totals {
  /** Not in the counts beside it; found by the controller before the first training. */
  readonly uncounted: Uncounted;
  /** Likes that were accepted, and that Amazon Personalize had not got when the controller counted last. */
  readonly undelivered: number;
  /** The controller found that Amazon Personalize counts enough. */
  readonly confirmed: boolean;
  /** MinimumReached was sent and marked so. */
  readonly announced: boolean;
}

export function shardName(index: number): string {
  return String(index).padStart(2, '0');
}

export interface ShardPicker {
  current(): string;
  /** Moves to another shard, after a conflict or a throttle on this one. */
  move(): void;
}

/** @param random uniform in [0, 1) */
export function shardPicker(random: () => number): ShardPicker {
  let index = Math.floor(random() * SHARDS);
  return {
    current: () => shardName(index),
    move: () => {
      index = (index + 1 + Math.floor(random() * (SHARDS - 1))) % SHARDS;
    },
  };
}

/** Tries for the keys that DynamoDB left out of its answer. */
const READ_TRIES = 5;

/** Adds up all shards: 65 keys, one BatchGetItem, no scan. @throws HttpProblem 503 when DynamoDB keeps leaving keys out */
export async function readTotals(
  client: Pick<DynamoDBClient, 'send'>,
  table: string,
  { random, sleep }: { random: () => number; sleep: Sleep },
): Promise<TotalsReading> {
  const names = [...Array.from({ length: SHARDS }, (_, index) => shardName(index)), MINIMUM_ROW];
  let keys: { shard: { S: string } }[] = names.map((shard) => ({ shard: { S: shard } }));
  const sum = { users: 0, qualifiedUsers: 0, interactions: 0 };
  let counted = { undelivered: 0, confirmed: false, announced: false };
  let uncounted: Uncounted = { qualifiedUsers: 0, interactions: 0 };
  for (let attempt = 0; attempt < READ_TRIES; attempt += 1) {
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } }));
    for (const row of answer.Responses?.[table] ?? []) {
      const { shard, users = 0, qualifiedUsers = 0, interactions = 0, ...rest } = unmarshall(row);
      if (shard === MINIMUM_ROW) {
        const { undelivered = 0, confirmedAt, announcedAt } = rest;
        counted = { undelivered, confirmed: confirmedAt !== undefined, announced: announcedAt !== undefined };
        uncounted = { qualifiedUsers: -qualifiedUsers, interactions: -interactions };
      }
      sum.users += users;
      sum.qualifiedUsers += qualifiedUsers;
      sum.interactions += interactions;
    }
    keys = (answer.UnprocessedKeys?.[table]?.Keys ?? []) as typeof keys;
    if (keys.length === 0) return { ...sum, ...counted, uncounted };
    await sleep(backoff(attempt, 50, 400, random));
  }
  throw busy(`The totals cannot be read just now: ${keys.length} shards were left out ${READ_TRIES} times.`);
}
