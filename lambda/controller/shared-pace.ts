// The pace of all groups' ticks together: Amazon Personalize counts the calls of an account, and each group is ticked by a function's
// instance of its own.
import { ConditionalCheckFailedException, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Pace } from './api';
import type { RunsTable } from './rows';

/** The partition; the sort key is the operation. */
const PACE = 'pace';

/** Waits until nobody else has called an operation for so long, and has others wait after this. */
export function sharedPace(
  { dynamodb, table }: RunsTable,
  { now, sleep }: Pace,
): NonNullable<Pace['others']> {
  return async (operation, interval) => {
    for (let wait = 0; ; ) {
      await sleep(wait);
      const at = now();
      try {
        await dynamodb.send(
          new UpdateItemCommand({
            ...{ TableName: table, Key: { datasetGroup: { S: PACE }, run: { S: operation } } },
            UpdateExpression: 'SET freeAt = :next',
            ConditionExpression: 'attribute_not_exists(freeAt) OR freeAt <= :now',
            ExpressionAttributeValues: { ':next': { N: String(at + interval) }, ':now': { N: String(at) } },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        wait = Math.max(1, Number(error.Item?.freeAt?.N ?? at + interval) - at);
      }
    }
  };
}
