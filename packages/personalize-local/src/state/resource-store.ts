// All resources of the account, in memory and in the store: a change happens whole or not at all.
import type { Clock } from '@emotion-gallery/local-kit/clock';
import { Store, type StoredMap } from '@emotion-gallery/local-kit/store';
import type { AnyRecord, Kind, RecordOf } from './records';
import { RESOURCES, storeFolder, takeOver } from './take-over';

export interface ResourceChange {
  readonly put?: readonly AnyRecord[];
  /** ARNs. */
  readonly remove?: readonly string[];
}

export class ResourceStore {
  private readonly records: StoredMap<AnyRecord>;
  private readonly byKind = new Map<Kind, Map<string, AnyRecord>>();
  private nextSequence = 1;

  private constructor(private readonly store: Store) {
    this.records = store.map(RESOURCES);
    this.apply({ put: [...this.records.values()] });
  }

  /** @throws DamagedFile */
  static async open(
    stateDir: string,
    clock: Clock,
    log: (line: string) => void = () => undefined,
  ): Promise<ResourceStore> {
    await takeOver(stateDir, log);
    return new ResourceStore(new Store({ dir: storeFolder(stateDir), clock, log }));
  }

  get<K extends Kind>(kind: K, arn: string): RecordOf<K> | undefined {
    return this.byKind.get(kind)?.get(arn) as RecordOf<K> | undefined;
  }

  /** Any resource by its ARN. */
  find(arn: string): AnyRecord | undefined {
    return this.records.get(arn);
  }

  /** All resources of a kind, oldest first. */
  all<K extends Kind>(kind: K): RecordOf<K>[] {
    return [...(this.byKind.get(kind)?.values() ?? [])] as RecordOf<K>[];
  }

  /** A number for the next new record; lists are in its order. */
  sequence(): number {
    return this.nextSequence++;
  }

  /** Changes several resources at once. Visible immediately, safe from a loss of power after `flushed()`. */
  commit(change: ResourceChange): void {
    const { put = [], remove = [] } = change;
    const gone = new Map(remove.map((arn) => [arn, this.find(arn)?.kind]));
    this.records.commit([
      ...put.map((value) => ({ key: value.arn, value })),
      ...remove.map((key) => ({ key, removed: true as const })),
    ]);
    this.apply({ put });
    for (const [arn, kind] of gone) if (kind) this.byKind.get(kind)?.delete(arn);
  }

  private apply({ put = [] }: ResourceChange): void {
    for (const record of put) {
      let records = this.byKind.get(record.kind);
      if (!records) {
        records = new Map();
        this.byKind.set(record.kind, records);
      }
      records.set(record.arn, record);
      this.nextSequence = Math.max(this.nextSequence, record.sequence + 1);
    }
  }

  /** Resolves when all changes so far are on the disk itself. */
  flushed(): Promise<void> {
    return this.store.synced();
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
