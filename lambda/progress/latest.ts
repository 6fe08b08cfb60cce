// The pictures liked last that are in the gallery, for the board: public, so nothing about who liked them.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type LatestResponse, LIMITS } from '../shared/contract/schemas';
import type { Catalogue } from '../shared/gallery/catalogue';
import { imageOf } from '../shared/gallery/image';

export type LatestImage = LatestResponse['images'][number];

const DAY_MS = 24 * 3600 * 1000;
/** Rows read a day: the same picture may be liked many times in a row. */
const ROWS = 200;

/** Different pictures liked today and yesterday (UTC), newest first. */
export async function readLatest(
  client: Pick<DynamoDBClient, 'send'>,
  { likesTable, catalogue }: { readonly likesTable: string; readonly catalogue: Catalogue },
  now: number,
): Promise<LatestImage[]> {
  const pictures = new Map((await catalogue()).map((picture) => [picture.itemId, picture]));
  const images = new Map<string, LatestImage>();
  for (const at of [now, now - DAY_MS]) {
    const answer = await client.send(
      new QueryCommand({
        TableName: likesTable,
        IndexName: 'latest',
        KeyConditionExpression: '#day = :day',
        ProjectionExpression: 'itemId, acceptedAt',
        ExpressionAttributeNames: { '#day': 'day' },
        ExpressionAttributeValues: { ':day': { S: new Date(at).toISOString().slice(0, 10) } },
        ScanIndexForward: false,
        Limit: ROWS,
      }),
    );
    for (const row of answer.Items ?? []) {
      const { itemId, acceptedAt } = unmarshall(row);
      const picture = pictures.get(itemId);
      if (!picture || images.has(itemId)) continue;
      const { liked: _, ...image } = imageOf(picture, true);
      images.set(itemId, { ...image, likedAt: acceptedAt });
    }
    if (images.size >= LIMITS.latest) break;
  }
  return [...images.values()].slice(0, LIMITS.latest);
}
