// Files of this machine to S3, while the connection breaks off.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { S3Client } from '@aws-sdk/client-s3';
import { uploadFile } from '../../../cli/upload-file';

const folder = mkdtempSync(join(tmpdir(), 'upload-'));
const path = join(folder, 'file.csv');
writeFileSync(path, 'USER_ID\nu1\n');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const upload = { path, size: 11, bucket: 'gallery', key: 'file.csv' };
const pause = async () => undefined;

/** Fails with these, one a call, and then takes what comes. */
function s3(...failures: Error[]) {
  const bodies: string[] = [];
  let calls = 0;
  const send = async ({ input }: { input: { Body: AsyncIterable<Buffer> } }) => {
    calls += 1;
    const failure = failures.shift();
    if (failure) throw failure;
    bodies.push(await text(input.Body));
    return {};
  };
  return { client: { send } as unknown as Pick<S3Client, 'send'>, bodies, calls: () => calls };
}

const reset = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

test('an upload whose connection breaks off is made again, with the whole file', async () => {
  const { client, bodies } = s3(reset(), reset());
  await uploadFile(client, upload, pause);
  expect(bodies).toEqual(['USER_ID\nu1\n']);
});

test('what does not pass by itself is told at once, and what does not pass after some tries', async () => {
  const denied = s3(Object.assign(new Error('no'), { name: 'AccessDenied', $fault: 'client' }));
  await expect(uploadFile(denied.client, upload, pause)).rejects.toThrow('no');
  expect(denied.calls()).toBe(1);
  const gone = s3(...Array.from({ length: 9 }, reset));
  await expect(uploadFile(gone.client, upload, pause)).rejects.toThrow('read ECONNRESET');
  expect(gone.calls()).toBe(4);
});
