// MinimumReached: told to EventBridge when the likes first suffice for a training. Claimed by a conditional write, so
// that of all instances one sends it; a claim whose holder died before marking it is taken over.
import { createHash } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { ProgressResponse } from './contract/schemas';
import { MINIMUM_ROW, type Totals, type TotalsReading } from './data/totals';
import type { Logger } from './logger';
import { usersNeeded } from './users-needed';

export interface Minimum {
  readonly users: number;
  readonly interactions: number;
}

export const MINIMUM_REACHED = { source: 'emotion-gallery', detailType: 'MinimumReached' } as const;

/** A claim that is not announced after this was lost with its instance. Milliseconds. */
const CLAIM_HOLDS_MS = 60_000;

export interface Suffices extends Minimum {
  /** Whether this many suffice, as far as they are counted one by one. */
  readonly isEnough: boolean;
}

/** What these totals need. */
export function neededBy({ users, qualifiedUsers, interactions }: Totals, minimum: Minimum): Suffices {
  const needed = { users: usersNeeded(users, minimum.users), interactions: minimum.interactions };
  const isEnough = qualifiedUsers >= needed.users && interactions >= needed.interactions;
  return { ...needed, isEnough };
}

/** It is reached once the controller has found that Amazon Personalize counts as many: pages promise a training then. */
export function progressOf(reading: TotalsReading, minimum: Minimum): ProgressResponse {
  const { users, qualifiedUsers, interactions, undelivered, confirmed } = reading;
  const { isEnough, ...needed } = neededBy(reading, minimum);
  return {
    ...{ users, qualifiedUsers, interactions, minimum: needed, reached: isEnough && confirmed },
    ...(!confirmed && undelivered > 0 && { undelivered }),
  };
}

/** The same for one dataset group always, so that a consumer can drop a repeat after a crash. */
export function minimumReachedId(datasetGroupArn: string): string {
  return createHash('sha256').update(`minimum-reached:${datasetGroupArn}`).digest('hex').slice(0, 32);
}

export interface AnnounceOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  readonly totalsTable: string;
  readonly datasetGroupArn: string;
  readonly minimum: Minimum;
  readonly logger: Pick<Logger, 'info'>;
  readonly now: () => number;
}

/** Sends MinimumReached if it is due and this caller gets the claim. @throws Error when EventBridge refuses it */
export async function announceMinimum(options: AnnounceOptions, reading: TotalsReading): Promise<void> {
  const { isEnough, ...minimum } = neededBy(reading, options.minimum);
  if (!isEnough || reading.announced || !(await claim(options))) return;
  const { users, qualifiedUsers, interactions } = reading;
  const progress = { users, qualifiedUsers, interactions, minimum };
  const { datasetGroupArn, eventBridge, logger } = options;
  const detail = { id: minimumReachedId(datasetGroupArn), datasetGroupArn, progress };
  const answer = await eventBridge.send(
    new PutEventsCommand({
      Entries: [
        {
          Source: MINIMUM_REACHED.source,
          DetailType: MINIMUM_REACHED.detailType,
          Detail: JSON.stringify(detail),
          Resources: [datasetGroupArn],
        },
      ],
    }),
  );
  if (answer.FailedEntryCount) {
    throw new Error(`EventBridge refused MinimumReached: ${answer.Entries?.[0]?.ErrorCode}`);
  }
  await update(options, 'SET announcedAt = :now', undefined, {});
  logger.info('minimum reached', { ...progress });
}

async function claim(options: AnnounceOptions): Promise<boolean> {
  const lost = new Date(options.now() - CLAIM_HOLDS_MS).toISOString();
  try {
    await update(
      options,
      'SET claimedAt = :now',
      'attribute_not_exists(announcedAt) AND (attribute_not_exists(claimedAt) OR claimedAt < :lost)',
      { ':lost': { S: lost } },
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

async function update(
  { dynamodb, totalsTable, now }: AnnounceOptions,
  expression: string,
  condition: string | undefined,
  values: Record<string, { S: string }>,
): Promise<void> {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: totalsTable,
      Key: { shard: { S: MINIMUM_ROW } },
      UpdateExpression: expression,
      ConditionExpression: condition,
      ExpressionAttributeValues: { ...values, ':now': { S: new Date(now()).toISOString() } },
    }),
  );
}
