// Log streams: their names are in the store, their events in the logs of their groups.
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Store, StoredMap } from '@emotion-gallery/local-kit/store';
import type { LogEvent } from '../../ports';
import { type Chunk, GroupLog, type Span } from './group-log';

export interface StoredLogEvent extends LogEvent {
  readonly stream: string;
  readonly ingestionTime: number;
  readonly eventId: string;
}

interface Stream {
  /** Events name their stream by it, so that those of a deleted stream are nobody's. */
  readonly id: string;
  readonly createdAt: number;
}

export interface LogStreamsProps {
  readonly store: Store;
  /** For the logs of groups, a folder each. */
  readonly folder: string;
  readonly log: (line: string) => void;
}

export class LogStreams {
  private readonly streams: StoredMap<Stream>;
  private readonly chunks: StoredMap<Chunk>;
  private readonly groups = new Map<string, GroupLog>();
  private sequence = 0;

  /** @throws DamagedFile */
  constructor(private readonly props: LogStreamsProps) {
    this.streams = props.store.map('logs/streams');
    this.chunks = props.store.map('logs/chunks');
    const groups = new Set([...this.streams.keys()].map((key) => key.split('\n')[0] as string));
    for (const group of groups) this.group(group);
    // A group that was being deleted has no streams any more.
    for (const name of existsSync(props.folder) ? readdirSync(props.folder) : []) {
      if (!groups.has(decodeURIComponent(name)))
        rmSync(join(props.folder, name), { recursive: true, force: true });
    }
  }

  has(group: string, stream: string): boolean {
    return this.streams.has(streamKey(group, stream));
  }

  create(group: string, stream: string, now: number): void {
    this.streams.put(streamKey(group, stream), { id: randomBytes(6).toString('base64url'), createdAt: now });
  }

  append(group: string, stream: string, events: readonly LogEvent[], now: number): void {
    if (!this.has(group, stream)) this.create(group, stream, now);
    const id = this.streams.get(streamKey(group, stream))?.id ?? '';
    this.group(group).append(
      events.map(({ timestamp, message }) => {
        this.sequence += 1;
        return [id, timestamp, now, this.sequence, message];
      }),
    );
  }

  /** The streams of a group by name, with the times of their events if they have any. */
  list(group: string): { readonly name: string; readonly createdAt: number; readonly span?: Span }[] {
    const spans = this.group(group).spans();
    return this.named(group)
      .map(([name, { id, createdAt }]) => ({ name, createdAt, span: spans.get(id) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Events of a time, `to` excluded, and of the streams that are wanted, by time. */
  async read(
    group: string,
    from: number,
    to: number,
    isWanted: (stream: string) => boolean,
  ): Promise<StoredLogEvent[]> {
    const names = new Map(
      this.named(group).flatMap(([name, { id }]) => (isWanted(name) ? [[id, name] as const] : [])),
    );
    const events = await this.group(group).read(from, to, (id) => names.has(id));
    return events
      .sort((a, b) => a[1] - b[1] || a[2] - b[2] || a[3] - b[3])
      .map(([id, timestamp, ingestionTime, sequence, message]) => ({
        stream: names.get(id) ?? '',
        timestamp,
        message,
        ingestionTime,
        eventId: `${ingestionTime}${String(sequence).padStart(12, '0')}`,
      }));
  }

  remove(group: string, stream: string): void {
    this.streams.delete(streamKey(group, stream));
  }

  removeGroup(group: string): void {
    const isOf = (key: string) => key.startsWith(streamKey(group, ''));
    this.props.store.commit(
      [this.streams, this.chunks].flatMap((map) =>
        [...map.keys()].filter(isOf).map((key) => ({ map, key, removed: true as const })),
      ),
    );
    const log = this.groups.get(group);
    this.groups.delete(group);
    // What is still being compressed ends first; the next start removes a folder that stays.
    void Promise.all([log?.close(), this.props.store.synced()])
      .then(async () => {
        if (!this.groups.has(group)) await rm(this.folderOf(group), { recursive: true, force: true });
      })
      .catch((error: unknown) =>
        this.props.log(`logs: ${this.folderOf(group)} stays for now: ${String(error)}`),
      );
  }

  /** Drops what is older than a time, in milliseconds since the epoch, and streams that had nothing else. */
  async removeBefore(group: string, time: number): Promise<void> {
    await this.group(group).removeBefore(time);
    for (const { name, createdAt, span } of this.list(group)) {
      if (createdAt < time && (span?.[1] ?? 0) < time) this.remove(group, name);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.groups.values()].map((group) => group.close()));
    this.groups.clear();
  }

  private named(group: string): [name: string, stream: Stream][] {
    const prefix = streamKey(group, '');
    return [...this.streams.entries()]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, stream]) => [key.slice(prefix.length), stream]);
  }

  private group(group: string): GroupLog {
    let log = this.groups.get(group);
    if (!log) {
      const chunkKey = ({ number }: Chunk) => streamKey(group, String(number));
      log = new GroupLog({
        group,
        folder: this.folderOf(group),
        chunks: [...this.chunks.values()].filter((chunk) => chunk.group === group),
        addChunk: (chunk) => {
          this.chunks.put(chunkKey(chunk), chunk);
          return this.props.store.synced();
        },
        removeChunk: (chunk) => {
          this.chunks.delete(chunkKey(chunk));
          return this.props.store.synced();
        },
        log: this.props.log,
      });
      this.groups.set(group, log);
    }
    return log;
  }

  private folderOf(group: string): string {
    return join(this.props.folder, encodeURIComponent(group));
  }
}

function streamKey(group: string, stream: string): string {
  return `${group}\n${stream}`;
}
