// Entries of the undelivered table: what PutEvents still has to get. An entry lives from the like's transaction until
// Amazon Personalize has its events; for good when that was another dataset group than the one that it was accepted for.

/** Enough keys that no single one takes more than some thirty writes a second at 1,000 like requests a second. */
export const UNDELIVERED_PARTITIONS = 32;

/** An entry this old outlived the function instance that should have delivered it. Milliseconds. */
export const OVERDUE_AFTER_MS = 60_000;

export interface EntryKey {
  /** `00` … `31`. */
  readonly partition: string;
  /** `<acceptedAt>#<requestId>`: sorts by age. */
  readonly entry: string;
}

export type EventType = 'like' | 'unlike';

/** One event, as it is kept and as PutEvents gets it (there with a Date). */
export interface StoredEvent {
  readonly eventId: string;
  readonly eventType: EventType;
  readonly itemId: string;
  /** ISO 8601. */
  readonly occurredAt: string;
  readonly impression?: readonly string[];
  readonly recommendationId?: string;
}

export interface UndeliveredEntry extends EntryKey {
  readonly visitorId: string;
  readonly sessionId: string;
  /** The event tracker of the deployment that accepted the likes. */
  readonly trackingId?: string;
  /**
   * ISO 8601. Set when another tracker than that one got the events: such an entry stays, because nothing else tells that a dataset
   * has likes that were accepted before it was made (`npm run gallery -- rebuild` must not import them).
   */
  readonly deliveredAt?: string;
  /** 1 to 10 of one visitor and session: one PutEvents call. */
  readonly events: readonly StoredEvent[];
  /** Failed deliveries after the first. */
  readonly attempts: number;
}

export function partitionName(index: number): string {
  return String(index).padStart(2, '0');
}
