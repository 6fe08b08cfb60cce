// Sends waiting likes in batches, one request at a time, and tries again with growing pauses while it must.

import { ProblemError } from '../api/problem-error';
import type { LikeBatch, LikeEvent, LikeReceipt } from '../api/types';
import type { Batch, Outbox } from './outbox';
import { likesNamedBy, type RefusedLike } from './refused';

/** What became of some likes. */
export interface SendOutcome {
  readonly saved: readonly LikeEvent[];
  readonly refused: readonly RefusedLike[];
}

/** What the sender needs from outside. */
export interface SenderPorts {
  /** Sends one batch as its visitor. */
  send(visitorId: string, batch: LikeBatch): Promise<LikeReceipt>;
  /** Replaces a visitor whose token is refused; resolves to the new visitor's id. */
  renewVisitor(visitorId: string): Promise<string>;
  /** Called after every change: likes saved, refused, or a new pause. */
  onChange(visitorId: string, outcome: SendOutcome): void;
  /** Runs `action` after `delayMs`; returns what cancels it. */
  schedule(action: () => void, delayMs: number): () => void;
  /** In [0, 1); spreads the second tries of many devices. */
  random(): number;
}

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Likes made quickly one after the other travel together. */
const GATHER_MS = 150;

/** Whatever went wrong here rather than there is no reason to give the likes up either. */
const asProblem = (error: unknown): ProblemError =>
  error instanceof ProblemError ? error : ProblemError.noAnswer(String(error));

/** The one sender of this page. */
export class Sender {
  private sending = false;
  /** The try under way began before the reason to try came: should it fail, the next one does not wait. */
  private again = false;
  private failures = 0;
  private lastTrouble: ProblemError | undefined;
  private cancelTimer: (() => void) | undefined;
  /** After a refusal that named nobody: how many of the next likes travel alone, to find the one at fault. */
  private alone = 0;
  /** Visitors made since the last good answer: a fresh token that is refused too is the server's trouble. */
  private renewals = 0;

  constructor(
    private readonly outbox: Outbox,
    private readonly ports: SenderPorts,
  ) {}

  /** Why the last try failed, while the sender is pausing. */
  get trouble(): ProblemError | undefined {
    return this.lastTrouble;
  }

  /** Call after a like was put into the outbox. A running pause is not shortened. */
  wake(afterMs = GATHER_MS): void {
    if (!this.sending && this.cancelTimer === undefined) this.scheduleIn(afterMs);
  }

  /** Tries at once: the connection is back, or the page has just been opened. */
  retryNow(): void {
    if (this.sending) this.again = true;
    else this.scheduleIn(0);
  }

  private scheduleIn(delayMs: number): void {
    this.cancelTimer?.();
    this.cancelTimer = this.ports.schedule(() => {
      this.cancelTimer = undefined;
      void this.sendAll();
    }, delayMs);
  }

  private async sendAll(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    this.again = false;
    let pauseMs: number | undefined;
    try {
      for (let batch = this.outbox.nextBatch(); batch !== undefined; batch = this.outbox.nextBatch()) {
        pauseMs = await this.sendOne(this.alone > 0 ? { ...batch, events: batch.events.slice(0, 1) } : batch);
        if (pauseMs !== undefined) break;
      }
    } finally {
      this.sending = false;
    }
    if (pauseMs !== undefined) this.scheduleIn(this.again ? 0 : pauseMs);
  }

  /** Sends one batch; resolves to the pause before the next try, or undefined to go on at once. */
  private async sendOne({ visitorId, sessionId, events }: Batch): Promise<number | undefined> {
    try {
      const receipt = await this.ports.send(visitorId, { sessionId, likes: [...events] });
      return this.settle(visitorId, events, receipt);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.status === 401 && this.renewals < 2) return this.renew(visitorId);
      if (problem.temporary || problem.status === 401) return this.pause(visitorId, problem);
      this.refuse(visitorId, events, problem);
      return undefined;
    }
  }

  private settle(
    visitorId: string,
    events: readonly LikeEvent[],
    { accepted, duplicates, rejected }: LikeReceipt,
  ): number | undefined {
    const reasons = new Map(rejected.map(({ eventId, reason }) => [eventId, reason]));
    const taken = new Set([...accepted, ...duplicates]);
    const saved = events.filter(({ eventId }) => taken.has(eventId));
    const refused = events.flatMap((event) => {
      const reason = reasons.get(event.eventId);
      return reason === undefined ? [] : [{ event, reason }];
    });
    this.outbox.remove([...saved, ...refused.map(({ event }) => event)].map(({ eventId }) => eventId));
    if (saved.length + refused.length < events.length) {
      this.ports.onChange(visitorId, { saved, refused });
      return this.pause(visitorId, ProblemError.noAnswer('the answer left likes out'));
    }
    this.lastTrouble = undefined;
    this.failures = 0;
    this.renewals = 0;
    this.alone = Math.max(0, this.alone - 1);
    this.ports.onChange(visitorId, { saved, refused });
    return undefined;
  }

  /** Drops exactly the likes that are at fault; when none is named, sends them one by one to find out. */
  private refuse(visitorId: string, events: readonly LikeEvent[], error: ProblemError): void {
    let refused = likesNamedBy(error, events);
    if (refused.length === 0 && events.length === 1) {
      refused = events.map((event) => ({ event, reason: error.message }));
    }
    this.alone = refused.length === 0 ? events.length : Math.max(0, this.alone - 1);
    this.outbox.remove(refused.map(({ event }) => event.eventId));
    this.ports.onChange(visitorId, { saved: [], refused });
  }

  private async renew(visitorId: string): Promise<number | undefined> {
    this.renewals += 1;
    try {
      this.outbox.reassign(visitorId, await this.ports.renewVisitor(visitorId));
      return undefined;
    } catch (error) {
      return this.pause(visitorId, asProblem(error));
    }
  }

  private pause(visitorId: string, error: ProblemError): number {
    const grown = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
    this.failures += 1;
    this.lastTrouble = error;
    this.ports.onChange(visitorId, { saved: [], refused: [] });
    return error.retryAfterMs ?? grown * (0.5 + this.ports.random() / 2);
  }
}
