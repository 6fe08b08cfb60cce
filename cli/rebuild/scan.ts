// All rows of a table, page by page: constant memory, however long it is.
import { type AttributeValue, type DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';

/** @throws whatever DynamoDB fails with; AccessDeniedException names the missing permission, `dynamodb:Scan` */
export async function* scanRaw(
  client: DynamoDBClient,
  TableName: string,
): AsyncGenerator<Record<string, AttributeValue>> {
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    yield* Items;
  }
}

export async function* scan<T>(client: DynamoDBClient, table: string): AsyncGenerator<T> {
  for await (const row of scanRaw(client, table)) yield unmarshall(row) as T;
}
