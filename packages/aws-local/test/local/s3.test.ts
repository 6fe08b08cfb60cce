// S3 through the SDK's own client and the gateway.

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  DeleteObjectTaggingCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketPolicyStatusCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { ServiceEvent } from '../../src/ports';
import type { AwsService } from '../../src/service';
import { createS3 } from '../../src/services/s3';
import { eventually, type Harness, ROOT, startServices } from './harness';

const Bucket = 'gallery';
let harness: Harness;
let s3: S3Client;
const events: ServiceEvent[] = [];

const recordingEvents = async () =>
  ({
    id: 'events',
    accept: (event: ServiceEvent) => void events.push(event),
    close: async () => undefined,
  }) as unknown as AwsService;

beforeAll(async () => {
  harness = await startServices({ s3: createS3, events: recordingEvents });
  s3 = new S3Client(harness.client);
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(() => harness.close());

const code = async (promise: Promise<unknown>) => {
  try {
    await promise;
    return 'no error';
  } catch (error) {
    return (error as Error).name === 'Error' ? String(error) : (error as Error).name;
  }
};

test('an object comes back with its bytes, type, metadata and checksum', async () => {
  const put = await s3.send(
    new PutObjectCommand({
      Bucket,
      Key: 'a b/ü+.txt',
      Body: 'hello',
      ContentType: 'text/plain',
      Metadata: { who: 'me' },
      CacheControl: 'max-age=1',
    }),
  );
  expect(put.ETag).toBe('"5d41402abc4b2a76b9719d911017c592"');
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a b/ü+.txt' }));
  expect(await got.Body?.transformToString()).toBe('hello');
  expect(got).toMatchObject({
    ContentType: 'text/plain',
    Metadata: { who: 'me' },
    CacheControl: 'max-age=1',
    ContentLength: 5,
  });
  expect(got.ChecksumCRC32).toBe('NhCmhg==');
});

test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
  'a %s checksum that does not fit is refused',
  async (ChecksumAlgorithm) => {
    await harness
      .service<AwsService>('s3')
      .call('PutObject', { Bucket, Key: 'sum', Body: Buffer.from('123456789') }, ROOT);
    const wrong = { [`Checksum${ChecksumAlgorithm}`]: Buffer.from('nonsense').toString('base64') };
    expect(
      await code(s3.send(new PutObjectCommand({ Bucket, Key: 'sum', Body: '123456789', ...wrong }))),
    ).toBe('BadDigest');
  },
);

test('the CRC-64/NVME of the check string is the published one', async () => {
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'sum', ChecksumMode: 'ENABLED' }));
  expect(Buffer.from(head.ChecksumCRC64NVME ?? '', 'base64').toString('hex')).toBe('ae8b14860a799888');
});

test('listing goes page by page and folds keys at the delimiter', async () => {
  for (const key of ['l/1', 'l/2', 'l/x/1', 'l/x/2', 'l/y', 'l/z/1']) {
    await s3.send(new PutObjectCommand({ Bucket, Key: key, Body: key }));
  }
  const folded = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'l/', Delimiter: '/' }));
  expect(folded.Contents?.map((object) => object.Key)).toEqual(['l/1', 'l/2', 'l/y']);
  expect(folded.CommonPrefixes?.map((prefix) => prefix.Prefix)).toEqual(['l/x/', 'l/z/']);
  const keys: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'l/', MaxKeys: 2, ContinuationToken }),
    );
    keys.push(...(page.Contents ?? []).map((object) => object.Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  expect(keys).toEqual(['l/1', 'l/2', 'l/x/1', 'l/x/2', 'l/y', 'l/z/1']);
  const old = await s3.send(new ListObjectsCommand({ Bucket, Prefix: 'l/', Marker: 'l/x/2' }));
  expect(old.Contents?.map((object) => object.Key)).toEqual(['l/y', 'l/z/1']);
});

test('buckets, uploads and parts come page by page, with prefix and delimiter', async () => {
  const names = ['pages-a', 'pages-b', 'pages-c'];
  for (const name of names) await s3.send(new CreateBucketCommand({ Bucket: name }));
  const first = await s3.send(new ListBucketsCommand({ Prefix: 'pages-', MaxBuckets: 2 }));
  const { ContinuationToken } = first;
  const second = await s3.send(new ListBucketsCommand({ Prefix: 'pages-', ContinuationToken }));
  expect([first, second].map(({ Buckets }) => Buckets?.map(({ Name }) => Name))).toEqual([
    ['pages-a', 'pages-b'],
    ['pages-c'],
  ]);
  expect(await code(s3.send(new ListBucketsCommand({ BucketRegion: 'nowhere' })))).toBe('InvalidArgument');

  const [pages] = names;
  const begin = (Key: string) => s3.send(new CreateMultipartUploadCommand({ Bucket: pages, Key }));
  const { UploadId } = await begin('x');
  const others = [await begin('in/a'), await begin('in/b'), await begin('x')];
  const uploads = await s3.send(
    new ListMultipartUploadsCommand({ Bucket: pages, Delimiter: '/', MaxUploads: 2 }),
  );
  expect(uploads).toMatchObject({ IsTruncated: true, NextKeyMarker: 'x', NextUploadIdMarker: UploadId });
  expect(uploads.CommonPrefixes).toEqual([{ Prefix: 'in/' }]);
  const next = { KeyMarker: 'x', UploadIdMarker: UploadId };
  const rest = await s3.send(new ListMultipartUploadsCommand({ Bucket: pages, ...next }));
  expect(rest.Uploads?.map((upload) => upload.UploadId)).toEqual([others[2]?.UploadId]);

  const upload = { Bucket: pages, Key: 'x', UploadId };
  for (const PartNumber of [1, 2, 3])
    await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body: 'p' }));
  const parts = await s3.send(new ListPartsCommand({ ...upload, MaxParts: 1, PartNumberMarker: '1' }));
  expect(parts).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '2', Parts: [{ PartNumber: 2 }] });
  for (const { UploadId, Key } of [upload, ...others])
    await s3.send(new AbortMultipartUploadCommand({ Bucket: pages, Key, UploadId }));
  for (const name of names) await s3.send(new DeleteBucketCommand({ Bucket: name }));
});

test('configurations are strict inside: what is not done here is refused by its name, and changes nothing', async () => {
  const Status = 'Enabled' as const;
  const lifecycle = (rule: object) =>
    s3.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket,
        LifecycleConfiguration: { Rules: [{ Status, Filter: { Prefix: '' }, ...rule }] },
      }),
    );
  // Taken for a rule of all objects, it would let go of those without the tag, too.
  const tagged = { Filter: { Tag: { Key: 'a', Value: 'b' } }, Expiration: { Days: 1 } };
  await expect(lifecycle(tagged)).rejects.toThrow("'LifecycleConfiguration.Rules.0.Filter.Tag'");
  await expect(lifecycle({ Transitions: [{ Days: 1, StorageClass: 'GLACIER' }] })).rejects.toThrow(
    'Transition',
  );
  const kms = { Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' as const } }] };
  await expect(
    s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: kms })),
  ).rejects.toThrow('encrypted with AES256 alone on localhost');
  const cors = { CORSRules: [{ AllowedMethods: ['PATCH'], AllowedOrigins: ['*'] }] };
  expect(await code(s3.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: cors })))).toBe(
    'MalformedXML',
  );
  await lifecycle({ Expiration: { Days: 9 } });
});

test('tags are taken off an object, which stays; headers of an answer may be chosen by who asks', async () => {
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'tagged', Body: 'x', Tagging: 'a=1', Expires: new Date(0) }),
  );
  await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'tagged' }));
  expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'tagged' }))).TagSet).toEqual([]);
  const chosen = { ResponseContentType: 'text/x', ResponseContentDisposition: 'attachment' };
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'tagged', ...chosen }));
  expect(got).toMatchObject({ ContentType: 'text/x', ContentDisposition: 'attachment' });
  expect(got.ExpiresString).toBe('Thu, 01 Jan 1970 00:00:00 GMT');
});

test('ranges and conditions are answered as HTTP says', async () => {
  const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: 'range', Body: '0123456789' }));
  const middle = await s3.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=2-4' }));
  expect([await middle.Body?.transformToString(), middle.ContentRange]).toEqual(['234', 'bytes 2-4/10']);
  const tail = await s3.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=-3' }));
  expect(await tail.Body?.transformToString()).toBe('789');
  expect(await code(s3.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=10-' })))).toBe(
    'InvalidRange',
  );
  await expect(
    s3.send(new GetObjectCommand({ Bucket, Key: 'range', IfNoneMatch: ETag })),
  ).rejects.toMatchObject({
    $metadata: { httpStatusCode: 304 },
  });
  expect(await code(s3.send(new GetObjectCommand({ Bucket, Key: 'range', IfMatch: '"other"' })))).toBe(
    'PreconditionFailed',
  );
  expect(
    await code(s3.send(new PutObjectCommand({ Bucket, Key: 'range', Body: 'x', IfNoneMatch: '*' }))),
  ).toBe('PreconditionFailed');
});

test('an upload in parts becomes one object', async () => {
  const Key = 'big';
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'video/mp4' }),
  );
  const large = Buffer.alloc(5 * 1024 * 1024, 'a');
  const first = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: large }));
  const second = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 2, Body: 'tail' }));
  expect((await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).Parts).toHaveLength(2);
  const Parts = [
    { PartNumber: 1, ETag: first.ETag },
    { PartNumber: 2, ETag: second.ETag },
  ];
  const done = await s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
  );
  expect(done.ETag).toMatch(/-2"$/);
  const got = await s3.send(new GetObjectCommand({ Bucket, Key }));
  expect((await got.Body?.transformToByteArray())?.length).toBe(large.length + 4);
  expect(got.ContentType).toBe('video/mp4');
});

const call = (operation: string, input: object) =>
  harness.service<AwsService>('s3').call(operation, { Bucket, ...input }, ROOT);
const files = () => readdirSync(join(harness.stateDir, 's3', 'objects'));

test('who has begun to read gets all of the old object, whether it is overwritten or deleted that moment', async () => {
  const Key = 'raced.txt';
  for (let round = 0; round < 100; round += 1) {
    await call('PutObject', { Key, Body: Buffer.from(`old ${round}`) });
    const change = round % 2 === 0 ? 'DeleteObject' : 'PutObject';
    const [{ Body }] = await Promise.all([
      call('GetObject', { Key }),
      call(change, { Key, ...(change === 'PutObject' && { Body: Buffer.from('new') }) }),
    ]);
    expect(await text(Body as NodeJS.ReadableStream)).toBe(`old ${round}`);
  }
  await call('DeleteObject', { Key });
});

test('an upload is completed or aborted, never both, and leaves no bytes behind', async () => {
  const Key = 'parts.txt';
  // Bytes go once nothing on the disk itself names them, and what is left over at a restart.
  await harness.restart();
  const before = files();
  const begin = async () => {
    const { UploadId } = await call('CreateMultipartUpload', { Key });
    const { ETag } = await call('UploadPart', { Key, UploadId, PartNumber: 1, Body: Buffer.from('part') });
    return { Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } };
  };
  const abort = ({ UploadId }: { readonly UploadId?: unknown }) =>
    call('AbortMultipartUpload', { Key, UploadId });
  const aborted = await begin();
  const outcomes = [call('CompleteMultipartUpload', aborted), abort(aborted)].map(code);
  expect(await Promise.all(outcomes)).toEqual(['NoSuchUpload', 'no error']);
  expect(await code(call('HeadObject', { Key }))).toBe('NoSuchKey');
  const late = await begin();
  const part = { Key, UploadId: late.UploadId, PartNumber: 2, Body: Buffer.from('late') };
  const lateOutcomes = [call('UploadPart', part), abort(late)].map(code);
  expect(await Promise.all(lateOutcomes)).toEqual(['NoSuchUpload', 'no error']);
  await eventually(() => files().sort().join() === before.sort().join() || undefined);

  const twice = await begin();
  const both = [call('CompleteMultipartUpload', twice), call('CompleteMultipartUpload', twice)].map(code);
  expect((await Promise.all(both)).sort()).toEqual(['NoSuchUpload', 'no error']);
  await eventually(() => files().length === before.length + 1 || undefined);
  await call('DeleteObject', { Key });
  await eventually(() => files().sort().join() === before.sort().join() || undefined);
});

test('copies keep or replace metadata, deletions are quiet about missing keys', async () => {
  await s3.send(
    new PutObjectCommand({ Bucket, Key: 'from', Body: 'x', Metadata: { a: '1' }, Tagging: 'colour=red' }),
  );
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from` }));
  expect((await s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).Metadata).toEqual({ a: '1' });
  expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'to' }))).TagSet).toEqual([
    { Key: 'colour', Value: 'red' },
  ]);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'never was' }));
  const deleted = await s3.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'from' }, { Key: 'to' }] } }),
  );
  expect(deleted.Deleted).toHaveLength(2);
  expect(await code(s3.send(new GetObjectCommand({ Bucket, Key: 'to' })))).toBe('NoSuchKey');
});

test('the CDK CLI learns of a bucket what it asks for', async () => {
  expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined();
  const encryption = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(
    encryption.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault
      ?.SSEAlgorithm,
  ).toBe('AES256');
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  expect(
    (await s3.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration
      ?.BlockPublicPolicy,
  ).toBe(true);
  expect(await code(s3.send(new GetBucketPolicyStatusCommand({ Bucket })))).toBe('NoSuchBucketPolicy');
});

test('the bucket policy and the transport are part of every question to IAM', async () => {
  const Resource = `arn:aws:s3:::${Bucket}/open/*`;
  const everybody = { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource };
  const opened = JSON.stringify({ Version: '2012-10-17', Statement: everybody });
  expect(await code(s3.send(new PutBucketPolicyCommand({ Bucket, Policy: opened })))).toBe('AccessDenied');
  const Statement = [{ ...everybody, Principal: { Service: 'personalize.amazonaws.com' } }];
  const Policy = { Version: '2012-10-17', Statement };
  await s3.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(Policy) }));
  await s3.send(new HeadObjectCommand({ Bucket, Key: 'range' }));
  expect(harness.asked.at(-1)).toMatchObject({
    action: 's3:GetObject',
    resource: 'arn:aws:s3:::gallery/range',
    resourcePolicy: Policy,
    context: { 'aws:securetransport': 'true' },
  });
  harness.deny = (request) => request.action === 's3:ListBucket';
  expect(await code(s3.send(new GetObjectCommand({ Bucket, Key: 'missing' })))).toBe('AccessDenied');
  harness.deny = () => false;
});

test('EventBridge hears of new and deleted objects once the bucket says so', async () => {
  const configuration = { NotificationConfiguration: { EventBridgeConfiguration: {} } };
  await harness
    .service<AwsService>('s3')
    .call('PutBucketNotificationConfiguration', { Bucket, ...configuration }, ROOT);
  events.length = 0;
  await s3.send(new PutObjectCommand({ Bucket, Key: 'emotions/sad/1.jpg', Body: 'x' }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'emotions/sad/1.jpg' }));
  expect(events.map((event) => event['detail-type'])).toEqual(['Object Created', 'Object Deleted']);
  expect(events[0]).toMatchObject({
    source: 'aws.s3',
    resources: ['arn:aws:s3:::gallery'],
    detail: { bucket: { name: Bucket }, object: { key: 'emotions/sad/1.jpg', size: 1 }, reason: 'PutObject' },
  });
});

test('everything is still there after a restart', async () => {
  await harness.restart();
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'range' }));
  expect(await got.Body?.transformToString()).toBe('0123456789');
});

const MIB = 1024 * 1024;
/** Bytes in files that no object names: of what is being received. */
const received = () =>
  files()
    .filter((name) => !name.includes('.'))
    .reduce((sum, name) => sum + statSync(join(harness.stateDir, 's3', 'objects', name)).size, 0);

test('an object is on the disk while it comes, not in memory until it has come', async () => {
  const half = Buffer.alloc(2 * MIB, 'emotion');
  const Body = new PassThrough();
  const put = s3.send(
    new PutObjectCommand({ Bucket, Key: 'streamed', Body, ContentLength: 2 * half.length }),
  );
  Body.write(half);
  await eventually(() => received() > MIB || undefined);
  expect(await code(call('HeadObject', { Key: 'streamed' }))).toBe('NoSuchKey');
  Body.end(half);
  const { ChecksumCRC32 } = await put;
  expect(ChecksumCRC32).toBeDefined();
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'streamed' }));
  expect(
    Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat([half, half])),
  ).toBe(true);
});

test('who may not write is told so before the body is read, and one that breaks off leaves nothing', async () => {
  harness.deny = ({ action }) => action === 's3:PutObject';
  const refused = new PassThrough();
  const put = s3.send(
    new PutObjectCommand({ Bucket, Key: 'refused', Body: refused, ContentLength: 1024 * MIB }),
  );
  expect(await code(put)).toBe('AccessDenied');
  refused.destroy();
  harness.deny = () => false;

  const Body = new PassThrough();
  const sender = new AbortController();
  const command = new PutObjectCommand({ Bucket, Key: 'broken', Body, ContentLength: 1024 * MIB });
  const outcome = code(s3.send(command, { abortSignal: sender.signal }));
  Body.write(Buffer.alloc(2 * MIB));
  await eventually(() => received() > MIB || undefined);
  sender.abort();
  expect(await outcome).toBe('AbortError');
  await eventually(() => received() === 0 || undefined);
  expect(await code(call('HeadObject', { Key: 'broken' }))).toBe('NoSuchKey');
});

test('a body that is not the one that was signed or summed up is refused, and leaves nothing', async () => {
  const before = files().length;
  const put = (input: object) =>
    code(s3.send(new PutObjectCommand({ Bucket, Key: 'wrong', Body: 'bytes', ...input })));
  expect(await put({ ChecksumSHA256: Buffer.alloc(32).toString('base64') })).toBe('BadDigest');
  expect(await put({ ContentMD5: Buffer.alloc(16).toString('base64') })).toBe('BadDigest');
  expect(await put({ ContentMD5: 'short' })).toBe('InvalidDigest');
  await eventually(() => files().length === before || undefined);
});
