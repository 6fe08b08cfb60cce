// Where renditions are: a folder of the bucket that is new each time a picture is listed, so that an address never shows anything else,
// and what is taken away can be forgotten by its address.
import { createHash } from 'node:crypto';
import {
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { PICTURES_PREFIX } from '../../shared/contract/emotions';
import type { Rendition } from './renditions';

interface Bucket {
  readonly s3: Pick<S3Client, 'send'>;
  readonly bucket: string;
}

const CACHE_CONTROL = 'public, max-age=2592000, immutable';

const hash = (text: string, digits: number) =>
  createHash('sha256').update(text).digest('hex').slice(0, digits);

/** The folder of an item's picture as it is from its `revision` on. */
export function folderOf(itemId: string, etag: string, revision: number): string {
  return `${PICTURES_PREFIX}${hash(itemId, 16)}/${hash(`${etag} ${revision}`, 12)}`;
}

export async function publish(
  { s3, bucket }: Bucket,
  folder: string,
  files: readonly Rendition[],
): Promise<void> {
  await Promise.all(
    files.map(({ name, contentType, body }) =>
      s3.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: `${folder}/${name}`,
          Body: body,
          ContentType: contentType,
          CacheControl: CACHE_CONTROL,
        }),
      ),
    ),
  );
}

/** @throws Error when S3 could not delete all of it */
export async function unpublish({ s3, bucket }: Bucket, folder: string): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${folder}/` }));
  if (Contents.length === 0) return;
  const Objects = Contents.map(({ Key }) => ({ Key }));
  const { Errors = [] } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [first] = Errors;
  if (first) throw new Error(`${Errors.length} renditions were not deleted: ${first.Code}`);
}
