// What the bucket has under a name now.
import { GetObjectCommand, HeadObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { MOST_BYTES } from '../shared/contract/files';
import { RefusedPicture } from './pictures/inspect';
import { tooLarge } from './pictures/renditions';

export interface StoredObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Changes with the content. */
  readonly etag: string;
}

interface Bucket {
  readonly s3: Pick<S3Client, 'send'>;
  readonly bucket: string;
}

/** The object of this name in whichever form of Unicode; of several, the one that was stored last. */
export async function findObject(bucket: Bucket, key: string): Promise<StoredObject | undefined> {
  const forms = new Set([key.normalize('NFC'), key.normalize('NFD'), key]);
  const found = await Promise.all([...forms].map((form) => head(bucket, form)));
  return found
    .filter((object) => object !== undefined)
    .sort((left, right) => right.lastModified - left.lastModified)[0];
}

/** @throws RefusedPicture when there is nothing in it, or more than is read */
export async function readObject(
  { s3, bucket }: Bucket,
  { key, size, etag }: StoredObject,
): Promise<Uint8Array> {
  if (size === 0) throw new RefusedPicture('empty file');
  if (size > MOST_BYTES) throw tooLarge(size);
  // As it was looked at; an event of what came in its place follows.
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag }));
  if (!Body) throw new Error(`no content of ${key}`);
  return Body.transformToByteArray();
}

async function head(
  { s3, bucket }: Bucket,
  key: string,
): Promise<(StoredObject & { readonly lastModified: number }) | undefined> {
  try {
    const { ContentLength, ETag, LastModified } = await s3.send(
      new HeadObjectCommand({ Bucket: bucket, Key: key }),
    );
    return {
      key,
      size: ContentLength ?? 0,
      etag: (ETag ?? '').replaceAll('"', ''),
      lastModified: LastModified?.getTime() ?? 0,
    };
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
    throw error;
  }
}
