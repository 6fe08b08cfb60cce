// An append-only file of checksummed records. A record is a u32 length, a u32 CRC-32 of the payload, both little-endian,
// and the payload. Appends that arrive while the disk is busy are written and synced together, so that a sync per batch,
// not per request, bounds the rate. A torn or damaged record at the end of the file is cut off on open: nothing after it
// was ever acknowledged.
import { constants, type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { syncDirectory } from './directories';

/** Like `a+`, and a write returns when its data is on the disk: one step where a write and a sync are two. */
const SYNCHRONOUS = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_DSYNC;
const HEADER = 8;
const READ_CHUNK = 4 << 20;
/** A length beyond this can only be damage. */
const MAX_RECORD = 64 << 20;

export function encodeRecord(payload: Buffer): Buffer {
  const record = Buffer.allocUnsafe(HEADER + payload.length);
  record.writeUInt32LE(payload.length, 0);
  record.writeUInt32LE(crc32(payload), 4);
  payload.copy(record, HEADER);
  return record;
}

interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class AppendLog {
  private pending: Buffer[] = [];
  private waiting: Waiting[] = [];
  private flushing: Promise<void> | undefined;
  private failure: unknown;

  private constructor(
    private readonly file: FileHandle,
    private size: number,
    /** Bytes that were cut off on open. */
    readonly repairedBytes: number,
  ) {}

  /** Opens or makes the file and hands each whole record to `replay`, oldest first. */
  static async open(path: string, replay: (payload: Buffer) => void): Promise<AppendLog> {
    const file = await open(path, SYNCHRONOUS);
    const { size } = await file.stat();
    // A new file is only durable once its folder knows of it.
    if (size === 0) await syncDirectory(dirname(path));
    const end = await replayRecords(file, replay);
    if (end < size) {
      await file.truncate(end);
      await file.sync();
    }
    return new AppendLog(file, end, size - end);
  }

  /** Bytes in the file. */
  get bytes(): number {
    return this.size;
  }

  /** Resolves when the record is on the disk. After a failed write every append fails: the file's end is unknown then. */
  append(payload: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) {
        reject(this.failure);
        return;
      }
      this.pending.push(encodeRecord(payload));
      this.waiting.push({ resolve, reject });
      this.flushing ??= this.flush();
    });
  }

  private async flush(): Promise<void> {
    while (this.pending.length > 0) {
      const [records, waiting] = [this.pending, this.waiting];
      this.pending = [];
      this.waiting = [];
      try {
        const batch = records.length === 1 ? (records[0] as Buffer) : Buffer.concat(records);
        await this.file.appendFile(batch);
        this.size += batch.length;
        for (const { resolve } of waiting) resolve();
      } catch (error) {
        this.failure = error;
        for (const { reject } of [...waiting, ...this.waiting]) reject(error);
        this.pending = [];
        this.waiting = [];
      }
    }
    this.flushing = undefined;
  }

  /** Waits for what was appended. */
  async drain(): Promise<void> {
    await this.flushing;
  }

  async close(): Promise<void> {
    await this.drain();
    await this.file.close();
  }
}

/** Returns where the last whole record ends. */
async function replayRecords(file: FileHandle, replay: (payload: Buffer) => void): Promise<number> {
  let buffer = Buffer.alloc(0);
  let position = 0;
  let end = 0;
  for (;;) {
    let start = 0;
    while (buffer.length - start >= HEADER) {
      const length = buffer.readUInt32LE(start);
      if (length > MAX_RECORD) return end;
      if (buffer.length - start < HEADER + length) break;
      const payload = buffer.subarray(start + HEADER, start + HEADER + length);
      if (crc32(payload) !== buffer.readUInt32LE(start + 4)) return end;
      replay(payload);
      start += HEADER + length;
      end += HEADER + length;
    }
    const chunk = Buffer.allocUnsafe(READ_CHUNK);
    const { bytesRead } = await file.read(chunk, 0, READ_CHUNK, position);
    if (bytesRead === 0) return end;
    position += bytesRead;
    buffer = Buffer.concat([buffer.subarray(start), chunk.subarray(0, bytesRead)]);
  }
}
