// Pictures that were listed by a release that did not look into files: they are looked at, some at a time, until all are shown.
import { QueryCommand } from '@aws-sdk/client-dynamodb';
import { EMOTIONS } from '../shared/contract/emotions';
import { rowsOf } from '../shared/data/rows';
import { applyObjectEvent, type CatalogOptions } from './catalog';

/** How many were looked at. Ends when `timeLeft` says so; the rest is the next call's. */
export async function lookAgain(
  options: CatalogOptions,
  time: string,
  timeLeft: () => boolean,
): Promise<number> {
  let looked = 0;
  for (const emotion of EMOTIONS) {
    for await (const key of withoutPicture(options, emotion)) {
      if (!timeLeft()) return looked;
      await applyObjectEvent(options, { 'detail-type': 'Object Created', time, detail: { object: { key } } });
      looked += 1;
    }
  }
  return looked;
}

async function* withoutPicture(
  { dynamodb, itemsTable }: CatalogOptions,
  emotion: string,
): AsyncGenerator<string> {
  const rows = rowsOf((ExclusiveStartKey) =>
    dynamodb.send(
      new QueryCommand({
        TableName: itemsTable,
        IndexName: 'pictures',
        KeyConditionExpression: 'listed = :emotion',
        FilterExpression: 'attribute_not_exists(picture)',
        ProjectionExpression: 'itemId',
        ExpressionAttributeValues: { ':emotion': { S: emotion } },
        ExclusiveStartKey,
      }),
    ),
  );
  for await (const { itemId } of rows) if (itemId?.S) yield itemId.S;
}
