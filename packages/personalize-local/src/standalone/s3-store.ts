// S3 behind any endpoint (AWS itself, the local AWS, MinIO), with the credentials of the environment.
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  ObjectAccessDenied,
  ObjectNotFound,
  type ObjectStore,
  type StorageIdentity,
  type StoredObject,
} from '../service';

/** Parts of an upload; S3 takes none smaller but the last. */
const PART_BYTES = 8 * 1024 * 1024;

async function translated<T>(what: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const { name } = error as Error;
    if (name === 'AccessDenied' || name === 'Forbidden') throw new ObjectAccessDenied(what);
    if (['NoSuchKey', 'NoSuchBucket', 'NotFound'].includes(name)) throw new ObjectNotFound(what);
    throw error;
  }
}

/** Cuts a stream into buffers of PART_BYTES; the last one may be shorter, the only one may be empty. */
async function* parts(body: Readable): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    size += bytes.length;
    if (size >= PART_BYTES) {
      yield Buffer.concat(chunks);
      chunks = [];
      size = 0;
    }
  }
  yield Buffer.concat(chunks);
}

export class S3Store implements ObjectStore {
  private readonly client: S3Client;

  constructor(endpoint: string, region: string) {
    this.client = new S3Client({ endpoint, region, forcePathStyle: true });
  }

  async list(_identity: StorageIdentity, bucket: string, prefix: string): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    let token: string | undefined;
    do {
      const page = await translated(`s3://${bucket}/${prefix}`, () =>
        this.client.send(
          new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken: token }),
        ),
      );
      for (const { Key, Size = 0, LastModified = new Date(0) } of page.Contents ?? []) {
        if (Key !== undefined) objects.push({ key: Key, size: Size, lastModified: LastModified });
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return objects;
  }

  async read(_identity: StorageIdentity, bucket: string, key: string): Promise<Readable> {
    const { Body } = await translated(`s3://${bucket}/${key}`, () =>
      this.client.send(new GetObjectCommand({ Bucket: bucket, Key: key })),
    );
    if (!(Body instanceof Readable)) throw new Error(`s3://${bucket}/${key} came without a body`);
    return Body;
  }

  write(_identity: StorageIdentity, bucket: string, key: string, body: Readable | Buffer): Promise<void> {
    return translated(`s3://${bucket}/${key}`, async () => {
      const target = { Bucket: bucket, Key: key };
      if (Buffer.isBuffer(body)) {
        await this.client.send(new PutObjectCommand({ ...target, Body: body }));
        return;
      }
      await this.upload(target, body);
    });
  }

  /** A stream's length is not known beforehand, so it goes in parts. */
  private async upload(target: { Bucket: string; Key: string }, body: Readable): Promise<void> {
    const { UploadId } = await this.client.send(new CreateMultipartUploadCommand(target));
    try {
      const Parts: { ETag: string | undefined; PartNumber: number }[] = [];
      for await (const part of parts(body)) {
        const PartNumber = Parts.length + 1;
        const { ETag } = await this.client.send(
          new UploadPartCommand({ ...target, UploadId, PartNumber, Body: part }),
        );
        Parts.push({ ETag, PartNumber });
      }
      await this.client.send(
        new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts } }),
      );
    } catch (error) {
      await this.client.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
      throw error;
    }
  }
}
