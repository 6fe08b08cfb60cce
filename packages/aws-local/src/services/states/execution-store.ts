// Executions on disk: what runs with its branches and events, what has ended as a small record and its packed history. A step of an
// execution, with all that it changes, is one commit: after a crash it is there whole, or was never taken.
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import type { Store, StoreChange, StoredMap } from '@emotion-gallery/local-kit/store';
import type { Execution, Revision } from './execution';
import type { Journal, Records } from './interpreter/branch';
import type { BranchRecord, ItemsRecord } from './interpreter/checkpoint';
import type { HistoryEvent } from './interpreter/history';
import { NotWritten } from './language/failure';

/** AWS keeps executions for 90 days after their end. */
const KEPT_MS = 90 * 24 * 60 * 60 * 1000;

interface PackedHistory {
  /** Raw deflate of the events' JSON, in base64. */
  readonly packed: string;
  readonly stoppedAt: number;
}

export class ExecutionStore {
  readonly executions: StoredMap<Execution>;
  private readonly revisions: StoredMap<Revision>;
  private readonly branches: StoredMap<BranchRecord | ItemsRecord>;
  private readonly events: StoredMap<HistoryEvent>;
  private readonly histories: StoredMap<PackedHistory>;
  /** Of what runs, and of what ended a moment ago. */
  private readonly journals = new Map<string, ExecutionJournal>();

  constructor(
    private readonly store: Store,
    private readonly log: (line: string) => void,
  ) {
    this.executions = store.map('states/executions', ({ stoppedAt }) =>
      stoppedAt === undefined ? Number.POSITIVE_INFINITY : stoppedAt + KEPT_MS,
    );
    this.histories = store.map('states/histories', ({ stoppedAt }) => stoppedAt + KEPT_MS);
    this.revisions = store.map('states/revisions');
    this.branches = store.map('states/branches');
    this.events = store.map('states/events');
  }

  /** Takes up what an earlier process left; returns what was running. */
  open(): Execution[] {
    for (const [key, record] of this.branches.entries()) this.journalOf(key).records.set(restOf(key), record);
    for (const [key, event] of this.events.entries()) this.journalOf(key).events.push(event);
    const executions = [...this.executions.values()];
    const used = new Set(executions.map(({ revision }) => revision));
    const unused = [...this.revisions.keys()].filter((key) => !used.has(key));
    this.revisions.commit(unused.map((key) => ({ key, removed: true })));
    for (const arn of this.journals.keys()) {
      if (this.executions.get(arn)?.status !== 'RUNNING') this.packLater(arn);
    }
    return executions.filter(({ status }) => status === 'RUNNING');
  }

  /** The key that a revision will have. */
  revisionKey(revision: Revision): string {
    return createHash('sha256')
      .update(`${revision.roleArn}\n${revision.definition}`)
      .digest('hex')
      .slice(0, 32);
  }

  revisionOf({ revision }: Execution): Revision {
    const found = this.revisions.get(revision);
    if (!found) throw new Error(`the revision ${revision} of a state machine is missing`);
    return found;
  }

  start(execution: Execution, revision: Revision, root: BranchRecord, event: HistoryEvent): void {
    const { arn } = execution;
    const records = new Map([['', root]]);
    this.store.commit([
      { map: this.executions, key: arn, value: execution },
      { map: this.revisions, key: execution.revision, value: revision },
      ...this.changes(arn, records, [event]),
    ]);
    this.journal(arn).take(records, [event]);
  }

  /** @param told Of the events that an interpreter adds. */
  journal(arn: string, told?: (events: readonly HistoryEvent[]) => void): ExecutionJournal {
    const journal =
      this.journals.get(arn) ??
      new ExecutionJournal((records, events) => this.store.commit(this.changes(arn, records, events)));
    this.journals.set(arn, journal);
    journal.told = told ?? journal.told;
    return journal;
  }

  /** An execution's end, with its last event: from then on it has no branches. @throws NotWritten */
  end(execution: Execution, event: HistoryEvent): void {
    const journal = this.journal(execution.arn);
    const records = journal.removals();
    try {
      this.store.commit([
        { map: this.executions, key: execution.arn, value: execution },
        ...this.changes(execution.arn, records, [event]),
      ]);
    } catch (error) {
      throw new NotWritten(String(error));
    }
    journal.take(records, [event]);
    this.packLater(execution.arn);
  }

  history(arn: string): readonly HistoryEvent[] {
    const { events = [] } = this.journals.get(arn) ?? {};
    if (events.length > 0) return events;
    const packed = this.histories.get(arn)?.packed;
    if (packed === undefined) return [];
    return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString('utf8')) as HistoryEvent[];
  }

  remove(arn: string): void {
    const journal = this.journal(arn);
    this.store.commit([
      { map: this.executions, key: arn, removed: true },
      { map: this.histories, key: arn, removed: true },
      ...this.changes(arn, journal.removals(), []),
      ...this.eventRemovals(arn, journal.events),
    ]);
    this.journals.delete(arn);
  }

  private journalOf(key: string): ExecutionJournal {
    return this.journal(key.slice(0, key.indexOf(' ')));
  }

  private changes(arn: string, records: Records, events: readonly HistoryEvent[]): StoreChange[] {
    return [
      ...[...records].map(([key, value]): StoreChange => {
        const change = { map: this.branches, key: `${arn} ${key}` };
        return value === undefined ? { ...change, removed: true } : { ...change, value };
      }),
      ...events.map((value) => ({ map: this.events, key: `${arn} ${value.id}`, value })),
    ];
  }

  private eventRemovals(arn: string, events: readonly HistoryEvent[]): StoreChange[] {
    return events.map(({ id }) => ({ map: this.events, key: `${arn} ${id}`, removed: true }));
  }

  private packLater(arn: string): void {
    this.pack(arn).catch((error: unknown) =>
      this.log(`the history of ${arn} stays as it is: ${String(error)}`),
    );
  }

  /** Makes one small record of an ended execution's events. Should the process end before, the next one does it. */
  private async pack(arn: string): Promise<void> {
    const { events } = this.journal(arn);
    const packed = (await promisify(deflateRaw)(Buffer.from(JSON.stringify(events)))).toString('base64');
    const stoppedAt = this.executions.get(arn)?.stoppedAt;
    if (stoppedAt === undefined) return;
    this.store.commit([
      { map: this.histories, key: arn, value: { packed, stoppedAt } },
      ...this.eventRemovals(arn, events),
    ]);
    this.journals.delete(arn);
  }
}

function restOf(key: string): string {
  return key.slice(key.indexOf(' ') + 1);
}

/** What an interpreter writes to and reads. */
export class ExecutionJournal implements Journal {
  readonly records = new Map<string, BranchRecord | ItemsRecord>();
  readonly events: HistoryEvent[] = [];
  told: ((events: readonly HistoryEvent[]) => void) | undefined;

  constructor(private readonly write: (records: Records, events: readonly HistoryEvent[]) => void) {}

  get lastEventId(): number {
    return this.events.length;
  }

  commit(records: Records, events: readonly HistoryEvent[]): void {
    try {
      this.write(records, events);
    } catch (error) {
      throw new NotWritten(String(error));
    }
    this.take(records, events);
    this.told?.(events);
  }

  /** Changes that are on disk. */
  take(records: Records, events: readonly HistoryEvent[]): void {
    for (const [key, record] of records) {
      if (record === undefined) this.records.delete(key);
      else this.records.set(key, record);
    }
    this.events.push(...events);
  }

  removals(): Records {
    return new Map([...this.records.keys()].map((key) => [key, undefined]));
  }

  branch(key: string): BranchRecord | undefined {
    return this.records.get(key) as BranchRecord | undefined;
  }

  items(key: string): ItemsRecord | undefined {
    return this.records.get(key) as ItemsRecord | undefined;
  }

  below(key: string): string[] {
    return [...this.records.keys()].filter((one) => one !== key && one.startsWith(key));
  }
}
