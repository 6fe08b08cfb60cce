// The files that are not in the gallery, and why: for whoever put them there.
import { type AttributeValue, type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { LIMITS, type RefusedResponse } from '../shared/contract/schemas';

interface Refused {
  readonly itemId: string;
  readonly objectKey?: string;
  readonly refused: string;
}

/** Up to a hundred of them, by name. The whole table is read: an operator asks now and then. */
export async function listRefused(
  client: Pick<DynamoDBClient, 'send'>,
  itemsTable: string,
): Promise<RefusedResponse> {
  const files: RefusedResponse['files'] = [];
  let from: Record<string, AttributeValue> | undefined;
  do {
    const answer = await client.send(
      new ScanCommand({
        TableName: itemsTable,
        FilterExpression: 'attribute_exists(refused)',
        ProjectionExpression: 'itemId, objectKey, refused',
        ExclusiveStartKey: from,
      }),
    );
    for (const row of answer.Items ?? []) {
      const { itemId, objectKey, refused } = unmarshall(row) as Refused;
      files.push({ key: objectKey ?? itemId, reason: refused });
    }
    from = answer.LastEvaluatedKey;
  } while (from);
  files.sort((left, right) => left.key.localeCompare(right.key));
  return { files: files.slice(0, LIMITS.refused), count: files.length };
}
