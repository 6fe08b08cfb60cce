// Rows of the items table, as the catalogue reads and writes them: a row is written only if it is still as it was read.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { ShownPicture } from '../shared/gallery/image';

export interface ItemRow {
  readonly itemId: string;
  /** Counts the changes. */
  readonly revision?: number;
  /** Of what is, or was, a picture of the gallery. */
  readonly emotion?: string;
  /** The emotion, while it is in the gallery. */
  readonly listed?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly removedAt?: string;
  /** Why the file is not a picture. */
  readonly refused?: string;
  /** The object that was looked at last: its key, in the form of Unicode that it was stored in, and S3's tag of its content. */
  readonly objectKey?: string;
  readonly etag?: string;
  /** What is shown of it, while it is in the gallery. */
  readonly picture?: ShownPicture;
  /** Folders of renditions that are to be deleted. */
  readonly obsolete?: readonly string[];
  readonly unsentSince?: string;
}

/** An update of a row; `:at` is the event's time. */
export interface Change {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

interface Table {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly itemsTable: string;
}

export async function readRow({ dynamodb, itemsTable }: Table, itemId: string): Promise<ItemRow | undefined> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: itemsTable, Key: { itemId: { S: itemId } }, ConsistentRead: true }),
  );
  return Item && (unmarshall(Item) as ItemRow);
}

interface Read {
  readonly itemId: string;
  /** As it was read; undefined when there was none. */
  readonly row: ItemRow | undefined;
  /** ISO 8601. */
  readonly at: string;
}

/** The row after the change, or nothing when it was changed since it was read. */
export async function writeRow(
  { dynamodb, itemsTable }: Table,
  { itemId, row, at }: Read,
  { expression, names, values }: Change,
): Promise<ItemRow | undefined> {
  const known = row?.revision;
  try {
    const answer = await dynamodb.send(
      new UpdateItemCommand({
        TableName: itemsTable,
        Key: { itemId: { S: itemId } },
        UpdateExpression: expression.replace('SET ', 'SET revision = :next, '),
        ConditionExpression: known === undefined ? 'attribute_not_exists(revision)' : 'revision = :known',
        ExpressionAttributeNames: names,
        ExpressionAttributeValues: marshall(
          {
            ...values,
            ':at': at,
            ':next': (known ?? 0) + 1,
            ...(known !== undefined && { ':known': known }),
          },
          { removeUndefinedValues: true },
        ),
        ReturnValues: 'ALL_NEW',
      }),
    );
    return unmarshall(answer.Attributes ?? {}) as ItemRow;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
