// A file of this machine to S3. The SDK does not try a stream again, which it cannot read twice; a file can be opened twice.
import { open } from 'node:fs/promises';
import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { backoff, isTransient, type Sleep, sleep } from '../lambda/shared/retry';

const TRIES = 4;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5_000;

export interface Upload {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly bucket: string;
  readonly key: string;
}

/** @throws what S3 or the connection says, when it does not pass by itself, or did not after some tries */
export async function uploadFile(
  client: Pick<S3Client, 'send'>,
  { path, size, bucket, key }: Upload,
  pause: Sleep = sleep,
): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    const file = await open(path);
    try {
      const Body = file.createReadStream({ autoClose: false });
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body, ContentLength: size }));
      return;
    } catch (error) {
      if (tries + 1 >= TRIES || !isTransient(error)) throw error;
      await pause(backoff(tries, FIRST_PAUSE_MS, LONGEST_PAUSE_MS, Math.random));
    } finally {
      await file.close();
    }
  }
}
