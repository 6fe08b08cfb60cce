// Locations in S3, and what a failed access to them is called.
import { DataJobFailed } from '@emotion-gallery/personalize-rules/csv';
import { ObjectAccessDenied, ObjectNotFound } from '../service';

export interface S3Location {
  readonly bucket: string;
  /** May be empty. */
  readonly key: string;
}

/** Undefined for anything but `s3://bucket[/key]`. */
export function parseS3Location(url: string): S3Location | undefined {
  const [, bucket, key = ''] = /^s3:\/\/([^/]+)(?:\/(.*))?$/s.exec(url) ?? [];
  return bucket === undefined ? undefined : { bucket, key };
}

/** The key as a folder, with a slash at its end unless it is empty. */
export function folderKey({ key }: S3Location): string {
  return key === '' || key.endsWith('/') ? key : `${key}/`;
}

const INSUFFICIENT = 'Insufficient privileges for accessing data in Amazon S3.';

/**
 * Runs `work`, turning what the object store throws into a job's failure.
 *
 * @param missing Failure text when the bucket or the key does not exist
 * @throws DataJobFailed
 */
export async function withS3Failures<T>(missing: string, work: () => Promise<T>, prefix = ''): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ObjectAccessDenied) throw new DataJobFailed(`${prefix}${INSUFFICIENT}`);
    if (error instanceof ObjectNotFound) throw new DataJobFailed(missing);
    throw error;
  }
}
