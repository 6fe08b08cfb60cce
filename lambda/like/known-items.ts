// Which items exist, remembered by the function instance: in the steady case a like reads no item from DynamoDB.
import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Emotion } from '../shared/contract/emotions';
import { busy } from '../shared/http/problem';
import { backoff, type Sleep } from '../shared/retry';

export interface KnownItem {
  readonly emotion: Emotion;
  /** It was in the gallery once and is no longer. */
  readonly removed: boolean;
}

export interface KnownItemsOptions {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly table: string;
  readonly now: () => number;
  readonly random: () => number;
  readonly sleep: Sleep;
}

export type KnownItems = (itemIds: Iterable<string>) => Promise<Map<string, KnownItem>>;

/** A removal reaches a warm instance after this long at the latest. Milliseconds. */
const REMEMBERED_MS = 10 * 60_000;
const REMEMBERED_ITEMS = 20_000;
/** BatchGetItem's limit. */
const KEYS_PER_READ = 100;
const READ_TRIES = 4;

/** A lookup of items by id; ids that do not exist are absent from its answer. */
export function knownItems(options: KnownItemsOptions): KnownItems {
  const remembered = new Map<string, KnownItem & { readonly until: number }>();

  const lookup: KnownItems = async (itemIds) => {
    const ids = [...new Set(itemIds)];
    const now = options.now();
    const unseen = ids.filter((id) => (remembered.get(id)?.until ?? 0) <= now);
    if (remembered.size + unseen.length > REMEMBERED_ITEMS) remembered.clear();
    for (let start = 0; start < unseen.length; start += KEYS_PER_READ) {
      const batch = unseen.slice(start, start + KEYS_PER_READ);
      for (const id of batch) remembered.delete(id);
      for (const [id, item] of await readItems(options, batch)) {
        remembered.set(id, { ...item, until: now + REMEMBERED_MS });
      }
    }
    const found = new Map<string, KnownItem>();
    for (const id of ids) {
      const item = remembered.get(id);
      if (item) found.set(id, item);
    }
    return found;
  };
  return lookup;
}

async function readItems(
  { client, table, random, sleep }: KnownItemsOptions,
  ids: readonly string[],
): Promise<Map<string, KnownItem>> {
  const found = new Map<string, KnownItem>();
  let keys: Record<string, { S: string }>[] = ids.map((id) => ({ itemId: { S: id } }));
  for (let attempt = 0; attempt < READ_TRIES; attempt += 1) {
    const request = { Keys: keys, ProjectionExpression: 'itemId, emotion, removedAt, refused' };
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: request } }));
    for (const row of answer.Responses?.[table] ?? []) {
      const { itemId, emotion, removedAt, refused } = unmarshall(row);
      if (refused === undefined && emotion !== undefined)
        found.set(itemId, { emotion, removed: removedAt !== undefined });
    }
    keys = (answer.UnprocessedKeys?.[table]?.Keys ?? []) as typeof keys;
    if (keys.length === 0) return found;
    await sleep(backoff(attempt, 50, 400, random));
  }
  throw busy('The pictures could not be looked up just now; please send the same likes again.');
}
