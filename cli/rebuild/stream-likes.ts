// Likes that are too few for an import job are streamed under their own event ids: Amazon Personalize keeps the first event of an
// id, so that doing it twice changes nothing.
import type { PersonalizeEventsClient } from '@aws-sdk/client-personalize-events';
import { putEvents } from '../../lambda/shared/personalize/events';
import { inCalls } from '../../lambda/shared/personalize/records';
import { eventTypeOf, type LikeRecord } from './rows';

/** @param told called after each call with the number of likes sent so far */
export async function streamLikes(
  client: Pick<PersonalizeEventsClient, 'send'>,
  trackingId: string,
  likes: readonly LikeRecord[],
  told: (sent: number) => void,
): Promise<void> {
  let sent = 0;
  const bySession = new Map<string, LikeRecord[]>();
  for (const like of likes) {
    const session = `${like.visitorId} ${like.sessionId}`;
    bySession.set(session, [...(bySession.get(session) ?? []), like]);
  }
  for (const session of bySession.values()) {
    // One PutEvents call takes as many events as PutItems takes items: ten.
    for (const call of inCalls(session)) {
      const [{ visitorId, sessionId }] = call as [LikeRecord];
      const events = call.map((like) => ({ ...like, eventType: eventTypeOf(like) }) as const);
      await putEvents(client, trackingId, { visitorId, sessionId, events });
      sent += call.length;
      told(sent);
    }
  }
}
