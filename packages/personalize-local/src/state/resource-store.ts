// All resources of the account, in memory and in a journal: each change is one line, so it happens whole or not at all.
import { join } from 'node:path';
import type { AnyRecord, Kind, RecordOf } from '../resources/records';
import { Journal } from './journal';

/** The journal is rewritten when it has grown to this and to so many times its live content. */
const COMPACT_BYTES = 4 * 1024 * 1024;
const COMPACT_RATIO = 4;

interface Change {
  readonly put?: readonly AnyRecord[];
  readonly remove?: readonly string[];
}

export class ResourceStore {
  private readonly byKind = new Map<Kind, Map<string, AnyRecord>>();
  private readonly kinds = new Map<string, Kind>();
  private nextSequence = 1;
  private compactedBytes = 0;
  private readonly journal: Journal;

  private constructor(journal: Journal, replayed: readonly Change[]) {
    this.journal = journal;
    for (const change of replayed) this.apply(change);
  }

  static async open(stateDir: string): Promise<ResourceStore> {
    const changes: Change[] = [];
    const journal = await Journal.open(join(stateDir, 'resources.log'), (record) => {
      changes.push(record as Change);
    });
    return new ResourceStore(journal, changes);
  }

  get<K extends Kind>(kind: K, arn: string): RecordOf<K> | undefined {
    return this.byKind.get(kind)?.get(arn) as RecordOf<K> | undefined;
  }

  /** Any resource by its ARN. */
  find(arn: string): AnyRecord | undefined {
    const kind = this.kinds.get(arn);
    return kind && this.byKind.get(kind)?.get(arn);
  }

  /** All resources of a kind, oldest first. */
  all<K extends Kind>(kind: K): RecordOf<K>[] {
    return [...(this.byKind.get(kind)?.values() ?? [])] as RecordOf<K>[];
  }

  /** A number for the next new record; lists are in its order. */
  sequence(): number {
    return this.nextSequence++;
  }

  /** Changes several resources at once. Visible immediately, durable after `flushed()`. */
  commit(change: Change): void {
    this.journal.append(change);
    this.apply(change);
  }

  private apply({ put = [], remove = [] }: Change): void {
    for (const record of put) {
      let records = this.byKind.get(record.kind);
      if (!records) {
        records = new Map();
        this.byKind.set(record.kind, records);
      }
      records.set(record.arn, record);
      this.kinds.set(record.arn, record.kind);
      this.nextSequence = Math.max(this.nextSequence, record.sequence + 1);
    }
    for (const arn of remove) {
      const kind = this.kinds.get(arn);
      if (kind) this.byKind.get(kind)?.delete(arn);
      this.kinds.delete(arn);
    }
  }

  /** Resolves when all changes so far are on disk. */
  async flushed(): Promise<void> {
    const { size } = this.journal;
    if (size > COMPACT_BYTES && size > COMPACT_RATIO * this.compactedBytes) {
      // Claimed before the wait, so that concurrent callers do not compact twice.
      this.compactedBytes = size;
      await this.journal.compact(() => this.liveRecords());
      this.compactedBytes = this.journal.size;
    }
    await this.journal.flushed();
  }

  private *liveRecords(): Iterable<Change> {
    for (const records of this.byKind.values()) {
      for (const record of records.values()) yield { put: [record] };
    }
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}
