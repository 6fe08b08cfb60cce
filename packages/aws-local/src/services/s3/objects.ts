// The objects on disk: bytes in one file each, everything else in a journal. An overwrite makes a new file, so a reader
// that has already begun still gets the old bytes whole.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { type Change, JournaledMap } from '../shared/journaled-map';
import type { Checksums } from './checksums';

export interface ObjectRecord {
  readonly bucket: string;
  readonly key: string;
  /** Name of the file with the bytes. */
  readonly blob: string;
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
  /** Content-Type, Cache-Control and the like, by lower-case header name. */
  readonly headers: Readonly<Record<string, string>>;
  /** User metadata, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly checksums: Checksums;
  /** How the checksums were made: of the whole object, or of its parts' checksums. */
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
  readonly sequencer: string;
}

/** A part of an upload, or bytes not yet an object. */
export interface Blob {
  readonly name: string;
  readonly size: number;
  /** Hexadecimal MD5. */
  readonly md5: string;
}

/** A change that the outside is told about; it stays in the journal until it was handed over. */
export interface Notice {
  readonly id: string;
  readonly type: 'Object Created' | 'Object Deleted';
  readonly reason: string;
  readonly requester: string;
  readonly object: ObjectRecord;
  readonly at: number;
}

export class ObjectFiles {
  private readonly records: JournaledMap<ObjectRecord>;
  private readonly notices: JournaledMap<Notice>;
  private readonly blobs: string;
  private readonly sorted = new Map<string, string[]>();

  constructor(stateDir: string) {
    this.blobs = join(stateDir, 'objects');
    mkdirSync(this.blobs, { recursive: true });
    this.records = new JournaledMap(join(stateDir, 'objects.jsonl'));
    this.notices = new JournaledMap(join(stateDir, 'notices.jsonl'));
  }

  /** Removes files that no object and no upload names: what an interrupted write left. */
  removeOrphans(alsoUsed: ReadonlySet<string>): void {
    const used = new Set([...this.records.values()].map((record) => record.blob));
    for (const file of readdirSync(this.blobs)) {
      if (!used.has(file) && !alsoUsed.has(file)) rmSync(join(this.blobs, file));
    }
  }

  get(bucket: string, key: string): ObjectRecord | undefined {
    return this.records.get(recordKey(bucket, key));
  }

  /** The bucket's keys in UTF-8 order. */
  keys(bucket: string): readonly string[] {
    const known = this.sorted.get(bucket);
    if (known) return known;
    const prefix = recordKey(bucket, '');
    const keys = [...this.records.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
    keys.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    this.sorted.set(bucket, keys);
    return keys;
  }

  async writeBlob(body: Buffer): Promise<Blob> {
    const name = randomUUID();
    await writeFile(join(this.blobs, name), body);
    return { name, size: body.length, md5: createHash('md5').update(body).digest('hex') };
  }

  readBlob(name: string): Promise<Buffer> {
    return readFile(join(this.blobs, name));
  }

  /** The bytes from `start` to `end`, both included. */
  stream(record: ObjectRecord, start = 0, end = record.size - 1): Readable {
    return createReadStream(join(this.blobs, record.blob), { start, end });
  }

  removeBlob(name: string): void {
    rmSync(join(this.blobs, name), { force: true });
  }

  put(record: ObjectRecord, notice?: Notice): void {
    const previous = this.get(record.bucket, record.key);
    if (notice) this.notices.put(notice.id, notice);
    this.records.put(recordKey(record.bucket, record.key), record);
    if (previous) this.removeBlob(previous.blob);
    else this.sorted.delete(record.bucket);
  }

  /** Changes what is kept beside the bytes. */
  update(record: ObjectRecord): void {
    this.records.put(recordKey(record.bucket, record.key), record);
  }

  delete(record: ObjectRecord, notice?: Notice): void {
    if (notice) this.notices.put(notice.id, notice);
    const change: Change<ObjectRecord> = { key: recordKey(record.bucket, record.key), removed: true };
    this.records.commit([change]);
    this.sorted.delete(record.bucket);
    this.removeBlob(record.blob);
  }

  /** Notices that were not handed over; a notice whose object never got written is dropped. */
  pendingNotices(): Notice[] {
    const pending: Notice[] = [];
    for (const notice of [...this.notices.values()]) {
      const current = this.get(notice.object.bucket, notice.object.key);
      const happened =
        (current?.sequencer === notice.object.sequencer) === (notice.type === 'Object Created');
      if (happened) pending.push(notice);
      else this.notices.delete(notice.id);
    }
    return pending;
  }

  noticeHandedOver(id: string): void {
    this.notices.delete(id);
  }

  close(): void {
    this.records.close();
    this.notices.close();
  }
}

function recordKey(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
