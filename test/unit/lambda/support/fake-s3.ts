// An in-memory S3 with the operations that the functions use.

import { createHash } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3ServiceException,
} from '@aws-sdk/client-s3';

export interface FakeObject {
  readonly body: Buffer;
  readonly etag: string;
  readonly lastModified: Date;
  readonly contentType?: string;
  readonly cacheControl?: string;
}

export class FakeS3 {
  readonly objects = new Map<string, FakeObject>();
  /** Called for each command; throws to let it fail, and may change what is there. */
  before: (command: object) => void = () => undefined;
  private modified = 0;

  put(key: string, body: Uint8Array | string, more: Partial<FakeObject> = {}): void {
    const content = Buffer.from(body);
    this.modified += 1;
    this.objects.set(key, {
      body: content,
      etag: createHash('md5').update(content).digest('hex'),
      lastModified: new Date(this.modified * 1000),
      ...more,
    });
  }

  async send(command: object): Promise<unknown> {
    this.before(command);
    if (command instanceof HeadObjectCommand || command instanceof GetObjectCommand) {
      const object = this.objects.get(command.input.Key ?? '');
      if (!object) throw notFound();
      const { body, etag, lastModified } = object;
      return {
        ContentLength: body.length,
        ETag: `"${etag}"`,
        LastModified: lastModified,
        Body: {
          transformToByteArray: async () => new Uint8Array(body),
          transformToString: async () => String(body),
        },
      };
    }
    if (command instanceof PutObjectCommand) {
      const { Key = '', Body, ContentType, CacheControl } = command.input;
      this.put(Key, Buffer.from(Body as Uint8Array), {
        contentType: ContentType,
        cacheControl: CacheControl,
      });
      return {};
    }
    if (command instanceof CopyObjectCommand) {
      const [, ...from] = decodeURIComponent(command.input.CopySource ?? '').split('/');
      const source = this.objects.get(from.join('/'));
      if (!source) throw notFound();
      this.put(command.input.Key ?? '', source.body, { contentType: source.contentType });
      return {};
    }
    if (command instanceof ListObjectsV2Command) {
      const keys = [...this.objects.keys()].filter((key) => key.startsWith(command.input.Prefix ?? ''));
      const Contents = keys.sort().map((Key) => ({ Key, LastModified: this.objects.get(Key)?.lastModified }));
      return { Contents, KeyCount: keys.length };
    }
    if (command instanceof DeleteObjectCommand) {
      this.objects.delete(command.input.Key ?? '');
      return {};
    }
    if (command instanceof DeleteObjectsCommand) {
      for (const { Key = '' } of command.input.Delete?.Objects ?? []) this.objects.delete(Key);
      return {};
    }
    throw new Error(`the fake does not know ${command.constructor.name}`);
  }
}

function notFound(): S3ServiceException {
  return new S3ServiceException({
    name: 'NotFound',
    $fault: 'client',
    $metadata: { httpStatusCode: 404 },
    message: 'UnknownError',
  });
}
