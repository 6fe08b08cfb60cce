// The pictures of the gallery, kept by the function instance for a few seconds: pages are cut from memory.
import { type DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { EMOTIONS, type Emotion } from '../contract/emotions';
import { rowsOf } from '../data/rows';
import { fresh } from '../fresh';
import type { ShownPicture } from './image';

export interface Picture {
  readonly itemId: string;
  /** Absent in rows of a release before pictures were looked into, until their file is looked at again. */
  readonly picture?: ShownPicture;
  readonly emotion: Emotion;
  /** ISO 8601. */
  readonly createdAt: string;
}

export type Catalogue = (emotion?: Emotion) => Promise<readonly Picture[]>;

/** A new or removed picture shows after this long. Milliseconds. */
const FRESH_MS = 3000;

/** Reads by the sparse index `pictures`; without an emotion, all pictures. */
export function catalogue(
  client: Pick<DynamoDBClient, 'send'>,
  itemsTable: string,
  now: () => number,
): Catalogue {
  const read = (emotion: Emotion) => fresh(FRESH_MS, now, () => readPictures(client, itemsTable, emotion));
  const byEmotion = new Map(EMOTIONS.map((emotion) => [emotion, read(emotion)]));
  return async (emotion) => {
    const wanted = emotion ? [emotion] : EMOTIONS;
    const lists = await Promise.all(wanted.map((each) => byEmotion.get(each)?.() ?? []));
    return lists.flat();
  };
}

async function readPictures(
  client: Pick<DynamoDBClient, 'send'>,
  itemsTable: string,
  emotion: Emotion,
): Promise<Picture[]> {
  const pictures: Picture[] = [];
  const rows = rowsOf((ExclusiveStartKey) =>
    client.send(
      new QueryCommand({
        TableName: itemsTable,
        IndexName: 'pictures',
        KeyConditionExpression: 'listed = :emotion',
        ProjectionExpression: 'itemId, createdAt, picture',
        ExpressionAttributeValues: { ':emotion': { S: emotion } },
        ExclusiveStartKey,
      }),
    ),
  );
  for await (const row of rows) {
    const { itemId, createdAt, picture } = unmarshall(row);
    pictures.push({ itemId, picture, emotion, createdAt });
  }
  return pictures;
}
