// Emptying a bucket before it is deleted, and the answer to CloudFormation.
import {
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';
import { emptyBucket } from '../../../../lambda/empty-bucket/empty-bucket';
import { respond } from '../../../../lambda/empty-bucket/respond';

/** A bucket in memory that lists two objects at a time. */
function bucketWith(keys: string[], refusedKey?: string) {
  const send = async (command: unknown) => {
    if (command instanceof GetBucketVersioningCommand) return {};
    if (command instanceof ListObjectsV2Command)
      return { Contents: keys.slice(0, 2).map((Key) => ({ Key })) };
    if (!(command instanceof DeleteObjectsCommand)) throw new Error('unexpected command');
    const wanted = (command.input.Delete?.Objects ?? []).map(({ Key }) => Key);
    const refused = wanted.filter((key) => key === refusedKey);
    keys.splice(0, keys.length, ...keys.filter((key) => !wanted.includes(key) || refused.includes(key)));
    return { Errors: refused.map((Key) => ({ Key, Code: 'AccessDenied', Message: 'no' })) };
  };
  return { keys, client: { send } as unknown as Pick<S3Client, 'send'> };
}

test('every object is deleted, however many pages there are', async () => {
  const { keys, client } = bucketWith(['a', 'b', 'c', 'd', 'e']);
  await emptyBucket(client, 'bucket');
  expect(keys).toEqual([]);
});

/** Has kept versions: each is a key, a colon and a number; that of a deletion begins with an exclamation mark. */
function versionedBucketWith(versions: string[], Status: 'Enabled' | 'Suspended') {
  const identified = (version: string) => ({ Key: version.split(':')[0], VersionId: version });
  const send = async (command: unknown) => {
    if (command instanceof GetBucketVersioningCommand) return { Status };
    if (command instanceof ListObjectVersionsCommand) {
      const page = versions.slice(0, 3);
      return {
        Versions: page.filter((version) => !version.startsWith('!')).map(identified),
        DeleteMarkers: page.filter((version) => version.startsWith('!')).map(identified),
      };
    }
    if (!(command instanceof DeleteObjectsCommand)) throw new Error('unexpected command');
    const wanted = (command.input.Delete?.Objects ?? []).map(({ VersionId }) => VersionId);
    versions.splice(0, versions.length, ...versions.filter((version) => !wanted.includes(version)));
    return {};
  };
  return { versions, client: { send } as unknown as Pick<S3Client, 'send'> };
}

test.each(['Enabled', 'Suspended'] as const)(
  'every version and every mark of a deletion goes when versions are %s',
  async (status) => {
    const { versions, client } = versionedBucketWith(['a:1', 'a:2', '!b:3', 'b:1', 'c:1'], status);
    await emptyBucket(client, 'bucket');
    expect(versions).toEqual([]);
  },
);

test('an object that cannot be deleted ends it with the key and the reason', async () => {
  const { client } = bucketWith(['a', 'b'], 'b');
  await expect(emptyBucket(client, 'bucket')).rejects.toThrow('b was not deleted: AccessDenied no');
});

describe('the answer to CloudFormation', () => {
  const event = {
    ResponseURL: 'https://cloudformation.example/answer',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'logical',
  } as CloudFormationCustomResourceEvent;
  let answer: jest.SpiedFunction<typeof fetch>;

  beforeEach(() => {
    answer = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response());
  });
  afterEach(() => answer.mockRestore());

  test('names the resource, and why it failed', async () => {
    await respond(event, 'bucket', { status: 'FAILED', reason: 'it is locked' });
    const [url, request] = answer.mock.calls[0] ?? [];
    expect(url).toBe(event.ResponseURL);
    expect(request?.method).toBe('PUT');
    expect(JSON.parse(String(request?.body))).toEqual({
      Status: 'FAILED',
      Reason: 'it is locked',
      PhysicalResourceId: 'bucket',
      StackId: 'stack',
      RequestId: 'request',
      LogicalResourceId: 'logical',
    });
  });

  test('is tried again by Lambda when it does not arrive', async () => {
    answer.mockResolvedValue(new Response(null, { status: 503 }));
    await expect(respond(event, 'bucket', { status: 'SUCCESS' })).rejects.toThrow('503');
  });
});
