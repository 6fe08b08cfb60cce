// Listing uploads in parts that are not complete, and the parts of one. Uploads come by key, of each key the oldest first.
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import { type Operations, operation } from '../shared/operations';
import { checkEncoding, encode } from './list-operations';
import { ADDRESS } from './object-operations';
import type { S3State } from './state';
import { findUpload, type Upload } from './uploads';

const UPLOADS = z.object({
  Bucket: z.string(),
  Prefix: z.string().default(''),
  Delimiter: z.string().optional(),
  EncodingType: z.string().optional(),
  MaxUploads: z.number().int().nonnegative().default(1000),
  KeyMarker: z.string().default(''),
  UploadIdMarker: z.string().default(''),
});
const PARTS = ADDRESS.extend({
  UploadId: z.string(),
  MaxParts: z.number().int().nonnegative().default(1000),
  // A number, that the SDKs have as text.
  PartNumberMarker: z.coerce.number().int().nonnegative().default(0),
});

export function uploadLists(state: S3State): Operations {
  return {
    ListParts: operation(PARTS, (input, caller) => {
      state.authorizeObject(caller, 's3:ListMultipartUploadParts', input.Bucket, input.Key);
      return listParts(state, findUpload(state.uploads, input), input);
    }),
    ListMultipartUploads: operation(UPLOADS, (input, caller) => {
      state.authorizeBucket(caller, 's3:ListBucketMultipartUploads', input.Bucket);
      checkEncoding(input.EncodingType);
      return listUploads(state, input);
    }),
  };
}

function listParts(state: S3State, upload: Upload, input: z.output<typeof PARTS>): Shape {
  const after = upload.parts.filter((part) => part.number > input.PartNumberMarker);
  const page = after.slice(0, Math.min(input.MaxParts, 1000));
  return {
    Bucket: upload.bucket,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: input.PartNumberMarker,
    NextPartNumberMarker: page.at(-1)?.number ?? 0,
    MaxParts: input.MaxParts,
    IsTruncated: page.length < after.length,
    Parts: page.map((part) => ({
      PartNumber: part.number,
      ETag: `"${part.blob.md5}"`,
      Size: part.blob.size,
      LastModified: new Date(part.lastModified),
      ...(upload.isChosen && { [`Checksum${upload.algorithm}`]: part.checksum }),
    })),
    Initiator: state.owner,
    Owner: state.owner,
    StorageClass: 'STANDARD',
    ...(upload.isChosen && { ChecksumAlgorithm: upload.algorithm, ChecksumType: upload.checksumType }),
  };
}

const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function listUploads(state: S3State, input: z.output<typeof UPLOADS>): Shape {
  const { Bucket, Prefix, Delimiter, KeyMarker, MaxUploads } = input;
  const all = [...state.uploads.values()]
    .filter((upload) => upload.bucket === Bucket && upload.key.startsWith(Prefix))
    .sort((a, b) => compare(a.key, b.key) || a.startedAt - b.startedAt);
  // Without the key's, the marker of an upload says nothing.
  const UploadIdMarker = KeyMarker === '' ? '' : input.UploadIdMarker;
  const from = all.findIndex((upload) => upload.key === KeyMarker && upload.id === UploadIdMarker);
  if (UploadIdMarker !== '' && from < 0) {
    const details = { ArgumentName: 'upload-id-marker', ArgumentValue: UploadIdMarker };
    throw new AwsError('InvalidArgument', 'Invalid uploadId marker', 400, details);
  }
  const folded = (key: string): string | undefined => {
    const end = Delimiter ? key.indexOf(Delimiter, Prefix.length) : -1;
    return end < 0 ? undefined : key.slice(0, end + (Delimiter ?? '').length);
  };
  const after = from < 0 ? all.filter(({ key }) => compare(key, KeyMarker) > 0) : all.slice(from + 1);
  const entries = new Map<string, Upload | undefined>();
  for (const upload of after) {
    const prefix = folded(upload.key);
    if (prefix === undefined) entries.set(upload.id, upload);
    else if (prefix !== folded(KeyMarker) && prefix !== KeyMarker) entries.set(prefix, undefined);
  }
  const page = [...entries].slice(0, Math.min(MaxUploads, 1000));
  // A page that ends with a common prefix tells no marker: the recorded service does not, either.
  const last = page.at(-1)?.[1];
  return {
    Bucket,
    KeyMarker: encode(input, KeyMarker),
    UploadIdMarker: input.UploadIdMarker,
    NextKeyMarker: last ? encode(input, last.key) : '',
    NextUploadIdMarker: last?.id ?? '',
    Prefix: Prefix === '' ? undefined : encode(input, Prefix),
    Delimiter: Delimiter === undefined ? undefined : encode(input, Delimiter),
    EncodingType: input.EncodingType,
    MaxUploads,
    IsTruncated: page.length < entries.size,
    Uploads: page.flatMap(([, upload]) =>
      upload
        ? [
            {
              Key: encode(input, upload.key),
              UploadId: upload.id,
              Initiated: new Date(upload.startedAt),
              Initiator: state.owner,
              Owner: state.owner,
              StorageClass: 'STANDARD',
              ...(upload.isChosen && {
                ChecksumAlgorithm: upload.algorithm,
                ChecksumType: upload.checksumType,
              }),
            },
          ]
        : [],
    ),
    CommonPrefixes: page.flatMap(([prefix, upload]) => (upload ? [] : [{ Prefix: encode(input, prefix) }])),
  };
}
