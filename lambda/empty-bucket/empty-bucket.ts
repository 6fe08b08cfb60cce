// Deletes every object of a bucket without versions, a thousand at a time.
import { DeleteObjectsCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';

/**
 * Lists from the start again after each page, so that objects are found too that arrive meanwhile.
 *
 * @throws Error when an object could not be deleted, with its key and the reason
 */
export async function emptyBucket(client: Pick<S3Client, 'send'>, bucketName: string): Promise<void> {
  for (;;) {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucketName }));
    if (Contents.length === 0) return;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({
        Bucket: bucketName,
        Delete: { Objects: Contents.map(({ Key }) => ({ Key })), Quiet: true },
      }),
    );
    const [first] = Errors;
    if (first) throw new Error(`${first.Key} was not deleted: ${first.Code} ${first.Message}`);
  }
}
