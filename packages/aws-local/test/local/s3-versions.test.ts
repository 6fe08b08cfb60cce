// Versions of objects through the SDK's own client: what writes and deletions leave, what each question gets, and what lifecycle rules let go.
import { text } from 'node:stream/consumers';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { ManualClock } from '@emotion-gallery/local-kit/clock';
import type { ServiceEvent } from '../../src/ports';
import type { AwsService } from '../../src/service';
import { createS3 } from '../../src/services/s3';
import { bucket as provider } from '../../src/services/s3/resources';
import { type Harness, startServices } from './harness';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const clock = new ManualClock(Date.now());
const events: ServiceEvent[] = [];
const recordingEvents = async () =>
  ({
    id: 'events',
    accept: (event: ServiceEvent) => void events.push(event),
    close: async () => undefined,
  }) as unknown as AwsService;

let harness: Harness;
let s3: S3Client;
let Bucket: string;
let made = 0;

beforeAll(async () => {
  harness = await startServices({ s3: createS3, events: recordingEvents }, { clock });
  s3 = new S3Client(harness.client);
});
afterAll(() => harness.close());

/** A bucket of each test's own, which keeps versions. */
beforeEach(async () => {
  made += 1;
  Bucket = `versions-${made}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  await setVersioning('Enabled');
});

const setVersioning = (Status: 'Enabled' | 'Suspended') =>
  s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = async (Key: string, Body: string) =>
  (await s3.send(new PutObjectCommand({ Bucket, Key, Body }))).VersionId ?? 'none';
const remove = (Key: string, VersionId?: string) =>
  s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const read = async (Key: string, VersionId?: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return text(Body as NodeJS.ReadableStream);
};
const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no error',
    (error: Error & { $metadata?: { httpStatusCode?: number } }) =>
      error.name === 'Unknown' ? error.$metadata?.httpStatusCode : error.name,
  );

/** The status and headers of an answer, which the SDK's errors do not show. */
async function headersOf(
  command: GetObjectCommand | HeadObjectCommand | GetObjectTaggingCommand,
): Promise<Record<string, unknown>> {
  const { $response } = await s3.send(command as GetObjectCommand).then(
    () => {
      throw new Error('it was answered');
    },
    (error: { $response: { statusCode: number; headers: Record<string, string> } }) => error,
  );
  return { status: $response.statusCode, ...$response.headers };
}

/** `<key> <version id>`, markers with `×`, the latest of a key with `*`, as they are listed. */
async function listed(input: object = {}): Promise<string[]> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket, ...input }),
  );
  const shown = (list: typeof Versions | typeof DeleteMarkers, mark: string) =>
    list.map(({ Key, VersionId, IsLatest }) => `${mark}${Key} ${VersionId}${IsLatest ? '*' : ''}`);
  return [...shown(Versions, ''), ...shown(DeleteMarkers, '×')];
}

test('an overwritten object is had back by its version, and a start later, too', async () => {
  expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBe('Enabled');
  const first = await put('a', 'one');
  const second = await put('a', 'two');
  expect(new Set([first, second, 'null']).size).toBe(3);
  await harness.restart();
  expect(await read('a')).toBe('two');
  expect(await read('a', first)).toBe('one');
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a', VersionId: first }));
  expect(head).toMatchObject({ VersionId: first, ContentLength: 3 });
  expect(await listed()).toEqual([`a ${second}*`, `a ${first}`]);
  expect(await code(read('a', 'unknown'))).toBe('NoSuchVersion');
});

test('a deletion leaves a marker, and the object is back when the marker goes', async () => {
  const version = await put('a', 'one');
  const { DeleteMarker, VersionId: marker } = await remove('a');
  expect(DeleteMarker).toBe(true);
  expect(await code(read('a'))).toBe('NoSuchKey');
  expect((await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount).toBe(0);
  expect(await listed()).toEqual([`a ${version}`, `×a ${marker}*`]);
  expect(await code(read('a', marker))).toBe('MethodNotAllowed');
  expect(await read('a', version)).toBe('one');
  expect(await remove('a', marker)).toMatchObject({ DeleteMarker: true, VersionId: marker });
  expect(await read('a')).toBe('one');
});

test('a deleted object is told by headers, too: without its body, and whatever is asked of the marker', async () => {
  await put('a', 'one');
  const { VersionId: marker = '' } = await remove('a');
  const deleted = { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker };
  expect(await headersOf(new HeadObjectCommand({ Bucket, Key: 'a' }))).toMatchObject({
    status: 404,
    ...deleted,
  });
  expect(await headersOf(new GetObjectCommand({ Bucket, Key: 'a' }))).toMatchObject({
    status: 404,
    ...deleted,
  });
  const ofMarker = { status: 405, ...deleted, allow: 'DELETE' };
  expect(await headersOf(new GetObjectCommand({ Bucket, Key: 'a', VersionId: marker }))).toMatchObject(
    ofMarker,
  );
  expect(await headersOf(new GetObjectTaggingCommand({ Bucket, Key: 'a' }))).toMatchObject(ofMarker);
  await remove('a', marker);
  const { VersionId: version } = await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' }));
  await remove('a', version);
  expect(await headersOf(new GetObjectCommand({ Bucket, Key: 'a', VersionId: version }))).not.toHaveProperty(
    'x-amz-delete-marker',
  );
});

test('a version that is named goes for good; when it was the newest, the one before it is current', async () => {
  const [first, second] = [await put('a', 'one'), await put('a', 'two')];
  await remove('a', second);
  expect(await read('a')).toBe('one');
  await remove('a', first);
  expect(await listed()).toEqual([]);
  expect(await code(read('a', first))).toBe('NoSuchVersion');
  // What is not there is gone, as it should be.
  expect(await code(remove('a', first))).toBe('no error');
});

test('what was there before versions were kept has the id null, and is overwritten again when they are suspended', async () => {
  Bucket = `${Bucket}-later`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  expect(await put('a', 'before')).toBe('none');
  await setVersioning('Enabled');
  const kept = await put('a', 'kept');
  expect(await listed()).toEqual([`a ${kept}*`, 'a null']);
  expect(await read('a', 'null')).toBe('before');
  await setVersioning('Suspended');
  expect(await put('a', 'after')).toBe('null');
  expect(await listed()).toEqual(['a null*', `a ${kept}`]);
  await remove('a');
  expect(await listed()).toEqual([`a ${kept}`, '×a null*']);
  expect(await read('a', kept)).toBe('kept');
});

test('a bucket with any version is not empty, and all go in one call, markers with them', async () => {
  await put('a', 'one');
  await put('a', 'two');
  await remove('a');
  await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toThrow('delete all versions');
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
  const { Deleted = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted).toHaveLength(3);
  expect(Deleted.filter(({ DeleteMarker }) => DeleteMarker)).toEqual([
    expect.objectContaining({ DeleteMarkerVersionId: DeleteMarkers[0]?.VersionId }),
  ]);
  await s3.send(new DeleteBucketCommand({ Bucket }));
});

test('versions are listed page by page, with prefix and delimiter', async () => {
  for (const key of ['a', 'a', 'b/c', 'b/d', 'e']) await put(key, key);
  const pages: string[] = [];
  let [KeyMarker, VersionIdMarker]: (string | undefined)[] = [];
  do {
    const page: ListObjectVersionsCommandOutput = await s3.send(
      new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, Delimiter: '/', KeyMarker, VersionIdMarker }),
    );
    const keys = [
      ...(page.Versions ?? []).map(({ Key }) => Key),
      ...(page.CommonPrefixes ?? []).map((p) => p.Prefix),
    ];
    pages.push(keys.join(' '));
    [KeyMarker, VersionIdMarker] = [page.NextKeyMarker, page.NextVersionIdMarker];
  } while (KeyMarker);
  expect(pages).toEqual(['a a', 'e b/']);
  expect((await listed({ Prefix: 'b/' })).map((entry) => entry.split(' ')[0])).toEqual(['b/c', 'b/d']);
  expect(await code(listed({ VersionIdMarker: 'x' }))).toBe('InvalidArgument');
});

test('a copy and tags are of the version that is named', async () => {
  const first = await put('a', 'one');
  await put('a', 'two');
  const copied = await s3.send(
    new CopyObjectCommand({ Bucket, Key: 'a', CopySource: `${Bucket}/a?versionId=${first}` }),
  );
  expect(copied.CopySourceVersionId).toBe(first);
  expect(await read('a')).toBe('one');
  const Tagging = { TagSet: [{ Key: 'kept', Value: 'yes' }] };
  await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'a', VersionId: first, Tagging }));
  const tagsOf = async (VersionId?: string) =>
    (await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'a', VersionId }))).TagSet;
  expect(await tagsOf(first)).toEqual(Tagging.TagSet);
  expect(await tagsOf()).toEqual([]);
});

test('questions about versions have actions of their own', async () => {
  const version = await put('a', 'one');
  harness.asked.length = 0;
  await read('a', version);
  await listed();
  await remove('a', version);
  expect(harness.asked.map(({ action }) => action)).toEqual([
    's3:GetObjectVersion',
    's3:ListBucketVersions',
    's3:DeleteObjectVersion',
  ]);
});

test('lifecycle rules let go of older versions, of markers that nothing stands behind, and of what is old, by the day', async () => {
  // As CloudFormation writes them, which the API then gets.
  const rule = {
    Status: 'Enabled',
    NoncurrentVersionExpiration: { NoncurrentDays: 30 },
    ExpiredObjectDeleteMarker: true,
  };
  const calls: object[] = [];
  const context = { region: 'us-east-1', call: async (...call: unknown[]) => calls.push(call) };
  const old = { Status: 'Enabled', Prefix: 'old/', ExpirationInDays: 7 };
  await provider.update?.(Bucket, { LifecycleConfiguration: { Rules: [rule, old] } }, {}, context as never);
  const [[, operation, input]] = calls as [[string, string, never]];
  expect(operation).toBe('PutBucketLifecycleConfiguration');
  await s3.send(new PutBucketLifecycleConfigurationCommand(input));

  const first = await put('a', 'one');
  const second = await put('a', 'two');
  await put('gone', 'one');
  await remove('gone');
  await put('old/b', 'b');
  clock.advance(8 * DAY_MS);
  expect(await code(read('old/b'))).toBe('NoSuchKey');
  expect(await listed({ Prefix: 'a' })).toEqual([`a ${second}*`, `a ${first}`]);
  clock.advance(24 * DAY_MS);
  expect(await listed({ Prefix: 'a' })).toEqual([`a ${second}*`]);
  // The version behind the marker went, and then the marker.
  expect(await listed({ Prefix: 'gone' })).toEqual([]);
});
