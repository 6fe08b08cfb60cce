// Who acts on this device: the current person, and former ones whose likes may still wait to be sent.

import type { Visitor } from '../api/types';
import { type KeyValueStore, readJson } from './storage';

/** A visitor of this device and which pictures they like now. */
export interface Person extends Visitor {
  readonly liked: readonly string[];
}

const CURRENT = 'emotion-gallery.person';
const PREFIX = 'emotion-gallery.person.';

/** The people of this device, kept in the browser's storage. */
export class People {
  constructor(private readonly store: KeyValueStore) {}

  /** The person who acts now, or undefined before the first one. */
  current(): Person | undefined {
    const id = this.store.getItem(CURRENT);
    return id === null ? undefined : this.find(id);
  }

  find(visitorId: string): Person | undefined {
    return readJson<Person>(this.store, PREFIX + visitorId);
  }

  /** Makes a new visitor the current person, with the likes they bring along. */
  begin(visitor: Visitor, liked: readonly string[] = []): Person {
    const person = this.keep(visitor, liked);
    this.store.setItem(CURRENT, visitor.visitorId);
    return person;
  }

  /** Keeps a visitor whose likes are still to be sent, without making them current. */
  keep(visitor: Visitor, liked: readonly string[] = []): Person {
    const { visitorId, token, expiresAt } = visitor;
    const person: Person = { visitorId, token, expiresAt, liked };
    this.store.setItem(PREFIX + visitorId, JSON.stringify(person));
    return person;
  }

  /** Notes whether a person likes an item now. */
  setLiked(visitorId: string, itemId: string, liked: boolean): void {
    const person = this.find(visitorId);
    if (person === undefined) return;
    const others = person.liked.filter((other) => other !== itemId);
    const changed: Person = { ...person, liked: liked ? [...others, itemId] : others };
    this.store.setItem(PREFIX + visitorId, JSON.stringify(changed));
  }

  /** Forgets a person who is not current and has nothing left to send. */
  forget(visitorId: string): void {
    if (this.store.getItem(CURRENT) === visitorId) return;
    this.store.removeItem(PREFIX + visitorId);
  }
}
