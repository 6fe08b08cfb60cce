// Uploads in parts: each part is on disk when it is acknowledged; completing joins them into one object.
import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import { checksum } from './checksums';
import {
  ADDRESS,
  ATTRIBUTES,
  attributesOf,
  BODY,
  CHECKSUMS,
  checksumMembers,
  claimedChecksums,
  receive,
  store,
} from './object-operations';
import type { ObjectRecord } from './objects';
import { checkWrite } from './preconditions';
import type { S3State } from './state';
import { findUpload, type Part, type Upload } from './uploads';

const SMALLEST_PART = 5 * 1024 * 1024;

const ALGORITHM = z.enum(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']);
const CREATE = ADDRESS.extend({
  ...ATTRIBUTES,
  ChecksumAlgorithm: ALGORITHM.optional(),
  ChecksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
});
const UPLOAD = ADDRESS.extend({ UploadId: z.string() });
const PART = UPLOAD.extend({
  PartNumber: z.number().int().min(1).max(10_000),
  Body: BODY,
  ChecksumAlgorithm: ALGORITHM.optional(),
  ...CHECKSUMS,
});
const COMPLETE = UPLOAD.extend({
  MultipartUpload: z.object({
    Parts: z.array(z.object({ PartNumber: z.coerce.number(), ETag: z.string(), ...CHECKSUMS })).min(1),
  }),
  ChecksumType: z.enum(['FULL_OBJECT', 'COMPOSITE']).optional(),
  ...CHECKSUMS,
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
});

export function multipartOperations(state: S3State): Operations {
  return {
    CreateMultipartUpload: operation(CREATE, (input, caller) => {
      state.authorizeObject(caller, 's3:PutObject', input.Bucket, input.Key);
      const algorithm = input.ChecksumAlgorithm ?? 'CRC64NVME';
      const upload: Upload = {
        id: randomUUID().replaceAll('-', ''),
        bucket: input.Bucket,
        key: input.Key,
        startedAt: state.context.clock.now(),
        attributes: attributesOf(input),
        algorithm,
        isChosen: input.ChecksumAlgorithm !== undefined,
        checksumType: input.ChecksumType ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE'),
        parts: [],
      };
      state.uploads.put(upload.id, upload);
      return {
        Bucket: input.Bucket,
        Key: input.Key,
        UploadId: upload.id,
        ChecksumAlgorithm: input.ChecksumAlgorithm,
        ChecksumType: upload.checksumType,
      };
    }),
    UploadPart: operation(PART, (input, caller) => uploadPart(state, input, caller)),
    CompleteMultipartUpload: operation(COMPLETE, (input, caller) => complete(state, input, caller)),
    AbortMultipartUpload: operation(UPLOAD, (input, caller) => {
      state.authorizeObject(caller, 's3:AbortMultipartUpload', input.Bucket, input.Key);
      const upload = findUpload(state.uploads, input);
      state.uploads.delete(upload.id);
      for (const part of upload.parts) state.files.removeBlob(part.blob.name);
    }),
  };
}

async function uploadPart(state: S3State, input: z.output<typeof PART>, caller: Caller): Promise<Shape> {
  state.authorizeObject(caller, 's3:PutObject', input.Bucket, input.Key);
  const { algorithm } = findUpload(state.uploads, input);
  const { blob, claimed, checksums } = await receive(state, input, algorithm);
  // Read again: other parts may have arrived while the bytes were being written.
  const upload = state.files.recheck(blob, () => findUpload(state.uploads, input));
  const part: Part = {
    number: input.PartNumber,
    blob,
    checksum: checksums[algorithm],
    lastModified: state.context.clock.now(),
  };
  const replaced = upload.parts.find((other) => other.number === part.number);
  const parts = [...upload.parts.filter((other) => other !== replaced), part].sort(
    (a, b) => a.number - b.number,
  );
  state.uploads.put(upload.id, { ...upload, parts });
  if (replaced) state.files.removeBlob(replaced.blob.name);
  return { ETag: `"${blob.md5}"`, ...checksumMembers(claimed) };
}

async function complete(state: S3State, input: z.output<typeof COMPLETE>, caller: Caller): Promise<Shape> {
  state.authorizeObject(caller, 's3:PutObject', input.Bucket, input.Key);
  const parts = chosenParts(findUpload(state.uploads, input), input.MultipartUpload.Parts);
  checkWrite(input, state.files.get(input.Bucket, input.Key));
  const { algorithm } = findUpload(state.uploads, input);
  const { blob, checksums } = await state.files
    .write(state.files.joined(parts.map((part) => part.blob.name)), [algorithm])
    .catch((error: unknown) => {
      // Parts go with an upload that is aborted or completed meanwhile.
      findUpload(state.uploads, input);
      throw error;
    });
  // Looked at again: it may have been aborted or completed meanwhile, parts may have come, another object may be there.
  const upload = state.files.recheck(blob, () => {
    checkWrite(input, state.files.get(input.Bucket, input.Key));
    return findUpload(state.uploads, input);
  });
  const etag = createHash('md5');
  for (const part of parts) etag.update(Buffer.from(part.blob.md5, 'hex'));
  const whole =
    upload.checksumType === 'FULL_OBJECT'
      ? checksums[algorithm]
      : `${checksum(upload.algorithm, Buffer.concat(parts.map((part) => Buffer.from(part.checksum ?? '', 'base64'))))}-${parts.length}`;
  const claimed = claimedChecksums(input)[upload.algorithm];
  if (claimed !== undefined && claimed !== whole) {
    state.files.removeBlob(blob.name);
    throw new AwsError(
      'BadDigest',
      `The ${upload.algorithm} you specified did not match the calculated checksum.`,
    );
  }
  const record: ObjectRecord = {
    ...upload.attributes,
    bucket: upload.bucket,
    key: upload.key,
    blob: blob.name,
    size: blob.size,
    etag: `${etag.digest('hex')}-${parts.length}`,
    lastModified: state.context.clock.now(),
    checksums: { [upload.algorithm]: whole },
    checksumType: upload.checksumType,
    sequencer: state.nextSequencer(),
  };
  const stored = store(state, caller, record, 'CompleteMultipartUpload');
  state.uploads.delete(upload.id);
  for (const part of upload.parts) state.files.removeBlob(part.blob.name);
  return {
    Location: `${state.context.endpoint}/${upload.bucket}/${upload.key}`,
    Bucket: upload.bucket,
    Key: upload.key,
    ETag: `"${record.etag}"`,
    ...checksumMembers(record.checksums),
    ChecksumType: record.checksumType,
    ...state.versionMember(stored),
  };
}

function chosenParts(upload: Upload, wanted: z.output<typeof COMPLETE>['MultipartUpload']['Parts']): Part[] {
  return wanted.map((choice, index) => {
    const part = upload.parts.find((candidate) => candidate.number === choice.PartNumber);
    const claimed = choice[`Checksum${upload.algorithm}`];
    if (
      !part ||
      part.blob.md5 !== choice.ETag.replaceAll('"', '') ||
      (claimed !== undefined && claimed !== part.checksum)
    ) {
      const message =
        "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
      throw new AwsError('InvalidPart', message, 400, { UploadId: upload.id, PartNumber: choice.PartNumber });
    }
    const previous = wanted[index - 1];
    if (previous && previous.PartNumber >= choice.PartNumber) {
      throw new AwsError(
        'InvalidPartOrder',
        'The list of parts was not in ascending order. Parts must be ordered by part number.',
      );
    }
    if (index < wanted.length - 1 && part.blob.size < SMALLEST_PART) {
      throw new AwsError(
        'EntityTooSmall',
        'Your proposed upload is smaller than the minimum allowed size',
        400,
        {
          ProposedSize: part.blob.size,
          MinSizeAllowed: SMALLEST_PART,
        },
      );
    }
    return part;
  });
}
