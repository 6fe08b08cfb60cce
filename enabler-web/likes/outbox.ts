// Likes that the server has not confirmed yet. They survive a reload: each has its own key in the browser's storage,
// so that two open tabs never overwrite each other's. Sending one twice is harmless: its event id is its identity.

import type { LikeEvent } from '../api/types';
import { type KeyValueStore, keysWith, readJson } from './storage';

/** A like on its way. */
export interface OutboxEntry {
  readonly visitorId: string;
  readonly sessionId: string;
  readonly event: LikeEvent;
  /** Order of pressing among likes of the same millisecond. */
  readonly sequence: number;
}

/** Likes that one request may carry: they share a visitor and a session. */
export interface Batch {
  readonly visitorId: string;
  readonly sessionId: string;
  readonly events: readonly LikeEvent[];
}

/** The most likes in one request. */
export const BATCH_SIZE = 10;

const PREFIX = 'emotion-gallery.outbox.';

/** The likes that wait, oldest first. */
export class Outbox {
  private sequence = 0;

  constructor(private readonly store: KeyValueStore) {}

  add(entry: Omit<OutboxEntry, 'sequence'>): void {
    this.write({ ...entry, sequence: this.sequence++ });
  }

  private write(entry: OutboxEntry): void {
    this.store.setItem(PREFIX + entry.event.eventId, JSON.stringify(entry));
  }

  /** All waiting likes in the order in which they were made. */
  entries(): OutboxEntry[] {
    return keysWith(this.store, PREFIX)
      .map((key) => readJson<OutboxEntry>(this.store, key))
      .filter((entry): entry is OutboxEntry => entry !== undefined)
      .sort((a, b) => a.event.occurredAt.localeCompare(b.event.occurredAt) || a.sequence - b.sequence);
  }

  /** When the last of the waiting likes was made, in milliseconds since 1970. */
  lastMoment(): number | undefined {
    const last = this.entries().at(-1);
    return last && Date.parse(last.event.occurredAt);
  }

  /** The oldest likes that can travel together, or undefined when none waits. */
  nextBatch(): Batch | undefined {
    const entries = this.entries();
    const first = entries[0];
    if (first === undefined) return undefined;
    const { visitorId, sessionId } = first;
    const events = entries
      .filter((entry) => entry.visitorId === visitorId && entry.sessionId === sessionId)
      .slice(0, BATCH_SIZE)
      .map((entry) => entry.event);
    return { visitorId, sessionId, events };
  }

  remove(eventIds: Iterable<string>): void {
    for (const eventId of eventIds) this.store.removeItem(PREFIX + eventId);
  }

  /** Drops the waiting likes of a visitor who wants to be forgotten. */
  drop(visitorId: string): void {
    const own = this.entries().filter((entry) => entry.visitorId === visitorId);
    this.remove(own.map(({ event }) => event.eventId));
  }

  /** Hands the waiting likes of a visitor whose token has expired to the one who replaces them. */
  reassign(fromVisitorId: string, toVisitorId: string): void {
    for (const entry of this.entries()) {
      if (entry.visitorId === fromVisitorId) this.write({ ...entry, visitorId: toVisitorId });
    }
  }
}
