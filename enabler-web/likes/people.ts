// Who acts on this device: the current person, and former ones whose likes may still wait to be sent. Each mark of a liked picture has
// its own key in the browser's storage, so that two open tabs never overwrite each other's.

import type { Visitor } from '../api/types';
import { type KeyValueStore, keysWith, readJson } from './storage';

const CURRENT = 'emotion-gallery.person';
const PREFIX = 'emotion-gallery.person.';
const LIKED = 'emotion-gallery.liked.';

/** The people of this device, kept in the browser's storage. */
export class People {
  constructor(private readonly store: KeyValueStore) {}

  /** The person who acts now, or undefined before the first one. */
  current(): Visitor | undefined {
    const id = this.store.getItem(CURRENT);
    return id === null ? undefined : this.find(id);
  }

  find(visitorId: string): Visitor | undefined {
    return readJson<Visitor>(this.store, PREFIX + visitorId);
  }

  /** Makes a visitor the current person. */
  begin(visitor: Visitor): void {
    this.keep(visitor);
    this.store.setItem(CURRENT, visitor.visitorId);
  }

  /** Keeps a visitor whose likes are still to be sent, without making them current. */
  keep({ visitorId, token, expiresAt }: Visitor): void {
    this.store.setItem(PREFIX + visitorId, JSON.stringify({ visitorId, token, expiresAt }));
  }

  /** Hands the marks of a person to the one who takes their place. */
  succeed(formerId: string, visitorId: string): void {
    for (const itemId of this.liked(formerId)) this.setLiked(visitorId, itemId, true);
  }

  /** Item ids that a person likes now. */
  liked(visitorId: string): string[] {
    const prefix = this.likedKey(visitorId, '');
    return keysWith(this.store, prefix).map((key) => key.slice(prefix.length));
  }

  isLiked(visitorId: string, itemId: string): boolean {
    return this.store.getItem(this.likedKey(visitorId, itemId)) !== null;
  }

  /** Notes whether a person likes an item now. */
  setLiked(visitorId: string, itemId: string, liked: boolean): void {
    if (liked) this.store.setItem(this.likedKey(visitorId, itemId), '1');
    else this.store.removeItem(this.likedKey(visitorId, itemId));
  }

  private likedKey(visitorId: string, itemId: string): string {
    return `${LIKED}${visitorId}.${itemId}`;
  }

  /** Forgets the current person; the next one is another visitor. */
  leave(visitorId: string): void {
    this.store.removeItem(CURRENT);
    this.forget(visitorId);
  }

  /** Forgets a person who is not current and has nothing left to send. */
  forget(visitorId: string): void {
    if (this.store.getItem(CURRENT) === visitorId) return;
    this.store.removeItem(PREFIX + visitorId);
    for (const itemId of this.liked(visitorId)) this.setLiked(visitorId, itemId, false);
  }
}
