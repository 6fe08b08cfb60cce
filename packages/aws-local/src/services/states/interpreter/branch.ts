// A branch of an execution while it runs: its checkpoint, its place in the history, and the signal that ends it.
import { randomUUID } from 'node:crypto';
import type { Cancel, Clock } from '@emotion-gallery/local-kit/clock';
import type { Machine } from '../language/asl';
import { RuntimeFailure, Stopped } from '../language/failure';
import type { Variables } from '../query/jsonata';
import type { BranchRecord, Checkpoint, Delay, ItemsRecord } from './checkpoint';
import { type EventDraft, type HistoryEvent, MOST_EVENTS, toEvent } from './history';

export type Records = ReadonlyMap<string, BranchRecord | ItemsRecord | undefined>;

/** What the interpreter writes to: all of a record at once, or nothing. */
export interface Journal {
  /** @param records By key; undefined removes one. */
  commit(records: Records, events: readonly HistoryEvent[]): void;
  branch(key: string): BranchRecord | undefined;
  items(key: string): ItemsRecord | undefined;
  /** The keys of all records below a branch: its children's, and theirs. */
  below(key: string): string[];
  /** The id of the last event. */
  readonly lastEventId: number;
}

/** A branch to be run. */
export interface BranchScope {
  /** '' for the execution's own. */
  readonly key: string;
  readonly machine: Machine;
  readonly signal: AbortSignal;
  /** The variables of the states around it. */
  readonly outer: Variables;
  /** What the context object has besides: the item of a Map state. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Events that follow the last state's. */
  readonly atEnd: readonly EventDraft[];
}

export interface BranchProps {
  readonly key: string;
  readonly clock: Clock;
  readonly journal: Journal;
  /** Aborted when the branch must not do anything any more. */
  readonly signal: AbortSignal;
  /** Aborted when the process ends: what is on disk is gone on with by the next one. */
  readonly closing: AbortSignal;
}

export class Branch {
  constructor(
    readonly props: BranchProps,
    private current: Checkpoint,
  ) {}

  get at(): Checkpoint {
    return this.current;
  }

  get key(): string {
    return this.props.key;
  }

  /** @throws Stopped */
  check(): void {
    if (this.props.signal.aborted || this.props.closing.aborted) throw new Stopped();
  }

  /**
   * Writes what has changed and the events that tell of it.
   * @param others Records of other branches that change with it. @throws Stopped, RuntimeFailure when the history is full
   */
  record(change: Partial<Checkpoint>, drafts: readonly EventDraft[] = [], others: Records = new Map()): void {
    if (this.props.signal.aborted) throw new Stopped();
    const { events, lastEvent } = this.place(drafts);
    const next: Checkpoint = { ...this.current, lastEvent, ...change };
    this.props.journal.commit(new Map([[this.key, next], ...others]), events);
    this.current = next;
  }

  /** Writes the end of the branch, which another branch's record follows. */
  end(output: string, drafts: readonly EventDraft[]): number {
    if (this.props.signal.aborted) throw new Stopped();
    const { events, lastEvent } = this.place(drafts);
    this.props.journal.commit(new Map([[this.key, { output, lastEvent }]]), events);
    this.current = { ...this.current, lastEvent };
    return lastEvent;
  }

  /** The id that the next event will have. */
  get nextEventId(): number {
    return this.props.journal.lastEventId + 1;
  }

  private place(drafts: readonly EventDraft[]): { events: HistoryEvent[]; lastEvent: number } {
    let id = this.props.journal.lastEventId;
    // The last place is for how the execution ended.
    if (id + drafts.length >= MOST_EVENTS) throw new HistoryFull();
    let { lastEvent } = this.current;
    const events = drafts.map((draft) => {
      id += 1;
      const event = toEvent(draft, id, lastEvent, this.props.clock.now());
      if (!draft.isAside) lastEvent = id;
      return event;
    });
    return { events, lastEvent };
  }

  delay(ms: number): Delay {
    return { since: this.props.clock.now(), ms };
  }

  /** Waits for what is left of a delay. @throws Stopped */
  async rest({ since, ms }: Delay): Promise<void> {
    const { clock } = this.props;
    const left = ms - (clock.now() - since) * clock.speed;
    this.check();
    let cancel: Cancel = () => undefined;
    await this.unlessStopped(
      new Promise<void>((resolve) => {
        cancel = clock.after(Math.max(0, left), resolve);
      }),
    ).finally(() => cancel());
  }

  /** Waits for a promise, or for the end of the branch or of the process. @throws Stopped */
  async unlessStopped<T>(work: Promise<T>): Promise<T> {
    return unlessAborted(work, [this.props.signal, this.props.closing]);
  }

  /** A name for what is done just once. */
  token(): string {
    return randomUUID();
  }
}

/** Ends the execution, whatever its states would catch. */
export class HistoryFull extends RuntimeFailure {
  constructor() {
    super(`The execution reached the maximum number of history events (${MOST_EVENTS}).`);
  }
}

/** @throws Stopped when one of the signals comes first */
export async function unlessAborted<T>(work: Promise<T>, signals: readonly AbortSignal[]): Promise<T> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(new Stopped());
    for (const signal of signals) {
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort);
    }
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', onAbort);
  }
}
