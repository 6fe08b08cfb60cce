// All state of a server in one folder: maps in memory, their changes in numbered files of records (segments). A commit is there whole or
// not at all.
//
// When more than half of all bytes is outdated, what still counts in the oldest segment is written anew and the segment removed: in
// portions, so that nobody waits for it. What was removed needs no trace in the oldest segment, so nothing piles up.
import type { Cancel, Clock } from '../clock';
import { batchesOf, turn } from './batches';
import { Contents, type Line, parse } from './contents';
import { readRecords } from './record-log';
import { fileOf, Segments, segmentNumbers } from './segments';
import { type Entry, type ExpiresAt, type StoreChange, StoredMap } from './stored-map';

const SEGMENT_BYTES = 4 << 20;
/** What a loss of power may take of services that do not wait for `synced`. */
const SYNC_DELAY_MS = 1_000;
const SWEEP_MS = 60_000;

export interface StoreProps {
  readonly dir: string;
  /** Retention goes by its time. */
  readonly clock: Clock;
  /** Told of housekeeping that failed and is tried again. */
  readonly log?: (line: string) => void;
  /** @default 4 MiB */
  readonly segmentBytes?: number;
}

/** What a store holds, without opening it: it may be in use. Values by map and key. @throws DamagedFile */
export function readStore(dir: string): (map: string) => ReadonlyMap<string, unknown> {
  for (;;) {
    const contents = new Contents();
    try {
      for (const number of segmentNumbers(dir)) {
        readRecords(fileOf(dir, number), (payload, at) => contents.replay(payload, number, at));
      }
      return (map) => new Map([...contents.map(map)].map(([key, { value }]) => [key, value]));
    } catch (error) {
      // A segment that was removed meanwhile: what counted in it is in a newer one.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

/** A line, and its JSON. */
interface Written {
  readonly line: Line;
  readonly text: string;
}

const writtenLine = (line: Line): Written => ({ line, text: JSON.stringify(line) });

export class Store {
  private readonly contents = new Contents();
  private readonly segmentBytes: number;
  private readonly segments: Segments;
  private readonly maps = new Map<string, StoredMap<unknown>>();
  private cleaning: Promise<void> | undefined;
  private cleanAgainAt = 0;
  private syncTimer: NodeJS.Timeout | undefined;
  private cancelSweep: Cancel;
  private isClosing = false;
  private closed: Promise<void> | undefined;

  /** Reads what is there. @throws DamagedFile when a file does not hold what was written to it; nothing is changed then */
  constructor(private readonly props: StoreProps) {
    this.segmentBytes = props.segmentBytes ?? SEGMENT_BYTES;
    this.segments = new Segments({
      dir: props.dir,
      segmentBytes: this.segmentBytes,
      notes: this.map(''),
      log: (line) => props.log?.(line),
    });
    this.segments.load(({ payload, at }, segment) => this.contents.replay(payload, segment, at));
    this.contents.sort();
    this.cancelSweep = this.scheduleSweep();
  }

  /** The map of a name; every call gives the same one. `expiresAt` is its retention. */
  map<V>(name: string, expiresAt?: ExpiresAt<V>): StoredMap<V> {
    const known = this.maps.get(name);
    if (known) return known as StoredMap<V>;
    const map = new StoredMap<V>(name, this, this.contents.map(name) as Map<string, Entry<V>>, expiresAt);
    this.maps.set(name, map as StoredMap<unknown>);
    return map;
  }

  /** Gives a map's values to somebody who keeps them in another form; the map has only keys from then on. */
  handOver<V>(name: string): { readonly map: StoredMap<V>; readonly values: ReadonlyMap<string, V> } {
    const map = this.map<V>(name);
    const values = new Map(map.entries());
    this.contents.forget(name);
    return { map, values };
  }

  /**
   * Makes changes of any maps at once. When it returns they are safe from a kill of the process; they are safe from a loss of
   * power a second later, or when `synced` has resolved. Throws what the disk says when it refuses them (ENOSPC), and nothing has
   * changed then.
   */
  commit(changes: readonly StoreChange[]): void {
    // Of two changes of a key the later one counts.
    const byKey = new Map(changes.map((change) => [`${change.map.name}\n${change.key}`, change]));
    if (byKey.size > 0) this.write([...byKey.values()].map((change) => this.written(change)));
  }

  /** Resolves when every commit so far is on the disk itself. */
  synced(): Promise<void> {
    return this.segments.synced();
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return this.segments.bytes;
  }

  /** Waits for the disk; the store takes nothing from then on. */
  close(): Promise<void> {
    this.closed ??= this.finish();
    return this.closed;
  }

  private async finish(): Promise<void> {
    this.isClosing = true;
    this.cancelSweep();
    clearTimeout(this.syncTimer);
    await this.cleaning;
    await this.segments.close();
  }

  private written(change: StoreChange): Written {
    const { map, key } = change;
    if ('removed' in change) return writtenLine([map.name, key]);
    const order = this.contents.orderOf(map.name, key);
    if ('value' in change) return writtenLine([map.name, key, order, change.value]);
    const value = this.contents.keepsValues(map.name) ? (JSON.parse(change.json) as unknown) : undefined;
    const head = JSON.stringify([map.name, key, order]).slice(0, -1);
    return { line: [map.name, key, order, value], text: `${head},${change.json}]` };
  }

  private write(lines: readonly Written[]): void {
    const payload = Buffer.from(`[${lines.map(({ text }) => text).join(',')}]`);
    const { segment, at } = this.segments.append(payload);
    for (const { line, text } of lines) this.contents.apply(line, segment, at, text.length);
    this.syncTimer ??= setTimeout(() => {
      this.syncTimer = undefined;
      // A disk that fails is told to whoever writes next, or waits.
      this.synced().catch(() => undefined);
    }, SYNC_DELAY_MS).unref();
    this.considerCleaning();
  }

  private considerCleaning(): void {
    if (this.cleaning || !this.needsCleaning()) return;
    this.cleaning = this.clean()
      .catch((error: unknown) => {
        this.cleanAgainAt = this.bytes + this.segmentBytes;
        this.props.log?.(`store: ${this.props.dir} could not be cleaned: ${String(error)}`);
      })
      .finally(() => {
        this.cleaning = undefined;
      });
  }

  private needsCleaning(): boolean {
    const { bytes } = this;
    const isWorthwhile = bytes >= 2 * (this.contents.liveBytes + this.segmentBytes);
    return isWorthwhile && bytes >= this.cleanAgainAt && this.segments.oldest !== undefined;
  }

  private async clean(): Promise<void> {
    await turn();
    while (!this.isClosing && this.needsCleaning()) await this.cleanOldest(this.segments.oldest as number);
  }

  /** Writes what counts in the oldest segment anew, and removes it. */
  private async cleanOldest(segment: number): Promise<void> {
    const records = await this.segments.records(segment);
    for (const batch of batchesOf(records, ({ payload }) => payload.length)) {
      if (this.isClosing) return;
      const counts = (line: Line, at: number) => this.contents.isAt(line[0], line[1], segment, at);
      const kept = batch.flatMap(({ payload, at }) => parse(payload).filter((line) => counts(line, at)));
      if (kept.length > 0) this.write(kept.map(writtenLine));
      await turn();
    }
    if (!this.isClosing) await this.segments.removeOldest();
  }

  private scheduleSweep(): Cancel {
    return this.props.clock.after(SWEEP_MS, () => {
      void this.sweep()
        .catch((error: unknown) => this.props.log?.(`store: the retention sweep failed: ${String(error)}`))
        .finally(() => {
          if (!this.isClosing) this.cancelSweep = this.scheduleSweep();
        });
    });
  }

  /** Removes what is older than its map keeps it. */
  private async sweep(): Promise<void> {
    const now = this.props.clock.now();
    for (const map of this.maps.values()) {
      const { expiresAt } = map;
      if (!expiresAt) continue;
      for (const batch of batchesOf(map.entries())) {
        if (this.isClosing) return;
        const expired = batch.filter(([, value]) => expiresAt(value) <= now);
        map.commit(expired.map(([key]) => ({ key, removed: true })));
        await turn();
      }
    }
  }
}
