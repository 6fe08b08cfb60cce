// Without a model: the pictures liked most today and yesterday, then the newest ones.
import { type AttributeValue, type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { fresh } from '../fresh';
import type { Picture } from '../gallery/catalogue';

/** Likes by item id. The `latest` index holds a sample, so these are proportions rather than numbers. */
export type RecentLikes = () => Promise<ReadonlyMap<string, number>>;

const FRESH_MS = 10_000;
const DAY_MS = 24 * 3600 * 1000;
/** The newest likes of a day that are read. */
const ROWS_PER_DAY = 1000;

export function recentLikes(
  client: Pick<DynamoDBClient, 'send'>,
  likesTable: string,
  now: () => number,
): RecentLikes {
  return fresh(FRESH_MS, now, async () => {
    const counts = new Map<string, number>();
    for (const at of [now(), now() - DAY_MS]) {
      for (const itemId of await likedOn(client, likesTable, new Date(at).toISOString().slice(0, 10))) {
        counts.set(itemId, (counts.get(itemId) ?? 0) + 1);
      }
    }
    return counts;
  });
}

async function likedOn(
  client: Pick<DynamoDBClient, 'send'>,
  likesTable: string,
  day: string,
): Promise<string[]> {
  const itemIds: string[] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: likesTable,
        IndexName: 'latest',
        KeyConditionExpression: '#day = :day',
        ProjectionExpression: 'itemId',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: { ':day': { S: day } },
        ScanIndexForward: false,
        Limit: ROWS_PER_DAY,
        ExclusiveStartKey: from,
      }),
    );
    for (const row of answer.Items ?? []) if (row.itemId?.S) itemIds.push(row.itemId.S);
    from = answer.LastEvaluatedKey;
  } while (from && itemIds.length < ROWS_PER_DAY);
  return itemIds;
}

export interface Ordered {
  readonly source: 'popular' | 'newest';
  readonly pictures: readonly Picture[];
}

/** Most liked first; equally liked ones, as all are at the start, newest first. */
export function withoutModel(pictures: readonly Picture[], likes: ReadonlyMap<string, number>): Ordered {
  const count = ({ itemId }: Picture) => likes.get(itemId) ?? 0;
  const newest = (left: Picture, right: Picture) =>
    right.createdAt.localeCompare(left.createdAt) || left.itemId.localeCompare(right.itemId);
  const ordered = [...pictures].sort((left, right) => count(right) - count(left) || newest(left, right));
  return { source: pictures.some((picture) => count(picture) > 0) ? 'popular' : 'newest', pictures: ordered };
}
