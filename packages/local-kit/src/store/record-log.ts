// One file of checksummed records, the one format of everything that is written bit by bit:
//
//   file   := "RECORDS1" record*
//   record := u32 length of the payload, u32 CRC-32 of these four bytes, u32 CRC-32 of the payload, payload   (little-endian)
//
// The length has a checksum of its own, so that a flipped bit in it is damage and not an end of the file far away. Only what a
// killed process leaves is repaired: a last record that is shorter than its length says, which nobody was told of.
import {
  closeSync,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';

const MAGIC = Buffer.from('RECORDS1', 'latin1');
const HEADER = 12;

/** A file does not hold what was written to it. Nothing was changed; the message names the file and what to do. */
export class DamagedFile extends Error {
  constructor(file: string, what: string) {
    super(
      `${file} is damaged: ${what}. Nothing was changed. Restore the file from a backup, or move its folder away to begin anew`,
    );
    this.name = 'DamagedFile';
  }
}

/** A record, and where it begins in its file. */
export interface PlacedRecord {
  readonly payload: Buffer;
  readonly at: number;
}

/** Where the records of a file begin: one that has no other bytes has no record. */
export const FIRST_RECORD = MAGIC.length;

/** Reads a file's records without changing it and returns where the last whole one ends. @throws DamagedFile */
export function readRecords(file: string, replay: (payload: Buffer, at: number) => void): number {
  const records = recordsIn(file, readFileSync(file));
  for (;;) {
    const next = records.next();
    if (next.done) return next.value;
    replay(next.value.payload, next.value.at);
  }
}

/** The records in the bytes of a file; returns where the last whole one ends. @throws DamagedFile */
export function* recordsIn(file: string, bytes: Buffer): Generator<PlacedRecord, number, undefined> {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new DamagedFile(file, bytes.length === 0 ? 'it is empty' : 'it does not begin as such a file does');
  }
  let at = MAGIC.length;
  while (bytes.length - at >= HEADER) {
    const length = bytes.readUInt32LE(at);
    if (crc32(bytes.subarray(at, at + 4)) !== bytes.readUInt32LE(at + 4)) {
      // A file that grew before its data came, when the power failed.
      if (bytes.subarray(at).every((byte) => byte === 0)) break;
      throw new DamagedFile(file, `the record at byte ${at} has a wrong length`);
    }
    const end = at + HEADER + length;
    if (end > bytes.length) break;
    const payload = bytes.subarray(at + HEADER, end);
    if (crc32(payload) !== bytes.readUInt32LE(at + 8)) {
      throw new DamagedFile(file, `the record at byte ${at} has a wrong checksum`);
    }
    yield { payload, at };
    at = end;
  }
  return at;
}

function encode(payload: Buffer): Buffer {
  const record = Buffer.allocUnsafe(HEADER + payload.length);
  record.writeUInt32LE(payload.length, 0);
  record.writeUInt32LE(crc32(record.subarray(0, 4)), 4);
  record.writeUInt32LE(crc32(payload), 8);
  payload.copy(record, HEADER);
  return record;
}

export class RecordLog {
  /** Bytes after `end` are left over from a write that failed. */
  private hasRemains: boolean;
  private syncedEnd = 0;
  private running: Promise<void> | undefined;
  private following: Promise<void> | undefined;
  private failure: Error | undefined;

  private readonly descriptor: number;

  /** Goes on with a file of which `end` is where the last whole record ends. */
  constructor(
    readonly file: string,
    private end: number,
  ) {
    this.descriptor = openSync(file, 'r+');
    this.hasRemains = fstatSync(this.descriptor).size > end;
  }

  /** Makes the file, in the place of an older one; it is on the disk itself when this resolves. */
  static async create(file: string): Promise<RecordLog> {
    await replaceFile(file, []);
    return new RecordLog(file, FIRST_RECORD);
  }

  /** Makes the file while everybody waits for the disk: the very first one, without which nothing can be kept. */
  static createAtOnce(file: string): RecordLog {
    writeFileSync(`${file}.new`, MAGIC, { mode: 0o600, flush: true });
    renameSync(`${file}.new`, file);
    const folder = openSync(dirname(file), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
    return new RecordLog(file, FIRST_RECORD);
  }

  /** Hands each record to `replay`, oldest first, and opens the file for more. @throws DamagedFile */
  static open(file: string, replay: (payload: Buffer, at: number) => void): RecordLog {
    return new RecordLog(file, readRecords(file, replay));
  }

  /** Where the next record begins. */
  get bytes(): number {
    return this.end;
  }

  /**
   * Adds a record. When it returns, a kill of the process cannot undo it; after `synced`, a loss of power cannot either. When the
   * disk refuses it (it is full), it throws, nothing was added, and a later append may succeed.
   */
  append(payload: Buffer): void {
    if (this.failure) throw this.failure;
    if (this.hasRemains) this.cutRemains();
    const record = encode(payload);
    try {
      writeWhole(this.descriptor, record, this.end);
    } catch (error) {
      this.hasRemains = true;
      throw error;
    }
    this.end += record.length;
  }

  /** Resolves when all that was appended is on the disk itself. Calls that come while the disk is busy share the next sync. */
  synced(): Promise<void> {
    if (this.failure) return Promise.reject(this.failure);
    if (this.syncedEnd === this.end) return Promise.resolve();
    this.following ??= this.followingSync();
    return this.following;
  }

  private async followingSync(): Promise<void> {
    // Its own callers are told of its failure.
    await this.running?.catch(() => undefined);
    this.following = undefined;
    this.running = this.sync();
    return this.running;
  }

  private sync(): Promise<void> {
    const { end } = this;
    return new Promise((resolve, reject) => {
      fdatasync(this.descriptor, (error) => {
        if (error) {
          // What is on the disk is unknown from here on: the next start reads it.
          this.failure = new Error(`${this.file} could not be synced (${error.message}): restart`);
          reject(this.failure);
          return;
        }
        this.syncedEnd = end;
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    try {
      await this.synced();
    } finally {
      closeSync(this.descriptor);
      this.failure ??= new Error(`${this.file} is closed`);
    }
  }

  private cutRemains(): void {
    ftruncateSync(this.descriptor, this.end);
    this.hasRemains = false;
  }
}

/** Makes a file of these records, or puts it in the place of an older one: whole, and on the disk itself when this resolves. */
export async function replaceFile(file: string, payloads: readonly Buffer[]): Promise<void> {
  const draft = `${file}.new`;
  try {
    await writeFile(draft, Buffer.concat([MAGIC, ...payloads.map(encode)]), { mode: 0o600, flush: true });
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await rename(draft, file);
  await syncFolder(dirname(file));
}

/** The one record of a file that was made whole. @throws DamagedFile */
export function readRecord(file: string): Buffer {
  const payloads: Buffer[] = [];
  readRecords(file, (payload) => payloads.push(payload));
  const [payload] = payloads;
  if (!payload) throw new DamagedFile(file, 'it is too short');
  return payload;
}

/** A write may be short without an error; the next one tells why. */
function writeWhole(descriptor: number, bytes: Buffer, position: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written, bytes.length - written, position + written);
  }
}

/** Makes new and renamed files of a folder durable. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
