// The session id that goes with every like: a UUID, new after 30 minutes of rest.

import { type KeyValueStore, readJson } from './storage';

/** Rest after which the next like begins a new session. */
export const SESSION_REST_MS = 30 * 60 * 1000;

const KEY = 'emotion-gallery.session';

interface StoredSession {
  readonly visitorId: string;
  readonly id: string;
  readonly usedAt: number;
}

/** The next like begins a new session. */
export function endSession(store: KeyValueStore): void {
  store.removeItem(KEY);
}

/** The session to use for a like of `visitorId` at `now`; it is remembered and its rest begins anew. */
export function touchSession(
  store: KeyValueStore,
  visitorId: string,
  now: number,
  newId: () => string,
): string {
  const last = readJson<StoredSession>(store, KEY);
  const goesOn =
    last !== undefined && last.visitorId === visitorId && Math.abs(now - last.usedAt) < SESSION_REST_MS;
  const id = goesOn ? last.id : newId();
  store.setItem(KEY, JSON.stringify({ visitorId, id, usedAt: now } satisfies StoredSession));
  return id;
}
