// The mark that a row (visitor or item) is not yet in Amazon Personalize. It is set with the row itself, taken away
// after PutUsers or PutItems succeeded, and found by the sweep through the sparse index `unsent`.
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

export const UNSENT_INDEX = 'unsent';

/** All unsent rows share it: they are few, and gone within a second as a rule. */
export const UNSENT_PARTITION = 'unsent';

export interface UnsentRow {
  readonly table: string;
  readonly keyName: 'visitorId' | 'itemId';
  readonly key: string;
  /** The mark that was sent; a newer one (the row changed meanwhile) stays. */
  readonly unsentSince: string;
}

export async function markSent(client: Pick<DynamoDBClient, 'send'>, row: UnsentRow): Promise<void> {
  try {
    await client.send(
      new UpdateItemCommand({
        TableName: row.table,
        Key: { [row.keyName]: { S: row.key } },
        UpdateExpression: 'REMOVE unsentSince, unsentPartition, sendAfter, sendFailures',
        ConditionExpression: 'unsentSince = :sent',
        ExpressionAttributeValues: { ':sent': { S: row.unsentSince } },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}
