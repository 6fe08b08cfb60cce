// S3 as a folder: s3://bucket/key is DIR/bucket/key. Roles are not checked.
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ObjectNotFound, type ObjectStore, type StorageIdentity, type StoredObject } from '../service';

/** Letters, digits, dots, hyphens and, in old ones, underscores; S3 has no bucket that begins with a dot. */
const BUCKET = /^[a-z0-9][a-z0-9._-]*$/i;

export class FolderStore implements ObjectStore {
  private readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** @throws ObjectNotFound for what is no bucket's name, and for a path that would leave the bucket's folder */
  private path(bucket: string, key: string): string {
    const path = resolve(this.root, bucket, key);
    if (!BUCKET.test(bucket) || key.includes('\0') || !path.startsWith(join(this.root, bucket) + sep)) {
      throw new ObjectNotFound(`s3://${bucket}/${key}`);
    }
    return path;
  }

  async list(_identity: StorageIdentity, bucket: string, prefix: string): Promise<StoredObject[]> {
    const root = dirname(this.path(bucket, 'any-key'));
    const files = await readdir(root, { recursive: true, withFileTypes: true }).catch((error) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new ObjectNotFound(`s3://${bucket}`);
      throw error;
    });
    const objects: StoredObject[] = [];
    for (const file of files) {
      if (!file.isFile()) continue;
      const path = join(file.parentPath ?? file.path, file.name);
      const key = relative(root, path).split(sep).join('/');
      if (!key.startsWith(prefix)) continue;
      const { size, mtime } = await stat(path);
      objects.push({ key, size, lastModified: mtime });
    }
    return objects.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async read(_identity: StorageIdentity, bucket: string, key: string): Promise<Readable> {
    const path = this.path(bucket, key);
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) throw new ObjectNotFound(`s3://${bucket}/${key}`);
    return createReadStream(path);
  }

  async write(
    _identity: StorageIdentity,
    bucket: string,
    key: string,
    body: Readable | Buffer,
  ): Promise<void> {
    const path = this.path(bucket, key);
    await mkdir(dirname(path), { recursive: true });
    // Like S3, an object appears whole.
    await pipeline(Buffer.isBuffer(body) ? Readable.from([body]) : body, createWriteStream(`${path}.part`));
    await rename(`${path}.part`, path);
  }
}
