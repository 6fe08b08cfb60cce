// The numbered files of a store (segments), of which the newest grows. Nobody waits for the disk because of them: the next one is made
// while the newest grows a little over its size, and a full one reaches the disk itself behind everybody's back.
//
// What a later segment notes of an earlier one lets a shortened or lost file be noticed: the length of each full one, the numbers
// of the oldest and of the newest.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DamagedFile,
  FIRST_RECORD,
  type PlacedRecord,
  RecordLog,
  readRecords,
  recordsIn,
} from './record-log';
import type { StoredMap } from './stored-map';

const OLDEST = 'oldest';
const NEWEST = 'newest';

interface Sealed {
  readonly number: number;
  readonly bytes: number;
}

interface Active {
  readonly number: number;
  readonly log: RecordLog;
}

export interface SegmentsProps {
  readonly dir: string;
  /** A segment of so many bytes is full. */
  readonly segmentBytes: number;
  /** The length of each full segment by its number, and the numbers of the oldest and the newest. */
  readonly notes: StoredMap<number>;
  /** Told of what failed and is tried again. */
  readonly log: (line: string) => void;
}

/** Where a record is. */
export interface Place {
  readonly segment: number;
  readonly at: number;
}

export class Segments {
  private sealed: Sealed[] = [];
  private active: Active | undefined;
  private beginning: Promise<void> | undefined;
  /** Segments that are full and not on the disk itself yet. One that fails stays here, so that `synced` tells. */
  private readonly closing = new Set<Promise<void>>();
  private isClosing = false;
  private isClosed = false;

  constructor(private readonly props: SegmentsProps) {
    mkdirSync(props.dir, { recursive: true, mode: 0o700 });
  }

  /** Hands each record to `replay`, oldest first. @throws DamagedFile when a file does not hold what was written to it */
  load(replay: (record: PlacedRecord, segment: number) => void): void {
    const { dir, notes } = this.props;
    const segments = segmentNumbers(dir).map((number) => {
      const bytes = readRecords(fileOf(dir, number), (payload, at) => replay({ payload, at }, number));
      return { number, bytes };
    });
    const found = new Map(segments.map(({ number, bytes }) => [number, bytes]));
    const last = Math.max(notes.get(NEWEST) ?? 0, segments.at(-1)?.number ?? 0);
    for (let number = notes.get(OLDEST) ?? 1; number <= last; number += 1) {
      const [bytes, known = 0] = [found.get(number), notes.get(String(number))];
      if (bytes === undefined) throw new DamagedFile(fileOf(dir, number), 'it is missing');
      if (bytes < known) throw new DamagedFile(fileOf(dir, number), `it had ${known} bytes`);
    }
    // One that was made and not begun: it is made again.
    if (segments.length > 1 && segments.at(-1)?.bytes === FIRST_RECORD) segments.pop();
    const newest = segments.pop();
    if (!newest) return;
    this.active = { number: newest.number, log: new RecordLog(fileOf(dir, newest.number), newest.bytes) };
    this.sealed = segments;
    for (const { number, bytes } of segments) {
      if (!notes.has(String(number))) this.seal({ number, log: new RecordLog(fileOf(dir, number), bytes) });
    }
  }

  /** Bytes on the disk. */
  get bytes(): number {
    return this.sealed.reduce((sum, { bytes }) => sum + bytes, this.active?.log.bytes ?? 0);
  }

  /** The number of the oldest full segment. */
  get oldest(): number | undefined {
    return this.sealed[0]?.number;
  }

  /** When it returns, a kill of the process cannot undo it. Throws what the disk says, and nothing was added then. */
  append(payload: Buffer): Place {
    const { dir, segmentBytes } = this.props;
    if (this.isClosed) throw new Error(`the store ${dir} is closed`);
    this.active ??= { number: 1, log: RecordLog.createAtOnce(fileOf(dir, 1)) };
    const { number, log } = this.active;
    const at = log.bytes;
    log.append(payload);
    if (log.bytes >= segmentBytes) this.beginNext();
    return { segment: number, at };
  }

  /** Resolves when every record so far is on the disk itself. */
  async synced(): Promise<void> {
    await Promise.all([...this.closing, this.active?.log.synced()]);
  }

  /** The records of a full segment, looked at one by one. */
  async records(number: number): Promise<Iterable<PlacedRecord>> {
    const file = fileOf(this.props.dir, number);
    return recordsIn(file, await readFile(file));
  }

  /** The oldest segment goes; what counts in it must have been added again. */
  async removeOldest(): Promise<void> {
    const { dir, notes } = this.props;
    const { number } = this.sealed[0] as Sealed;
    notes.commit([
      { key: OLDEST, value: number + 1 },
      { key: String(number), removed: true },
    ]);
    await this.synced();
    this.sealed = this.sealed.filter((segment) => segment.number !== number);
    await rm(fileOf(dir, number));
  }

  /** Waits for the disk; nothing is taken from then on. */
  async close(): Promise<void> {
    this.isClosing = true;
    await this.beginning;
    await Promise.all(this.closing);
    this.isClosed = true;
    await this.active?.log.close();
  }

  private beginNext(): void {
    if (this.isClosing) return;
    this.beginning ??= this.begin((this.active as Active).number + 1)
      // The full one goes on growing, and the next record tries again. A disk that is full is told to whoever adds one.
      .catch((error: unknown) => this.props.log(`store: no new file yet: ${String(error)}`))
      .finally(() => {
        this.beginning = undefined;
      });
  }

  private async begin(number: number): Promise<void> {
    const log = await RecordLog.create(fileOf(this.props.dir, number));
    this.props.notes.put(NEWEST, number);
    const full = this.active as Active;
    this.sealed.push({ number: full.number, bytes: full.log.bytes });
    this.active = { number, log };
    this.seal(full);
  }

  private seal(full: Active): void {
    const closed = this.closed(full);
    this.closing.add(closed);
    closed.then(
      () => this.closing.delete(closed),
      () => undefined,
    );
  }

  private async closed({ number, log }: Active): Promise<void> {
    await log.close();
    try {
      this.props.notes.put(String(number), log.bytes);
    } catch (error) {
      // Nobody waits for it: without it a shortened file is not noticed, and all else is as it was.
      this.props.log(`store: the length of ${log.file} could not be noted: ${String(error)}`);
    }
  }
}

/** Whether a folder holds a store with anything in it. */
export const hasStore = (dir: string): boolean => segmentNumbers(dir).length > 0;

/** A segment's file. */
export function fileOf(dir: string, number: number): string {
  return join(dir, `${String(number).padStart(8, '0')}.log`);
}

/** Ascending. */
export function segmentNumbers(dir: string): number[] {
  if (!existsSync(dir)) return [];
  return readdirSync(dir)
    .filter((name) => /^\d{8}\.log$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b);
}
