// Where likes are given: remembers who likes what, keeps unsent likes safe, and has them sent.

import type { ApiClient } from '../api/client';
import { ProblemError } from '../api/problem-error';
import type { GalleryImage, LikeEvent, Visitor } from '../api/types';
import type { Emotion } from '../emotions';
import { Outbox } from './outbox';
import { People } from './people';
import type { RefusedLike } from './refused';
import { Sender } from './sender';
import { endSession, touchSession } from './session';
import type { KeyValueStore } from './storage';

/** Likes that each person is asked for. */
export const GOAL = 40;

/** The most items that a like's impression may name. */
const IMPRESSION_SIZE = 25;

/** What happened at the desk. */
export interface DeskChange {
  readonly saved: readonly LikeEvent[];
  readonly refused: readonly RefusedLike[];
  /** A visitor whose token had expired was replaced. */
  readonly renewed?: boolean;
}

/** What the desk needs from outside. */
export interface DeskPorts {
  readonly store: KeyValueStore;
  readonly api: Pick<ApiClient, 'createVisitor' | 'sendLikes' | 'forgetVisitor'>;
  now(): number;
  newId(): string;
  random(): number;
  schedule(action: () => void, delayMs: number): () => void;
  locale(): string;
}

/** How long another tab is given to send its likes itself. */
const OTHER_TAB_MS = 5_000;

const NOTHING: DeskChange = { saved: [], refused: [] };

/** The like desk of a page. */
export class LikeDesk {
  private readonly outbox: Outbox;
  private readonly people: People;
  private readonly sender: Sender;
  private readonly listeners = new Set<(change: DeskChange) => void>();
  private arriving: Promise<Visitor> | undefined;

  constructor(private readonly ports: DeskPorts) {
    this.outbox = new Outbox(ports.store);
    this.people = new People(ports.store);
    this.sender = new Sender(this.outbox, {
      send: (visitorId, batch) =>
        ports.api.sendLikes(this.people.find(visitorId)?.token ?? '', {
          ...batch,
          sentAt: new Date(ports.now()).toISOString(),
        }),
      renewVisitor: (visitorId) => this.renew(visitorId),
      onChange: (visitorId, outcome) => this.onOutcome(visitorId, outcome),
      schedule: ports.schedule,
      random: ports.random,
    });
  }

  /** Calls `listener` after every change; returns what ends that. */
  subscribe(listener: (change: DeskChange) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private tell(change: DeskChange): void {
    for (const listener of this.listeners) listener(change);
  }

  /** The current person; the first call makes one. Whether their token is still good only the server can tell, not this clock. */
  person(emotion?: Emotion): Promise<Visitor> {
    const current = this.people.current();
    if (current !== undefined) return Promise.resolve(current);
    this.arriving ??= this.arrive(emotion).finally(() => {
      this.arriving = undefined;
    });
    return this.arriving;
  }

  private async arrive(emotion: Emotion | undefined): Promise<Visitor> {
    const visitor = await this.ports.api.createVisitor({ emotion, locale: this.ports.locale() });
    this.people.begin(visitor);
    return visitor;
  }

  /** Calls as the current person; when their token is refused, once more as the visitor who replaces them. */
  async asPerson<T>(emotion: Emotion | undefined, call: (token: string) => Promise<T>): Promise<T> {
    const person = await this.person(emotion);
    try {
      return await call(person.token);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
      this.outbox.reassign(person.visitorId, await this.renew(person.visitorId));
      return call((await this.person()).token);
    }
  }

  /** A new visitor for one whose token was refused. A former person's successor does not become current. */
  async renew(visitorId: string): Promise<string> {
    const current = this.people.current();
    if (
      current !== undefined &&
      current.visitorId !== visitorId &&
      this.people.find(visitorId) === undefined
    ) {
      return current.visitorId;
    }
    const visitor = await this.ports.api.createVisitor({ locale: this.ports.locale() });
    if (current === undefined || current.visitorId === visitorId) this.people.begin(visitor);
    else this.people.keep(visitor);
    this.people.succeed(visitorId, visitor.visitorId);
    this.people.forget(visitorId);
    this.tell({ ...NOTHING, renewed: true });
    return visitor.visitorId;
  }

  /** Gives the device to another person; likes of the former one are still sent as theirs. */
  handOver(visitor: Visitor): void {
    const former = this.people.current();
    this.people.begin(visitor);
    if (
      former !== undefined &&
      !this.outbox.entries().some((entry) => entry.visitorId === former.visitorId)
    ) {
      this.people.forget(former.visitorId);
    }
    this.tell(NOTHING);
  }

  /** Whether there is somebody here whose likes could be deleted. */
  get isKnown(): boolean {
    return this.people.current() !== undefined;
  }

  /**
   * Deletes all that is known of the current person, here and there. What waits is not sent any more; whoever likes next is somebody new.
   * @throws ProblemError when it could not be deleted there: then everything is as before
   */
  async forgetMe(): Promise<void> {
    const person = this.people.current();
    if (person === undefined) return;
    try {
      await this.ports.api.forgetVisitor(person.token);
    } catch (error) {
      // A token that is refused is of nobody any more.
      if (!(error instanceof ProblemError) || error.status !== 401) throw error;
    }
    this.outbox.drop(person.visitorId);
    this.people.leave(person.visitorId);
    endSession(this.ports.store);
    this.tell(NOTHING);
  }

  /** Takes over what the server knows the current person to like, except where a newer change still waits. */
  learn(images: readonly GalleryImage[]): void {
    const person = this.people.current();
    if (person === undefined) return;
    for (const { itemId, liked } of images) {
      if (liked && !this.isWaiting(itemId)) this.people.setLiked(person.visitorId, itemId, true);
    }
    this.tell(NOTHING);
  }

  /**
   * Likes an item, or takes the like back.
   * @param inView item ids that were in view, for the impression
   * @returns whether the item is liked now
   */
  toggle(itemId: string, inView: readonly string[], recommendationId?: string): boolean {
    const person = this.people.current();
    if (person === undefined) throw new Error('nobody is here yet: call person() first');
    const { visitorId } = person;
    const liked = !this.people.isLiked(visitorId, itemId);
    const impression = [itemId, ...inView.filter((other) => other !== itemId)].slice(0, IMPRESSION_SIZE);
    const now = this.ports.now();
    // A clock that is put back must not change the order of what waits.
    const occurredAt = new Date(Math.max(now, (this.outbox.lastMoment() ?? 0) + 1)).toISOString();
    this.people.setLiked(visitorId, itemId, liked);
    this.outbox.add({
      visitorId,
      sessionId: touchSession(this.ports.store, visitorId, now, this.ports.newId),
      event: { eventId: this.ports.newId(), itemId, liked, impression, recommendationId, occurredAt },
    });
    this.sender.wake();
    this.tell(NOTHING);
    return liked;
  }

  isLiked(itemId: string): boolean {
    const person = this.people.current();
    return person !== undefined && this.people.isLiked(person.visitorId, itemId);
  }

  isWaiting(itemId: string): boolean {
    const visitorId = this.people.current()?.visitorId;
    return this.outbox
      .entries()
      .some((entry) => entry.visitorId === visitorId && entry.event.itemId === itemId);
  }

  /** Items whose change waits to be sent, for the current person. */
  waitingItems(): ReadonlySet<string> {
    const visitorId = this.people.current()?.visitorId;
    const own = this.outbox.entries().filter((entry) => entry.visitorId === visitorId);
    return new Set(own.map((entry) => entry.event.itemId));
  }

  /** How many pictures the current person likes now. */
  get count(): number {
    const person = this.people.current();
    return person === undefined ? 0 : this.people.liked(person.visitorId).length;
  }

  /** How many likes of this device wait, former people's included. */
  get waiting(): number {
    return this.outbox.entries().length;
  }

  /** Why the last try to send failed. */
  get trouble(): ProblemError | undefined {
    return this.sender.trouble;
  }

  /** Another tab of this browser liked something, or sent what waited. Should it close before it has sent, this one does. */
  storeChanged(): void {
    if (this.waiting > 0) this.sender.wake(OTHER_TAB_MS);
    this.tell(NOTHING);
  }

  /** Sends what waits at once: the page was opened, or the connection is back. */
  retryNow(): void {
    if (this.waiting > 0) this.sender.retryNow();
  }

  private onOutcome(visitorId: string, outcome: DeskChange): void {
    for (const { event } of outcome.refused) {
      this.people.setLiked(visitorId, event.itemId, !event.liked);
    }
    this.tell(outcome);
  }
}
