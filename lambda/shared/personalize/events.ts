// Likes as Amazon Personalize gets them: one PutEvents call a request of one visitor in one session.
// https://docs.aws.amazon.com/personalize/latest/dg/recording-item-interaction-events.html
import {
  type Event,
  type PersonalizeEventsClient,
  PutEventsCommand,
} from '@aws-sdk/client-personalize-events';
import type { StoredEvent, UndeliveredEntry } from '../data/undelivered';

/** EVENT_VALUE of the interactions schema: what was liked is worth 1, what was taken back 0. */
export const EVENT_VALUE = { like: 1, unlike: 0 } as const;

/** Every column of our schema is one of PutEvents' own members, so there are no `properties`. */
function toEvent(event: StoredEvent): Event {
  return {
    eventId: event.eventId,
    eventType: event.eventType,
    eventValue: EVENT_VALUE[event.eventType],
    itemId: event.itemId,
    sentAt: new Date(event.occurredAt),
    ...(event.impression?.length && { impression: [...event.impression] }),
    ...(event.recommendationId && { recommendationId: event.recommendationId }),
  };
}

/** Delivers an entry. Safe to repeat: Amazon Personalize keeps the first event of an event id. */
export async function putEvents(
  client: Pick<PersonalizeEventsClient, 'send'>,
  trackingId: string,
  entry: Pick<UndeliveredEntry, 'visitorId' | 'sessionId' | 'events'>,
): Promise<void> {
  await client.send(
    new PutEventsCommand({
      trackingId,
      userId: entry.visitorId,
      sessionId: entry.sessionId,
      eventList: entry.events.map(toEvent),
    }),
  );
}
