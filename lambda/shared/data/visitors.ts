// Makes visitors: a row, a signed token, and a user in Amazon Personalize. The row comes first and carries the mark
// `unsentSince`, so a user that Amazon Personalize did not take is sent later by the sweep.
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Emotion } from '../contract/emotions';
import type { Logger } from '../logger';
import { inCalls, putUsers } from '../personalize/records';
import { type SignedToken, signToken, type TokenSettings } from '../tokens';
import { markSent, UNSENT_PARTITION } from './unsent';

export interface VisitorOptions {
  readonly dynamodb: Pick<DynamoDBClient, 'send'>;
  readonly personalize: Pick<PersonalizeEventsClient, 'send'>;
  readonly table: string;
  readonly usersDatasetArn: string;
  readonly tokens: TokenSettings;
  readonly tokenDays: number;
  readonly logger: Pick<Logger, 'warn'>;
  readonly now: () => number;
  /** A random UUID. */
  readonly uuid: () => string;
}

export interface NewVisitor {
  readonly emotion?: Emotion;
  readonly locale?: string;
  /** How an operator tells the people on one laptop apart. */
  readonly label?: string;
  readonly madeBy?: 'operator';
}

export interface Visitor extends NewVisitor, SignedToken {
  readonly visitorId: string;
}

const SECONDS_PER_DAY = 24 * 3600;

/** @throws whatever DynamoDB failed with when a row could not be written */
export async function createVisitors(
  options: VisitorOptions,
  wanted: readonly NewVisitor[],
): Promise<Visitor[]> {
  const { tokens, tokenDays, uuid } = options;
  const createdAt = new Date(options.now()).toISOString();
  const visitors = await Promise.all(
    wanted.map(async (visitor) => {
      const visitorId = uuid();
      const signed = await signToken(tokens, 'visitor', visitorId, tokenDays * SECONDS_PER_DAY);
      return { ...visitor, ...signed, visitorId };
    }),
  );
  await Promise.all(visitors.map((visitor) => putRow(options, visitor, createdAt)));
  for (const call of inCalls(visitors)) await introduce(options, call, createdAt);
  return visitors;
}

async function putRow(
  { dynamodb, table }: VisitorOptions,
  visitor: Visitor,
  createdAt: string,
): Promise<void> {
  const { visitorId, emotion, locale, label, madeBy } = visitor;
  const row = {
    ...{ visitorId, emotion, locale, label, madeBy, createdAt },
    ...{ likes: 0, unsentSince: createdAt, unsentPartition: UNSENT_PARTITION },
  };
  const Item = marshall(row, { removeUndefinedValues: true });
  await dynamodb.send(new PutItemCommand({ TableName: table, Item }));
}

/** Sends users on and takes their mark away. Not fatal: the mark stays, and the sweep sends them. */
async function introduce(
  { dynamodb, personalize, table, usersDatasetArn, logger }: VisitorOptions,
  visitors: readonly Visitor[],
  unsentSince: string,
): Promise<void> {
  try {
    await putUsers(personalize, usersDatasetArn, visitors);
    const rows = visitors.map(({ visitorId }) => ({ table, key: visitorId, unsentSince }));
    await Promise.all(rows.map((row) => markSent(dynamodb, { ...row, keyName: 'visitorId' })));
  } catch (error) {
    logger.warn('users are left to the sweep', { reason: (error as Error).name, users: visitors.length });
  }
}
