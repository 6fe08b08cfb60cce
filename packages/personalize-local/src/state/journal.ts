// An append-only file of checksummed JSON lines: the one format in which resources are kept on disk.
//
//   line := crc32 of the JSON text (8 hex digits) " " JSON text "\n"
//
// Appends made while a flush runs share the next flush (group commit). A crash can only tear the last line, which was not
// acknowledged and is cut off at the next start. Compaction writes a new file beside the old one and renames it over.
import { type FileHandle, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncDirectory } from '../data/directories';

function encodeLine(record: unknown): string {
  const json = JSON.stringify(record);
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
}

/** The record of a line, or undefined when its checksum does not fit. */
function decodeLine(line: string): { record: unknown } | undefined {
  const json = line.slice(9);
  if (line[8] !== ' ' || crc32(json) !== Number.parseInt(line.slice(0, 8), 16)) return undefined;
  return { record: JSON.parse(json) };
}

/** Replays the whole lines and returns where they end. @throws Error as Journal.open does */
function replayLines(file: string, text: string, replay: (record: unknown) => void): number {
  let good = 0;
  while (good < text.length) {
    const end = text.indexOf('\n', good);
    const decoded = end < 0 ? undefined : decodeLine(text.slice(good, end));
    if (!decoded) {
      if (end >= 0 && end < text.length - 1) {
        throw new Error(`${file} is damaged at character ${good}; restore it or remove the state folder`);
      }
      break;
    }
    replay(decoded.record);
    good = end + 1;
  }
  return good;
}

export class Journal {
  private waiting: string[] = [];
  /** All writes, one after the other. Rejected for good once the disk has refused. */
  private tail: Promise<void> = Promise.resolve();
  /** The flush that has not begun yet and will take everything that waits. */
  private scheduled: Promise<void> | undefined;

  private constructor(
    private readonly file: string,
    private handle: FileHandle,
    /** Bytes in the file, the waiting lines included. */
    private bytes: number,
  ) {}

  get size(): number {
    return this.bytes;
  }

  /**
   * Opens the journal, making it when missing, and hands every record to `replay` in order.
   *
   * @throws Error when a line that is not the last one is damaged: that is no crash but a broken disk or a foreign edit.
   */
  static async open(file: string, replay: (record: unknown) => void): Promise<Journal> {
    await mkdir(dirname(file), { recursive: true });
    await rm(`${file}.new`, { force: true });
    const handle = await open(file, 'a+');
    try {
      const text = await readFile(file, 'utf8');
      const good = replayLines(file, text, replay);
      const bytes = Buffer.byteLength(text.slice(0, good));
      if (good < text.length) await handle.truncate(bytes);
      await handle.sync();
      await syncDirectory(dirname(file));
      return new Journal(file, handle, bytes);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Adds a record; it is on disk once a later `flushed()` has resolved. */
  append(record: unknown): void {
    const line = encodeLine(record);
    this.bytes += Buffer.byteLength(line);
    this.waiting.push(line);
  }

  /** Resolves when everything appended so far is on disk. @throws Error when the disk refuses, from then on always. */
  flushed(): Promise<void> {
    if (this.waiting.length > 0 && !this.scheduled) {
      this.scheduled = this.enqueue(() => {
        this.scheduled = undefined;
        return this.flush();
      });
    }
    return this.scheduled ?? this.tail;
  }

  /** Replaces the content by `records()`, which is called when its turn comes and must describe the state at that time. */
  compact(records: () => Iterable<unknown>): Promise<void> {
    return this.enqueue(async () => {
      const text = [...records()].map(encodeLine).join('');
      this.waiting = [];
      this.bytes = Buffer.byteLength(text);
      const next = await open(`${this.file}.new`, 'a');
      await next.appendFile(text);
      await next.sync();
      await rename(`${this.file}.new`, this.file);
      await syncDirectory(dirname(this.file));
      await this.handle.close();
      this.handle = next;
    });
  }

  private enqueue(task: () => Promise<void>): Promise<void> {
    const turn = this.tail.then(task);
    this.tail = turn;
    // Whoever waits for the write sees its failure; this only keeps an unobserved one from ending the process.
    turn.catch(() => undefined);
    return turn;
  }

  private async flush(): Promise<void> {
    const text = this.waiting.join('');
    this.waiting = [];
    if (text === '') return;
    await this.handle.appendFile(text);
    await this.handle.datasync();
  }

  async close(): Promise<void> {
    await this.flushed();
    await this.handle.close();
  }
}
