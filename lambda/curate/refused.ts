// The files that are not in the gallery, and why: for whoever put them there.
import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { LIMITS, type RefusedResponse } from '../shared/contract/schemas';
import { rowsOf } from '../shared/data/rows';

interface Refused {
  readonly itemId: string;
  readonly objectKey?: string;
  readonly refused: string;
}

/** Up to a hundred of them, by name. The whole table is read: the console asks every few minutes. */
export async function listRefused(
  client: Pick<DynamoDBClient, 'send'>,
  itemsTable: string,
): Promise<RefusedResponse> {
  const files: RefusedResponse['files'] = [];
  const rows = rowsOf((ExclusiveStartKey) =>
    client.send(
      new ScanCommand({
        TableName: itemsTable,
        FilterExpression: 'attribute_exists(refused)',
        ProjectionExpression: 'itemId, objectKey, refused',
        ExclusiveStartKey,
      }),
    ),
  );
  for await (const row of rows) {
    const { itemId, objectKey, refused } = unmarshall(row) as Refused;
    files.push({ key: objectKey ?? itemId, reason: refused });
  }
  files.sort((left, right) => left.key.localeCompare(right.key));
  return { files: files.slice(0, LIMITS.refused), count: files.length };
}
