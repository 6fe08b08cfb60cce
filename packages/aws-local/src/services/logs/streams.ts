// Log streams as files: one line an event.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LogEvent } from '../../ports';

export interface StoredLogEvent extends LogEvent {
  readonly ingestionTime: number;
  readonly eventId: string;
}

export class LogStreams {
  private sequence = 0;
  /** Streams whose file is known to be there. */
  private readonly known = new Set<string>();

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
  }

  has(group: string, stream: string): boolean {
    return this.known.has(this.file(group, stream)) || existsSync(this.file(group, stream));
  }

  create(group: string, stream: string): void {
    mkdirSync(join(this.folder, encodeURIComponent(group)), { recursive: true });
    appendFileSync(this.file(group, stream), '');
    this.known.add(this.file(group, stream));
  }

  append(group: string, stream: string, events: readonly LogEvent[], now: number): void {
    const file = this.file(group, stream);
    if (!this.known.has(file)) this.create(group, stream);
    const lines = events.map((event) => {
      this.sequence += 1;
      const stored: StoredLogEvent = {
        ...event,
        ingestionTime: now,
        eventId: `${now}${String(this.sequence).padStart(12, '0')}`,
      };
      return `${JSON.stringify(stored)}\n`;
    });
    appendFileSync(file, lines.join(''));
  }

  list(group: string): string[] {
    const folder = join(this.folder, encodeURIComponent(group));
    return existsSync(folder)
      ? readdirSync(folder)
          .map((name) => decodeURIComponent(name))
          .sort()
      : [];
  }

  /** By time; a line that a crash cut off is left out. */
  read(group: string, stream: string): StoredLogEvent[] {
    const file = this.file(group, stream);
    if (!existsSync(file)) return [];
    const lines = readFileSync(file, 'utf8').split('\n');
    lines.pop();
    return lines.map((line) => JSON.parse(line) as StoredLogEvent).sort((a, b) => a.timestamp - b.timestamp);
  }

  remove(group: string, stream: string): void {
    rmSync(this.file(group, stream), { force: true });
    this.known.delete(this.file(group, stream));
  }

  removeGroup(group: string): void {
    for (const stream of this.list(group)) this.remove(group, stream);
    rmSync(join(this.folder, encodeURIComponent(group)), { recursive: true, force: true });
  }

  /** Drops the events before a time, in milliseconds since the epoch. */
  removeBefore(group: string, time: number): void {
    for (const stream of this.list(group)) {
      const events = this.read(group, stream);
      const kept = events.filter((event) => event.timestamp >= time);
      if (kept.length === events.length) continue;
      const file = this.file(group, stream);
      writeFileSync(`${file}.tmp`, kept.map((event) => `${JSON.stringify(event)}\n`).join(''));
      renameSync(`${file}.tmp`, file);
    }
  }

  close(): void {
    this.known.clear();
  }

  private file(group: string, stream: string): string {
    return join(this.folder, encodeURIComponent(group), encodeURIComponent(stream));
  }
}
