// The events of one log group: a log of records that grows, and older parts (chunks), each a compressed file that is read when somebody
// asks for its time. What the chunks are is in the store; an event is in exactly one file.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw, inflateRawSync } from 'node:zlib';
import {
  batchesOf,
  DamagedFile,
  RecordLog,
  readRecord,
  readRecords,
  replaceFile,
  turn,
} from '@emotion-gallery/local-kit/store';

/** A line is some hundred bytes. Compressing so much takes a thread some 20 ms. */
const CHUNK_BYTES = 1 << 20;
/** What a record log has before its first payload: its name, and the record's header. */
const CHUNK_PREFIX = 20;

export type StoredEvent = readonly [
  stream: string,
  timestamp: number,
  ingestionTime: number,
  sequence: number,
  message: string,
];

/** First and last timestamp and last ingestion time of a stream's events. */
export type Span = readonly [first: number, last: number, ingested: number];

/** An older part, as the store knows it. */
export interface Chunk {
  readonly group: string;
  readonly number: number;
  readonly first: number;
  readonly last: number;
  /** By stream. */
  readonly spans: Readonly<Record<string, Span>>;
}

export interface GroupLogProps {
  readonly group: string;
  readonly folder: string;
  readonly chunks: readonly Chunk[];
  /** Keeps what is known of a part. Both resolve when it is on the disk itself. */
  readonly addChunk: (chunk: Chunk) => Promise<void>;
  readonly removeChunk: (chunk: Chunk) => Promise<void>;
  readonly log: (line: string) => void;
}

interface Part {
  readonly number: number;
  readonly log: RecordLog;
  readonly events: StoredEvent[];
}

const logFile = (folder: string, number: number) => join(folder, `${number}.log`);
const chunkFile = (folder: string, number: number) => join(folder, `${number}.chunk`);

export class GroupLog {
  private chunks: Chunk[];
  /** Parts that are not compressed yet; the last one grows. */
  private parts: Part[] = [];
  /** The next part is made before it is needed, so that nobody waits for the disk. */
  private beginning: Promise<void> | undefined;
  private compressing: Promise<void> = Promise.resolve();
  private nextNumber = 1;

  /** @throws DamagedFile */
  constructor(private readonly props: GroupLogProps) {
    const { folder } = props;
    this.chunks = [...props.chunks];
    mkdirSync(folder, { recursive: true });
    const files = new Set(readdirSync(folder));
    for (const { number } of this.chunks) {
      const file = chunkFile(folder, number);
      if (!existsSync(file)) throw new DamagedFile(file, 'it is missing');
      readRecord(file);
      rmSync(logFile(folder, number), { force: true });
      files.delete(`${number}.log`);
      this.nextNumber = Math.max(this.nextNumber, number + 1);
    }
    const numbers = [...files]
      .filter((name) => name.endsWith('.log'))
      .map((name) => Number.parseInt(name, 10));
    for (const number of numbers.sort((a, b) => a - b)) this.openPart(number);
    for (const part of this.parts.slice(0, -1)) this.compress(part);
    if (this.parts.length === 0) this.begin();
  }

  append(events: readonly StoredEvent[]): void {
    const part = this.parts.at(-1) ?? this.makePart();
    part.log.append(Buffer.from(JSON.stringify(events)));
    part.events.push(...events);
    if (part.log.bytes >= CHUNK_BYTES) this.begin();
  }

  /** The events of a time, `to` excluded, in no order. */
  async read(from: number, to: number, isWanted: (stream: string) => boolean): Promise<StoredEvent[]> {
    const found: StoredEvent[] = [];
    const collect = (events: readonly StoredEvent[]) => {
      for (const event of events)
        if (event[1] >= from && event[1] < to && isWanted(event[0])) found.push(event);
    };
    const chunks = this.chunks.filter(
      (chunk) => chunk.last >= from && chunk.first < to && Object.keys(chunk.spans).some(isWanted),
    );
    const parts = this.parts.map(({ events }) => events.slice());
    for (const { number } of chunks) collect(await readChunk(chunkFile(this.props.folder, number)));
    parts.forEach(collect);
    return found;
  }

  /** By stream. */
  spans(): Map<string, Span> {
    const all = new Map<string, Span>();
    for (const chunk of this.chunks)
      for (const [stream, span] of Object.entries(chunk.spans)) widen(all, stream, span);
    for (const { events } of this.parts)
      for (const event of events) widen(all, event[0], [event[1], event[1], event[2]]);
    return all;
  }

  /** Drops the parts whose events are all older; a part that is in between is closed, so that it can go later. */
  async removeBefore(time: number): Promise<void> {
    for (const chunk of this.chunks.filter(({ last }) => last < time)) {
      await this.props.removeChunk(chunk);
      this.chunks = this.chunks.filter((other) => other !== chunk);
      await rm(chunkFile(this.props.folder, chunk.number), { force: true });
    }
    const part = this.parts.at(-1);
    if (part?.events.some(([, timestamp]) => timestamp < time)) await this.begin();
  }

  /** Waits for what is being compressed. */
  async close(): Promise<void> {
    await this.beginning;
    await this.compressing;
    await Promise.all(this.parts.map(({ log }) => log.close()));
    this.parts = [];
  }

  private openPart(number: number): void {
    const events: StoredEvent[] = [];
    const log = RecordLog.open(logFile(this.props.folder, number), (payload) =>
      events.push(...(JSON.parse(payload.toString('utf8')) as StoredEvent[])),
    );
    this.parts.push({ number, events, log });
    this.nextNumber = Math.max(this.nextNumber, number + 1);
  }

  /** For a line that comes before `begin` has made the first part. */
  private makePart(): Part {
    const number = this.nextNumber++;
    const log = RecordLog.createAtOnce(logFile(this.props.folder, number));
    const part = { number, events: [], log };
    this.parts.push(part);
    return part;
  }

  /** Events go into a new part as soon as there is one, and the one before is compressed. */
  private begin(): Promise<void> {
    this.beginning ??= this.beginPart(this.nextNumber++)
      // The one before goes on growing, and the next event tries again.
      .catch((error: unknown) =>
        this.props.log(`logs: no new file for ${this.props.group} yet: ${String(error)}`),
      )
      .finally(() => {
        this.beginning = undefined;
      });
    return this.beginning;
  }

  private async beginPart(number: number): Promise<void> {
    const log = await RecordLog.create(logFile(this.props.folder, number));
    const before = this.parts.at(-1);
    this.parts.push({ number, events: [], log });
    if (before) this.compress(before);
  }

  private compress(part: Part): void {
    this.compressing = this.compressing
      .then(() => this.makeChunk(part))
      // It stays as it is, and the next start tries again.
      .catch((error: unknown) =>
        this.props.log(`logs: a part of ${this.props.group} could not be compressed: ${error}`),
      );
  }

  private async makeChunk(part: Part): Promise<void> {
    const { folder, group, addChunk } = this.props;
    const { number, events } = part;
    if (events.length > 0) {
      const texts: string[] = [];
      for (const batch of batchesOf(events, ([, , , , message]) => message.length)) {
        texts.push(...batch.map((event) => JSON.stringify(event)));
        await turn();
      }
      const packed = await promisify(deflateRaw)(`[${texts.join(',')}]`);
      await replaceFile(chunkFile(folder, number), [packed]);
      const spans = new Map<string, Span>();
      for (const event of events) widen(spans, event[0], [event[1], event[1], event[2]]);
      const times = [...spans.values()];
      const chunk = {
        group,
        number,
        first: Math.min(...times.map(([first]) => first)),
        last: Math.max(...times.map(([, last]) => last)),
        spans: Object.fromEntries(spans),
      };
      await addChunk(chunk);
      this.chunks.push(chunk);
    }
    this.parts = this.parts.filter((other) => other !== part);
    await part.log.close();
    await rm(logFile(folder, number), { force: true });
  }
}

function widen(spans: Map<string, Span>, stream: string, [first, last, ingested]: Span): void {
  const [a, b, c] = spans.get(stream) ?? [first, last, ingested];
  spans.set(stream, [Math.min(a, first), Math.max(b, last), Math.max(c, ingested)]);
}

async function readChunk(file: string): Promise<readonly StoredEvent[]> {
  // Its checksum was looked at when the service began.
  const bytes = await promisify(inflateRaw)((await readFile(file)).subarray(CHUNK_PREFIX));
  return JSON.parse(bytes.toString('utf8')) as readonly StoredEvent[];
}

/** Follows the events of all groups of a service's folder, from another process too. */
export class LogFollower {
  /** How far each part was read: the number of its events. */
  private readonly counts = new Map<string, number>();

  constructor(private readonly folder: string) {}

  /** What came since the last call, in order of time. */
  read(): { readonly group: string; readonly timestamp: number; readonly message: string }[] {
    if (!existsSync(this.folder)) return [];
    const lines = readdirSync(this.folder).flatMap((name) => this.readGroup(name));
    return lines.sort((a, b) => a.timestamp - b.timestamp);
  }

  private readGroup(name: string) {
    const folder = join(this.folder, name);
    const files = readdirSync(folder).filter((file) => /^\d+\.(log|chunk)$/.test(file));
    const numbers = new Set(files.map((file) => Number.parseInt(file, 10)));
    return [...numbers].flatMap((number) => {
      const key = `${name}/${number}`;
      const events = eventsOf(folder, number);
      const fresh = events.slice(this.counts.get(key) ?? 0);
      this.counts.set(key, events.length);
      return fresh.map(([, timestamp, , , message]) => ({
        group: decodeURIComponent(name),
        timestamp,
        message,
      }));
    });
  }
}

/** Of a part, as it is now. */
function eventsOf(folder: string, number: number): readonly StoredEvent[] {
  const chunk = chunkFile(folder, number);
  if (existsSync(chunk)) {
    return JSON.parse(
      inflateRawSync(readFileSync(chunk).subarray(CHUNK_PREFIX)).toString('utf8'),
    ) as StoredEvent[];
  }
  const events: StoredEvent[] = [];
  readRecords(logFile(folder, number), (payload) => {
    events.push(...(JSON.parse(payload.toString('utf8')) as StoredEvent[]));
  });
  return events;
}
