// What the tables have of one visitor, and its deletion. Each step may be repeated: whoever was interrupted asks again.
import {
  type AttributeValue,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type QueryCommandInput,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { pagesOf } from './rows';
import { shardName } from './totals';
import { partitionName, UNDELIVERED_PARTITIONS } from './undelivered';

export interface VisitorTables {
  readonly visitors: string;
  readonly likes: string;
  readonly totals: string;
  readonly undelivered: string;
}

export interface Forgotten {
  /** Whether there was a row of the visitor. */
  readonly visitor: boolean;
  readonly likes: number;
  readonly undelivered: number;
}

type Client = Pick<DynamoDBClient, 'send'>;

/** Likes that come in while the row is being deleted change it; after a few tries somebody likes faster than we delete. */
const TRIES = 10;
const AT_A_TIME = 25;

/** Somebody likes faster than their likes can be deleted. Nothing was deleted. */
export class StillLiking extends Error {
  override readonly name = 'StillLiking';
}

/** @throws StillLiking */
export async function forgetInTables(
  client: Client,
  tables: VisitorTables,
  visitorId: string,
): Promise<Forgotten> {
  // First the row: without it no like of the visitor is accepted any more.
  const visitor = await deleteVisitor(client, tables, visitorId);
  const likes = await deleteAll(client, tables.likes, ['visitorId', 'eventId'], {
    TableName: tables.likes,
    KeyConditionExpression: 'visitorId = :visitor',
    ExpressionAttributeValues: { ':visitor': { S: visitorId } },
    ConsistentRead: true,
  });
  let undelivered = 0;
  for (let index = 0; index < UNDELIVERED_PARTITIONS; index += 1) {
    undelivered += await deleteAll(client, tables.undelivered, ['partition', 'entry'], {
      TableName: tables.undelivered,
      KeyConditionExpression: '#partition = :partition',
      FilterExpression: 'visitorId = :visitor',
      ExpressionAttributeNames: { '#partition': 'partition' },
      ExpressionAttributeValues: marshall({ ':partition': partitionName(index), ':visitor': visitorId }),
      ConsistentRead: true,
    });
  }
  return { visitor, likes, undelivered };
}

/** The row, and what it added to the totals, in one transaction. */
async function deleteVisitor(client: Client, tables: VisitorTables, visitorId: string): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: tables.visitors,
        Key: { visitorId: { S: visitorId } },
        ConsistentRead: true,
      }),
    );
    if (!Item) return false;
    const { likes = 0 } = unmarshall(Item);
    try {
      await client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            {
              Delete: {
                TableName: tables.visitors,
                Key: { visitorId: { S: visitorId } },
                ConditionExpression: 'likes = :likes',
                ExpressionAttributeValues: marshall({ ':likes': likes }),
              },
            },
            {
              Update: {
                TableName: tables.totals,
                Key: { shard: { S: shardName(0) } },
                UpdateExpression: 'ADD interactions :likes, #users :users, qualifiedUsers :qualified',
                ExpressionAttributeNames: { '#users': 'users' },
                ExpressionAttributeValues: marshall({
                  ':likes': -likes,
                  ':users': likes > 0 ? -1 : 0,
                  ':qualified': likes > 1 ? -1 : 0,
                }),
              },
            },
          ],
        }),
      );
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
    }
  }
  throw new StillLiking('the visitor goes on liking: nothing was deleted');
}

async function deleteAll(
  client: Client,
  TableName: string,
  keyNames: readonly [string, string],
  query: QueryCommandInput,
): Promise<number> {
  let count = 0;
  const pages = pagesOf((ExclusiveStartKey) =>
    client.send(new QueryCommand({ ...query, ExclusiveStartKey })),
  );
  for await (const rows of pages) {
    for (let start = 0; start < rows.length; start += AT_A_TIME) {
      await Promise.all(
        rows.slice(start, start + AT_A_TIME).map((row) => deleteRow(client, TableName, keyNames, row)),
      );
    }
    count += rows.length;
  }
  return count;
}

async function deleteRow(
  client: Client,
  TableName: string,
  keyNames: readonly [string, string],
  row: Record<string, AttributeValue>,
): Promise<void> {
  const Key = Object.fromEntries(keyNames.map((name) => [name, row[name] as AttributeValue]));
  await client.send(new DeleteItemCommand({ TableName, Key }));
}
