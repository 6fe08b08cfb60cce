// Pictures that an operator takes out of the gallery: their files are moved to where nothing shows them, and can be had back for a month,
// until the bucket forgets them.
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  type S3Client,
} from '@aws-sdk/client-s3';
import { findObject } from '../catalog/stored-object';
import { REMOVED_PREFIX } from '../shared/contract/emotions';
import { LIMITS, type RemovedResponse } from '../shared/contract/schemas';
import { HttpProblem } from '../shared/http/problem';

interface Bucket {
  readonly s3: Pick<S3Client, 'send'>;
  readonly bucket: string;
}

export class RemovedFiles {
  constructor(private readonly place: Bucket) {}

  async has(itemId: string): Promise<boolean> {
    return (await findObject(this.place, REMOVED_PREFIX + itemId)) !== undefined;
  }

  /** What the catalogue does about it, the bucket's event has it do. @throws HttpProblem 404 when there is no such picture */
  async remove(itemId: string): Promise<void> {
    const found = await findObject(this.place, itemId);
    if (!found) throw new HttpProblem(404, 'There is no such picture, or it has been removed already.');
    await this.move(found.key, REMOVED_PREFIX + found.key);
  }

  /** @throws HttpProblem 404 when it is not there any more, 409 when there is another one of this name */
  async restore(itemId: string): Promise<void> {
    const [found, other] = await Promise.all([
      findObject(this.place, REMOVED_PREFIX + itemId),
      findObject(this.place, itemId),
    ]);
    if (!found) throw new HttpProblem(404, 'This picture cannot be had back: it was removed too long ago.');
    if (other && other.etag !== found.etag)
      throw new HttpProblem(409, 'There is another picture of this name in the gallery.');
    await this.move(found.key, found.key.slice(REMOVED_PREFIX.length));
  }

  /** The last ones first, up to a hundred of them. */
  async list(): Promise<RemovedResponse> {
    const { s3, bucket } = this.place;
    const files: { itemId: string; removedAt: string }[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket: bucket, Prefix: REMOVED_PREFIX, ContinuationToken }),
      );
      for (const { Key = '', LastModified } of page.Contents ?? []) {
        const itemId = Key.slice(REMOVED_PREFIX.length).normalize('NFC');
        files.push({ itemId, removedAt: (LastModified ?? new Date(0)).toISOString() });
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    files.sort((left, right) => right.removedAt.localeCompare(left.removedAt));
    return { files: files.slice(0, LIMITS.removed), count: files.length };
  }

  /** Interrupted in between it is at both places, and the same call ends it. */
  private async move(from: string, to: string): Promise<void> {
    const { s3, bucket } = this.place;
    const CopySource = `${bucket}/${from.split('/').map(encodeURIComponent).join('/')}`;
    // Tags stay behind: reading them would want a permission of its own.
    await s3.send(
      new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource, TaggingDirective: 'REPLACE' }),
    );
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: from }));
  }
}
