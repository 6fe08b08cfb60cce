// The object store of --s3-endpoint, against the local AWS's S3 with signed requests.

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ObjectAccessDenied, ObjectNotFound } from '@emotion-gallery/personalize-local';
import { S3Store } from '../../../personalize-local/src/standalone/s3-store';
import type { AwsService } from '../../src/service';
import { createS3 } from '../../src/services/s3';
import { type Harness, startServices } from './harness';

const identity = { roleArn: 'arn:aws:iam::000000000000:role/r', sourceArn: 'arn:aws:personalize:x' };
const environment = { AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'secret' };

let harness: Harness;
let store: S3Store;
const before = Object.keys(environment).map((name) => [name, process.env[name]] as const);
beforeAll(async () => {
  Object.assign(process.env, environment);
  const events = async () => ({ id: 'events', accept: () => undefined, close: async () => undefined });
  harness = await startServices({ s3: createS3, events: events as unknown as () => Promise<AwsService> });
  const client = new S3Client(harness.client);
  await client.send(new CreateBucketCommand({ Bucket: 'bucket' }));
  client.destroy();
  store = new S3Store(harness.endpoint, 'us-east-1');
});
afterAll(async () => {
  await harness.close();
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const text = async (key: string) => (await buffer(await store.read(identity, 'bucket', key))).toString();

it('writes buffers and streams of any size, lists them by prefix and reads them back', async () => {
  await store.write(identity, 'bucket', 'in/a.csv', Buffer.from('one'));
  await store.write(identity, 'bucket', 'in/b.csv', Readable.from(['tw', 'o']));
  await store.write(identity, 'bucket', 'in/empty.csv', Readable.from([]));
  const block = Buffer.alloc(1024 * 1024, 'x');
  await store.write(
    identity,
    'bucket',
    'out/large.csv',
    Readable.from(Array.from({ length: 17 }, () => block)),
  );
  const listed = await store.list(identity, 'bucket', 'in/');
  expect(listed.map(({ key, size }) => [key, size])).toEqual([
    ['in/a.csv', 3],
    ['in/b.csv', 3],
    ['in/empty.csv', 0],
  ]);
  expect(await text('in/a.csv')).toBe('one');
  expect(await text('in/b.csv')).toBe('two');
  expect((await text('out/large.csv')).length).toBe(17 * block.length);
});

it('says what is missing and what is not allowed, and leaves no half-written object', async () => {
  await expect(store.read(identity, 'bucket', 'nothing')).rejects.toThrow(ObjectNotFound);
  await expect(store.list(identity, 'no-such-bucket', '')).rejects.toThrow(ObjectNotFound);
  const broken = Readable.from(
    (async function* () {
      yield 'some';
      throw new Error('the source broke');
    })(),
  );
  await expect(store.write(identity, 'bucket', 'half.csv', broken)).rejects.toThrow('the source broke');
  await expect(store.read(identity, 'bucket', 'half.csv')).rejects.toThrow(ObjectNotFound);
  harness.deny = ({ action }) => action === 's3:GetObject';
  await expect(store.read(identity, 'bucket', 'in/a.csv')).rejects.toThrow(ObjectAccessDenied);
});
