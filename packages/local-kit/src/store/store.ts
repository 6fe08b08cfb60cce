// All state of a server in one folder: maps in memory, their changes in numbered files of records (segments). A record is the JSON
// of one commit, a list of `[map, key, order, value]` (put) and `[map, key]` (removed), so a commit is there whole or not at all.
//
// The length of a full segment is in a later one, so that a shortened or lost file is noticed. When more than half of all bytes is outdated, what still counts in the oldest segment is written anew and the segment removed: in slices of a few
// milliseconds, so that nobody waits for it. What was removed needs no trace in the oldest segment, so nothing piles up.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Cancel, Clock } from '../clock';
import { DamagedFile, RecordLog, readRecords } from './record-log';
import { type Entry, type ExpiresAt, type StoreChange, StoredMap } from './stored-map';

const SEGMENT_BYTES = 4 << 20;
/** What a loss of power may take of services that do not wait for `synced`. */
const SYNC_DELAY_MS = 1_000;
const SWEEP_MS = 60_000;
/** The longest that housekeeping holds up everybody else. */
const SLICE_MS = 4;

type Line =
  | readonly [map: string, key: string, order: number, value: unknown]
  | readonly [map: string, key: string];

interface Sealed {
  readonly number: number;
  readonly bytes: number;
}

export interface StoreProps {
  readonly dir: string;
  /** Retention goes by its time. */
  readonly clock: Clock;
  /** Told of housekeeping that failed and is tried again. */
  readonly log?: (line: string) => void;
  /** @default 4 MiB */
  readonly segmentBytes?: number;
}

type Maps = Map<string, Map<string, Entry<unknown>>>;

/** What a store holds, without opening it: it may be in use. Values by map and key. @throws DamagedFile */
export function readStore(dir: string): (map: string) => ReadonlyMap<string, unknown> {
  for (;;) {
    const contents = new Contents();
    try {
      for (const number of segmentNumbers(dir)) {
        readRecords(join(dir, fileName(number)), (payload, at) => contents.replay(payload, number, at));
      }
      return (map) => new Map([...contents.map(map)].map(([key, { value }]) => [key, value]));
    } catch (error) {
      // A segment that was removed meanwhile: what counted in it is in a newer one.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

export class Store {
  private readonly contents = new Contents();
  private readonly segmentBytes: number;
  private sealed: Sealed[] = [];
  private active: { readonly number: number; readonly log: RecordLog } | undefined;
  /** Segments that are full and not on the disk itself yet. One that fails stays here, so that `synced` tells. */
  private readonly closing = new Set<Promise<void>>();
  private readonly maps = new Map<string, StoredMap<unknown>>();
  /** What the store remembers of its segments: the number of the `oldest`, and the bytes of each full one by its number. */
  private readonly own: StoredMap<number>;
  private cleaning: Promise<void> | undefined;
  private cleanAgainAt = 0;
  private syncTimer: NodeJS.Timeout | undefined;
  private cancelSweep: Cancel;
  private isClosing = false;
  private isClosed = false;
  private closed: Promise<void> | undefined;

  /** Reads what is there. @throws DamagedFile when a file does not hold what was written to it; nothing is changed then */
  constructor(private readonly props: StoreProps) {
    this.segmentBytes = props.segmentBytes ?? SEGMENT_BYTES;
    mkdirSync(props.dir, { recursive: true, mode: 0o700 });
    this.own = this.map('');
    this.load();
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
    const lines = [...byKey.values()].map((change): Line => {
      const { map, key } = change;
      if ('removed' in change) return [map.name, key];
      return [map.name, key, this.contents.orderOf(map.name, key), change.value];
    });
    if (lines.length > 0) this.write(lines);
  }

  /** Resolves when every commit so far is on the disk itself. */
  async synced(): Promise<void> {
    await Promise.all([...this.closing, this.active?.log.synced()]);
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return this.sealed.reduce((sum, { bytes }) => sum + bytes, this.active?.log.bytes ?? 0);
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
    await Promise.all(this.closing);
    this.isClosed = true;
    await this.active?.log.close();
  }

  private load(): void {
    const numbers = segmentNumbers(this.props.dir);
    const newest = numbers.at(-1);
    for (const number of numbers) {
      const file = this.file(number);
      const replay = (payload: Buffer, at: number) => this.contents.replay(payload, number, at);
      if (number === newest) this.active = { number, log: RecordLog.open(file, replay) };
      else this.sealed.push({ number, bytes: readRecords(file, replay) });
    }
    for (let number = this.own.get('oldest') ?? 1; number < (newest ?? 0); number++) {
      const bytes = this.sealed.find((segment) => segment.number === number)?.bytes;
      if (bytes === undefined) throw new DamagedFile(this.file(number), 'it is missing');
      const known = this.own.get(String(number)) ?? 0;
      if (bytes < known) throw new DamagedFile(this.file(number), `it had ${known} bytes`);
    }
    this.contents.sort();
  }

  private write(lines: readonly Line[]): void {
    if (this.isClosed) throw new Error(`the store ${this.props.dir} is closed`);
    if (!this.active || this.active.log.bytes >= this.segmentBytes) this.startSegment();
    const { number, log } = this.active as NonNullable<typeof this.active>;
    const texts = lines.map((line) => JSON.stringify(line));
    const at = log.bytes;
    log.append(Buffer.from(`[${texts.join(',')}]`));
    for (const [index, line] of lines.entries()) {
      this.contents.apply(line, number, at, (texts[index] as string).length);
    }
    this.syncTimer ??= setTimeout(() => {
      this.syncTimer = undefined;
      // A disk that fails is told to whoever writes next, or waits.
      this.synced().catch(() => undefined);
    }, SYNC_DELAY_MS).unref();
    this.considerCleaning();
  }

  private startSegment(): void {
    const { active } = this;
    const number = (active?.number ?? 0) + 1;
    const log = RecordLog.open(this.file(number), () => undefined);
    if (active) {
      this.sealed.push({ number: active.number, bytes: active.log.bytes });
      const closed = this.seal(active.number, active.log);
      this.closing.add(closed);
      closed.then(
        () => this.closing.delete(closed),
        () => undefined,
      );
    }
    this.active = { number, log };
  }

  private async seal(number: number, log: RecordLog): Promise<void> {
    await log.close();
    try {
      this.own.put(String(number), log.bytes);
    } catch (error) {
      // Nobody waits for it: without it a shortened file is not noticed, and all else is as it was.
      this.props.log?.(`store: the length of ${log.file} could not be noted: ${String(error)}`);
    }
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
    return isWorthwhile && bytes >= this.cleanAgainAt && this.sealed.length > 0;
  }

  private async clean(): Promise<void> {
    await turn();
    while (!this.isClosing && this.needsCleaning()) await this.removeOldest(this.sealed[0] as Sealed);
  }

  /** Writes what counts in the oldest segment anew, and removes it. */
  private async removeOldest({ number }: Sealed): Promise<void> {
    const payloads: [payload: Buffer, at: number][] = [];
    readRecords(this.file(number), (payload, at) => payloads.push([payload, at]));
    await inSlices(payloads, ([payload, at]) => {
      if (this.isClosing) return;
      const kept = parse(payload).filter(([map, key]) => this.contents.isAt(map, key, number, at));
      if (kept.length > 0) this.write(kept);
    });
    if (this.isClosing) return;
    this.own.commit([
      { key: 'oldest', value: number + 1 },
      { key: String(number), removed: true },
    ]);
    await this.synced();
    this.sealed = this.sealed.filter((segment) => segment.number !== number);
    await rm(this.file(number));
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
      await inSlices(map.entries(), ([key, value]) => {
        if (expiresAt(value) <= now && !this.isClosing) map.delete(key);
      });
    }
  }

  private file(number: number): string {
    return join(this.props.dir, fileName(number));
  }
}

/** The maps, as the records say. */
class Contents {
  liveBytes = 0;
  private readonly maps: Maps = new Map();
  private nextOrder = 1;
  /** Maps whose values are not kept here. */
  private readonly forgotten = new Set<string>();

  forget(name: string): void {
    this.forgotten.add(name);
    for (const [key, entry] of this.map(name)) this.map(name).set(key, { ...entry, value: undefined });
  }

  map(name: string): Map<string, Entry<unknown>> {
    let map = this.maps.get(name);
    if (!map) {
      map = new Map();
      this.maps.set(name, map);
    }
    return map;
  }

  /** A known key keeps its place. */
  orderOf(map: string, key: string): number {
    return this.map(map).get(key)?.order ?? this.nextOrder++;
  }

  /** Whether this is the newest record of the key. */
  isAt(map: string, key: string, segment: number, at: number): boolean {
    const entry = this.map(map).get(key);
    return entry?.segment === segment && entry.at === at;
  }

  /** Applies a commit. */
  replay(payload: Buffer, segment: number, at: number): void {
    const lines = parse(payload);
    for (const line of lines) this.apply(line, segment, at, Math.ceil(payload.length / lines.length));
  }

  apply(line: Line, segment: number, at: number, bytes: number): void {
    const [name, key, order, value] = line;
    const map = this.map(name);
    this.liveBytes -= map.get(key)?.bytes ?? 0;
    if (order === undefined) {
      map.delete(key);
      return;
    }
    this.liveBytes += bytes;
    this.nextOrder = Math.max(this.nextOrder, order + 1);
    map.set(key, { value: this.forgotten.has(name) ? undefined : value, order, segment, at, bytes });
  }

  /** Cleaning writes old values behind newer ones. */
  sort(): void {
    for (const map of this.maps.values()) {
      const entries = [...map];
      if (
        entries.every(([, entry], index) => index === 0 || entry.order > (entries[index - 1]?.[1].order ?? 0))
      )
        continue;
      map.clear();
      for (const [key, entry] of entries.sort(([, a], [, b]) => a.order - b.order)) map.set(key, entry);
    }
  }
}

function parse(payload: Buffer): readonly Line[] {
  return JSON.parse(payload.toString('utf8')) as readonly Line[];
}

/** Does something with each value, and lets others have a turn every few milliseconds. */
async function inSlices<T>(values: Iterable<T>, task: (value: T) => void): Promise<void> {
  let end = performance.now() + SLICE_MS;
  for (const value of values) {
    task(value);
    if (performance.now() < end) continue;
    await turn();
    end = performance.now() + SLICE_MS;
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function fileName(number: number): string {
  return `${String(number).padStart(8, '0')}.log`;
}

/** Ascending. */
function segmentNumbers(dir: string): number[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => /^\d{8}\.log$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}
