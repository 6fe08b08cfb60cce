// Deletes every object of a bucket, a thousand at a time, with all versions where the bucket has ever kept any.
import {
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ObjectIdentifier,
  type S3Client,
} from '@aws-sdk/client-s3';

type Client = Pick<S3Client, 'send'>;

/**
 * Lists from the start again after each page, so that objects are found too that arrive meanwhile.
 *
 * @throws Error when an object could not be deleted, with its key and the reason
 */
export async function emptyBucket(client: Client, bucketName: string): Promise<void> {
  const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket: bucketName }));
  for (;;) {
    const Objects = await (Status ? versionsOf : objectsOf)(client, bucketName);
    if (Objects.length === 0) return;
    const { Errors = [] } = await client.send(
      new DeleteObjectsCommand({ Bucket: bucketName, Delete: { Objects, Quiet: true } }),
    );
    const [first] = Errors;
    if (first) throw new Error(`${first.Key} was not deleted: ${first.Code} ${first.Message}`);
  }
}

async function objectsOf(client: Client, Bucket: string): Promise<ObjectIdentifier[]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => ({ Key }));
}

/** The marks of deletions are versions too: a bucket that has one is not empty. */
async function versionsOf(client: Client, Bucket: string): Promise<ObjectIdentifier[]> {
  const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
}
