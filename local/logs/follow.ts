// Follows the log streams of the local AWS: each new line of each stream, with the group that it belongs to.
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface LogLine {
  /** The log group's name. */
  readonly group: string;
  /** Milliseconds since the epoch. */
  readonly timestamp: number;
  readonly message: string;
}

/** Remembers how far each stream was read. */
export class LogFollower {
  private readonly offsets = new Map<string, number>();

  constructor(private readonly folder: string) {}

  /** What was written since the last call, in order of time. A line that is still being written waits for the next call. */
  read(): LogLine[] {
    if (!existsSync(this.folder)) return [];
    const lines = readdirSync(this.folder).flatMap((group) =>
      readdirSync(join(this.folder, group)).flatMap((stream) => this.readStream(group, stream)),
    );
    return lines.sort((a, b) => a.timestamp - b.timestamp);
  }

  private readStream(group: string, stream: string): LogLine[] {
    const file = join(this.folder, group, stream);
    const from = this.offsets.get(file) ?? 0;
    const size = statSync(file).size;
    if (size <= from) return [];
    const bytes = Buffer.alloc(size - from);
    const descriptor = openSync(file, 'r');
    readSync(descriptor, bytes, 0, bytes.length, from);
    closeSync(descriptor);
    const end = bytes.lastIndexOf('\n') + 1;
    this.offsets.set(file, from + end);
    return bytes
      .toString('utf8', 0, end)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const { timestamp, message } = JSON.parse(line) as { timestamp: number; message: string };
        return { group: decodeURIComponent(group), timestamp, message };
      });
  }
}
