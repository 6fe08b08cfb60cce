// What the tables know of each dataset's columns. A row says what PutItems, PutUsers and PutEvents say of the same thing
// (`lambda/shared/personalize`).
import { MAX_IMPRESSION_LENGTH } from '@emotion-gallery/personalize-rules/schemas';
import { EVENT_VALUE } from '../../lambda/shared/personalize/events';
import { LEFT_THE_GALLERY } from '../../lambda/shared/personalize/records';

/** Column name → text; a column that is not there is one that the tables do not know. */
export type Row = Readonly<Record<string, string | undefined>>;

export interface ItemRecord {
  readonly itemId: string;
  /** What never was a picture of the gallery has none. */
  readonly emotion?: string;
  /** The emotion, while it is in the gallery. */
  readonly listed?: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Why the file is not a picture of the gallery. */
  readonly refused?: string;
}

export interface VisitorRecord {
  readonly visitorId: string;
  readonly emotion?: string;
}

export interface LikeRecord {
  readonly visitorId: string;
  readonly eventId: string;
  readonly itemId: string;
  readonly liked: boolean;
  /** ISO 8601, both. */
  readonly occurredAt: string;
  readonly acceptedAt: string;
  readonly sessionId: string;
  readonly impression?: readonly string[];
  readonly recommendationId?: string;
}

const seconds = (iso: string) => String(Math.floor(Date.parse(iso) / 1000));

export const itemRow = ({ itemId, listed, createdAt }: ItemRecord): Row => ({
  ITEM_ID: itemId,
  CREATION_TIMESTAMP: seconds(createdAt),
  EMOTION: listed ?? LEFT_THE_GALLERY,
});

export const userRow = ({ visitorId, emotion }: VisitorRecord): Row => ({
  USER_ID: visitorId,
  EMOTION: emotion,
});

export const eventTypeOf = ({ liked }: LikeRecord) => (liked ? 'like' : 'unlike');

export function interactionRow(like: LikeRecord): Row {
  const eventType = eventTypeOf(like);
  return {
    USER_ID: like.visitorId,
    ITEM_ID: like.itemId,
    TIMESTAMP: seconds(like.occurredAt),
    EVENT_TYPE: eventType,
    EVENT_VALUE: String(EVENT_VALUE[eventType]),
    IMPRESSION: impressionText(like.impression),
    RECOMMENDATION_ID: like.recommendationId,
  };
}

/** The ids joined by `|`, as many as fit; an id that has the sign itself cannot be told in CSV. */
function impressionText(impression: readonly string[] = []): string | undefined {
  let text = '';
  for (const id of impression) {
    if (id.includes('|')) continue;
    const longer = text === '' ? id : `${text}|${id}`;
    if (longer.length > MAX_IMPRESSION_LENGTH) break;
    text = longer;
  }
  return text === '' ? undefined : text;
}
