// Which items a visitor likes now, from the events of the likes table: the latest event of an item decides.
//
// A function instance remembers what it read, and asks the visitor's row whether that still holds: each like request changes
// the row in the transaction that stores its events. So a request reads one small row, however much the visitor likes.
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

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

/** The ids of the items that a visitor likes. Consistent: a like shows right after it was accepted, by whichever instance. */
export type LikedItems = (visitorId: string) => Promise<ReadonlySet<string>>;

interface Remembered {
  readonly version: string;
  readonly liked: ReadonlySet<string>;
}

const REMEMBERED_VISITORS = 1000;

/** One for each function instance. */
export function likedItems(client: Pick<DynamoDBClient, 'send'>, tables: LikedTables): LikedItems {
  const remembered = new Map<string, Remembered>();
  return async (visitorId) => {
    // Before the likes: what is read after it may be newer than its version, never older.
    const version = await readVersion(client, tables.visitors, visitorId);
    const known = remembered.get(visitorId);
    if (known && known.version === version) return known.liked;
    const liked = await readLiked(client, tables.likes, visitorId);
    if (remembered.size >= REMEMBERED_VISITORS) remembered.clear();
    if (version !== undefined) remembered.set(visitorId, { version, liked });
    return liked;
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

/** Of two events of one moment, the one accepted later is the later. */
const isLater = (left: LikeRow, right: LikeRow) =>
  left.occurredAt > right.occurredAt ||
  (left.occurredAt === right.occurredAt && left.acceptedAt >= right.acceptedAt);

async function readLiked(
  client: Pick<DynamoDBClient, 'send'>,
  likesTable: string,
  visitorId: string,
): Promise<Set<string>> {
  const latest = new Map<string, LikeRow>();
  let from: Record<string, AttributeValue> | undefined;
  do {
    const answer = await client.send(
      new QueryCommand({
        TableName: likesTable,
        KeyConditionExpression: 'visitorId = :visitor',
        ProjectionExpression: 'itemId, liked, occurredAt, acceptedAt',
        ExpressionAttributeValues: { ':visitor': { S: visitorId } },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    for (const item of answer.Items ?? []) {
      const row = unmarshall(item) as LikeRow;
      const known = latest.get(row.itemId);
      if (!known || isLater(row, known)) latest.set(row.itemId, row);
    }
    from = answer.LastEvaluatedKey;
  } while (from);
  return new Set([...latest.values()].filter(({ liked }) => liked).map(({ itemId }) => itemId));
}
