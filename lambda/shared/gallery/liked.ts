// Which items a visitor likes now, from the events of the likes table: the latest event of an item decides.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

interface LikeRow {
  readonly itemId: string;
  readonly liked: boolean;
  readonly occurredAt: string;
  readonly acceptedAt: string;
}

/** Of two events of one moment, the one accepted later is the later. */
const isLater = (left: LikeRow, right: LikeRow) =>
  left.occurredAt > right.occurredAt ||
  (left.occurredAt === right.occurredAt && left.acceptedAt >= right.acceptedAt);

/** Consistent, so that a like shows right after it was accepted. */
export async function readLiked(
  client: Pick<DynamoDBClient, 'send'>,
  likesTable: string,
  visitorId: string,
): Promise<Set<string>> {
  const latest = new Map<string, LikeRow>();
  let from: Record<string, { S: string }> | undefined;
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
    from = answer.LastEvaluatedKey as typeof from;
  } while (from);
  return new Set([...latest.values()].filter(({ liked }) => liked).map(({ itemId }) => itemId));
}
