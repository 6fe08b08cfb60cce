// Visitors and pictures as Amazon Personalize gets them: PutUsers and PutItems, ten records a call.
// `properties` is JSON in a string, its keys the schema's fields in camel case.
import {
  type PersonalizeEventsClient,
  PutItemsCommand,
  PutUsersCommand,
} from '@aws-sdk/client-personalize-events';

/** The most that one PutUsers or PutItems call takes. */
export const RECORDS_PER_CALL = 10;

export interface UserRecord {
  readonly visitorId: string;
  readonly emotion?: string;
}

/** EMOTION of a picture that is no longer in the gallery: Amazon Personalize cannot delete an item, but leave it out by a filter. */
export const LEFT_THE_GALLERY = 'removed';

export interface ItemRecord {
  readonly itemId: string;
  /** Its emotion, while it is in the gallery. */
  readonly listed?: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** @param users 1 to 10 */
export async function putUsers(
  client: Pick<PersonalizeEventsClient, 'send'>,
  datasetArn: string,
  users: readonly UserRecord[],
): Promise<void> {
  const records = users.map(({ visitorId, emotion }) => ({
    userId: visitorId,
    ...(emotion && { properties: JSON.stringify({ emotion }) }),
  }));
  await client.send(new PutUsersCommand({ datasetArn, users: records }));
}

/** @param items 1 to 10 */
export async function putItems(
  client: Pick<PersonalizeEventsClient, 'send'>,
  datasetArn: string,
  items: readonly ItemRecord[],
): Promise<void> {
  const records = items.map(({ itemId, listed, createdAt }) => ({
    itemId,
    properties: JSON.stringify({
      emotion: listed ?? LEFT_THE_GALLERY,
      creationTimestamp: Math.floor(Date.parse(createdAt) / 1000),
    }),
  }));
  await client.send(new PutItemsCommand({ datasetArn, items: records }));
}

/** Cuts a list into calls. */
export function inCalls<T>(records: readonly T[]): T[][] {
  const calls: T[][] = [];
  for (let start = 0; start < records.length; start += RECORDS_PER_CALL) {
    calls.push(records.slice(start, start + RECORDS_PER_CALL));
  }
  return calls;
}
