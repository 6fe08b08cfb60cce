// The objects on disk: bytes in one file each, everything else in a journal. An overwrite makes a new file, so a reader
// that has already begun still gets the old bytes whole.
import { createHash, randomUUID } from 'node:crypto';
import {
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
} from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';
import {
  DamagedFile,
  type Store,
  type StoreChange,
  type StoredMap,
  syncFolder,
} from '@emotion-gallery/local-kit/store';
import { type ChecksumAlgorithm, type Checksums, digestOf } from './checksums';
import { isMarker, type Version } from './versions';

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
  /** Absent: the null version. */
  readonly versionId?: string;
}

/** A part of an upload, or bytes not yet an object. */
export interface Blob {
  readonly name: string;
  readonly size: number;
  /** Hexadecimal MD5. */
  readonly md5: string;
}

/** Bytes that were written, with the checksums that were asked for. */
export interface WrittenBlob {
  readonly blob: Blob;
  readonly checksums: Checksums;
}

/** A change that the outside is told about; it stays in the journal until it was handed over. */
export interface Notice {
  readonly id: string;
  readonly type: 'Object Created' | 'Object Deleted';
  readonly reason: string;
  readonly requester: string;
  readonly object: Version;
  readonly at: number;
}

export class ObjectFiles {
  private readonly records: StoredMap<ObjectRecord>;
  /** Behind the current objects: older versions, and markers of deletions. */
  private readonly history: StoredMap<readonly Version[]>;
  private readonly notices: StoredMap<Notice>;
  private readonly blobs: string;
  private readonly sorted = new Map<string, string[]>();

  constructor(
    stateDir: string,
    private readonly store: Store,
  ) {
    this.blobs = join(stateDir, 'objects');
    mkdirSync(this.blobs, { recursive: true });
    this.records = store.map('s3/objects');
    this.history = store.map('s3/versions');
    this.notices = store.map('s3/notices');
  }

  /**
   * Looks at the bytes of every object, and of those that are `alsoUsed`, and removes all others: what an interrupted write left.
   * @throws DamagedFile
   */
  async takeUp(alsoUsed: readonly string[]): Promise<void> {
    const versions = [...this.records.values(), ...[...this.history.values()].flat()];
    const used = new Set([...blobsOf(versions), ...alsoUsed]);
    for (const name of used) {
      const file = join(this.blobs, name);
      if (!existsSync(file)) throw new DamagedFile(file, 'it is missing');
      // Objects of an earlier version have no checksum in their names.
      const [, checksum] = name.split('.');
      if (checksum !== undefined && (await checksumOf(file)) !== checksum)
        throw new DamagedFile(file, 'its checksum is wrong');
    }
    for (const name of readdirSync(this.blobs)) if (!used.has(name)) rmSync(join(this.blobs, name));
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
    this.sorted.set(bucket, sorted(keys));
    return keys;
  }

  /** Writes bytes as they come; they are on the disk itself when this resolves. Throws what the source does, and what the disk says. */
  async write(
    source: AsyncIterable<Buffer> | Iterable<Buffer>,
    algorithms: readonly ChecksumAlgorithm[] = [],
  ): Promise<WrittenBlob> {
    const draft = join(this.blobs, randomUUID());
    const digests = algorithms.map((algorithm) => [algorithm, digestOf(algorithm)] as const);
    const md5 = createHash('md5');
    let size = 0;
    let sum = 0;
    const looked = async function* (pieces: AsyncIterable<Buffer>) {
      for await (const piece of pieces) {
        if (piece.length === 0) continue;
        size += piece.length;
        sum = crc32(piece, sum);
        md5.update(piece);
        for (const [, digest] of digests) digest.update(piece);
        yield piece;
      }
    };
    // The name carries the checksum, so that a damaged file is known by what names it.
    let name: string;
    try {
      await pipeline(
        Readable.from(source),
        looked,
        createWriteStream(draft, { flags: 'wx', flush: true, mode: 0o600 }),
      );
      name = `${basename(draft)}.${hexadecimal(sum)}`;
      await rename(draft, join(this.blobs, name));
      await syncFolder(this.blobs);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    const checksums = Object.fromEntries(
      digests.map(([algorithm, digest]) => [algorithm, digest.digest('base64')]),
    );
    return { blob: { name, size, md5: md5.digest('hex') }, checksums };
  }

  /** The bytes from `start` to `end`, both included. */
  stream(record: ObjectRecord, start = 0, end = record.size - 1): Readable {
    return this.open(record.blob, { start, end });
  }

  /** The bytes of several, one after the other. */
  async *joined(names: readonly string[]): AsyncGenerator<Buffer, void, undefined> {
    for (const name of names) yield* this.open(name);
  }

  /** Opened at once: what is overwritten, deleted or aborted from now on stays readable for this reader. */
  private open(name: string, range: { readonly start?: number; readonly end?: number } = {}): Readable {
    return createReadStream('', { ...range, fd: openSync(join(this.blobs, name), 'r') });
  }

  /** Bytes that `check` finds to be superfluous by now, by throwing, are removed again. */
  recheck<T>(blob: Blob, check: () => T): T {
    try {
      return check();
    } catch (error) {
      this.removeBlob(blob.name);
      throw error;
    }
  }

  /** Once nothing on the disk names it any more; the next start removes one that stays. */
  removeBlob(name: string): void {
    this.store
      .synced()
      .then(() => rm(join(this.blobs, name), { force: true }))
      .catch(() => undefined);
  }

  /** All versions of a key, newest first. */
  versions(bucket: string, key: string): readonly Version[] {
    const current = this.get(bucket, key);
    const older = this.history.get(recordKey(bucket, key)) ?? [];
    return current ? [current, ...older] : older;
  }

  /** The bucket's keys that have any version, in UTF-8 order. */
  keysWithVersions(bucket: string): readonly string[] {
    const prefix = recordKey(bucket, '');
    const others = [...this.history.keys()].filter((name) => name.startsWith(prefix));
    if (others.length === 0) return this.keys(bucket);
    return sorted([...new Set([...this.keys(bucket), ...others.map((name) => name.slice(prefix.length))])]);
  }

  /** The versions of a key from now on, newest first. The change and its notice are there together, or neither. */
  replace(bucket: string, key: string, versions: readonly Version[], notice?: Notice): void {
    const name = recordKey(bucket, key);
    const before = this.versions(bucket, key);
    const [newest] = versions;
    const current = newest && !isMarker(newest) ? newest : undefined;
    const older = current ? versions.slice(1) : versions;
    this.store.commit([
      ...changeOf(this.records, name, current),
      ...changeOf(this.history, name, older.length > 0 ? older : undefined),
      ...(notice ? [{ map: this.notices, key: notice.id, value: notice }] : []),
    ]);
    if (Boolean(current) !== Boolean(before[0] && !isMarker(before[0]))) this.sorted.delete(bucket);
    const kept = new Set(blobsOf(versions));
    for (const blob of blobsOf(before)) if (!kept.has(blob)) this.removeBlob(blob);
  }

  /** Notices that were not handed over. */
  pendingNotices(): Notice[] {
    return [...this.notices.values()];
  }

  noticeHandedOver(id: string): void {
    this.notices.delete(id);
  }
}

const blobsOf = (versions: readonly Version[]): string[] =>
  versions.flatMap((version) => (isMarker(version) ? [] : [version.blob]));

const sorted = (keys: string[]): string[] =>
  keys.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));

/** None where nothing is and was. */
function changeOf<T>(map: StoredMap<T>, key: string, value: T | undefined): StoreChange[] {
  if (value !== undefined) return [{ map, key, value }];
  return map.has(key) ? [{ map, key, removed: true }] : [];
}

async function checksumOf(file: string): Promise<string> {
  let sum = 0;
  for await (const piece of createReadStream(file)) sum = crc32(piece as Buffer, sum);
  return hexadecimal(sum);
}

const hexadecimal = (sum: number): string => sum.toString(16).padStart(8, '0');

function recordKey(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
