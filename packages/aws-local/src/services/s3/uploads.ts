// Uploads in parts, while they are not complete.
import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { AwsError } from '../../service';
import type { ChecksumAlgorithm } from './checksums';
import type { Blob, ObjectRecord } from './objects';

export interface Part {
  readonly number: number;
  readonly blob: Blob;
  readonly checksum?: string;
  readonly lastModified: number;
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly startedAt: number;
  readonly attributes: Pick<ObjectRecord, 'headers' | 'metadata' | 'tags'>;
  readonly algorithm: ChecksumAlgorithm;
  /** Whether who began it named the algorithm. */
  readonly isChosen?: boolean;
  readonly checksumType: 'FULL_OBJECT' | 'COMPOSITE';
  readonly parts: readonly Part[];
}

/** @throws NoSuchUpload */
export function findUpload(
  uploads: StoredMap<Upload>,
  input: { readonly UploadId: string; readonly Bucket: string; readonly Key: string },
): Upload {
  const upload = uploads.get(input.UploadId);
  if (!upload || upload.bucket !== input.Bucket || upload.key !== input.Key) {
    const message =
      'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
    throw new AwsError('NoSuchUpload', message, 404, { UploadId: input.UploadId });
  }
  return upload;
}
