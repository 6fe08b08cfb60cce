// Which items a visitor likes now, from the events of the likes table: the latest event of an item decides.
//
// A function instance remembers what it read, and asks the visitor's row whether that still holds: each like request changes
// the row in the transaction that stores its events. So a request reads one small row, however much the visitor likes.
import { type DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { rowsOf } from '../data/rows';

interface LikeRow {
  readonly itemId: string;
  readonly liked: boolean;
  readonly occurredAt: string;
  readonly acceptedAt: string;
}

export interface LikedTables {
  readonly likes: string;
  readonly visitors: string;
}

/** What a visitor likes, by item ids. */
export interface Likes {
  readonly liked: ReadonlySet<string>;
  /** Liked once, and no longer. */
  readonly takenBack: ReadonlySet<string>;
}

/** Consistent: a like shows right after it was accepted, by whichever instance. */
export type LikedItems = (visitorId: string) => Promise<Likes>;

interface Remembered {
  readonly version: string;
  readonly likes: Likes;
}

const REMEMBERED_VISITORS = 1000;

/** One for each function instance. */
export function likedItems(client: Pick<DynamoDBClient, 'send'>, tables: LikedTables): LikedItems {
  const remembered = new Map<string, Remembered>();
  return async (visitorId) => {
    // Before the likes: what is read after it may be newer than its version, never older.
    const version = await readVersion(client, tables.visitors, visitorId);
    const known = remembered.get(visitorId);
    if (known && known.version === version) return known.likes;
    const likes = await readLikes(client, tables.likes, visitorId);
    if (remembered.size >= REMEMBERED_VISITORS) remembered.clear();
    if (version !== undefined) remembered.set(visitorId, { version, likes });
    return likes;
  };
}

/** A value that changes with each like request of the visitor; undefined when there is no such visitor. */
async function readVersion(
  client: Pick<DynamoDBClient, 'send'>,
  visitorsTable: string,
  visitorId: string,
): Promise<string | undefined> {
  const { Item } = await client.send(
    new GetItemCommand({
      TableName: visitorsTable,
      Key: { visitorId: { S: visitorId } },
      ProjectionExpression: 'likes, likeEvents',
      ConsistentRead: true,
    }),
  );
  return Item && `${Item.likes?.N ?? 0} ${Item.likeEvents?.N ?? 0}`;
}

/** A device sends one request after the other, in the order of pressing; its clock says only which of one request came later. */
const isLater = (left: LikeRow, right: LikeRow) =>
  left.acceptedAt > right.acceptedAt ||
  (left.acceptedAt === right.acceptedAt && left.occurredAt >= right.occurredAt);

async function readLikes(
  client: Pick<DynamoDBClient, 'send'>,
  likesTable: string,
  visitorId: string,
): Promise<Likes> {
  const latest = new Map<string, LikeRow>();
  const rows = rowsOf((ExclusiveStartKey) =>
    client.send(
      new QueryCommand({
        TableName: likesTable,
        KeyConditionExpression: 'visitorId = :visitor',
        ProjectionExpression: 'itemId, liked, occurredAt, acceptedAt',
        ExpressionAttributeValues: { ':visitor': { S: visitorId } },
        ConsistentRead: true,
        ExclusiveStartKey,
      }),
    ),
  );
  for await (const item of rows) {
    const row = unmarshall(item) as LikeRow;
    const known = latest.get(row.itemId);
    if (!known || isLater(row, known)) latest.set(row.itemId, row);
  }
  const where = (wanted: boolean) =>
    new Set([...latest.values()].filter(({ liked }) => liked === wanted).map(({ itemId }) => itemId));
  return { liked: where(true), takenBack: where(false) };
}
