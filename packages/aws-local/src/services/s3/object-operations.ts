// Objects: put, get, head, copy, tags.
import { z } from 'zod';
import { AwsError, type Shape, Upload } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import {
  algorithmsOf,
  CHECKSUM_ALGORITHMS,
  type ChecksumAlgorithm,
  type Checksums,
  checksumHeader,
  verifyChecksums,
} from './checksums';
import { OBJECT_HEADERS } from './object-headers';
import type { ObjectRecord, WrittenBlob } from './objects';
import { checkRead, checkWrite, parseRange } from './preconditions';
import type { S3State } from './state';
import { newVersionId, withVersion } from './versions';

const LARGEST_METADATA = 2048;
export const ADDRESS = z.object({ Bucket: z.string(), Key: z.string().min(1).max(1024) });
const CONDITIONS = {
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  IfModifiedSince: z.date().optional(),
  IfUnmodifiedSince: z.date().optional(),
};
export const ATTRIBUTES = {
  ContentType: z.string().optional(),
  CacheControl: z.string().optional(),
  ContentDisposition: z.string().optional(),
  ContentEncoding: z.string().optional(),
  ContentLanguage: z.string().optional(),
  Expires: z.union([z.string(), z.date().transform((date) => date.toUTCString())]).optional(),
  WebsiteRedirectLocation: z.string().optional(),
  Metadata: z.record(z.string(), z.string()).optional(),
  /** As a query string: `a=1&b=2`. */
  Tagging: z.string().optional(),
};
export const CHECKSUMS = {
  ContentMD5: z.string().optional(),
  ChecksumCRC32: z.string().optional(),
  ChecksumCRC32C: z.string().optional(),
  ChecksumCRC64NVME: z.string().optional(),
  ChecksumSHA1: z.string().optional(),
  ChecksumSHA256: z.string().optional(),
};
export const BODY = z
  .union([z.instanceof(Upload), z.instanceof(Buffer), z.string().transform((text) => Buffer.from(text))])
  .default(Buffer.alloc(0));
const PUT = ADDRESS.extend({
  Body: BODY,
  // Without a checksum of it the algorithm asks for nothing: each object gets one anyway.
  ChecksumAlgorithm: z.string().optional(),
  ...ATTRIBUTES,
  ...CHECKSUMS,
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
});
export const VERSION = ADDRESS.extend({ VersionId: z.string().optional() });
/** Headers of an answer that who asks chooses, by their members. */
const CHOSEN = {
  ResponseCacheControl: 'CacheControl',
  ResponseContentDisposition: 'ContentDisposition',
  ResponseContentEncoding: 'ContentEncoding',
  ResponseContentLanguage: 'ContentLanguage',
  ResponseContentType: 'ContentType',
  ResponseExpires: 'Expires',
} as const;
const GET = VERSION.extend({
  ...Object.fromEntries(Object.keys(CHOSEN).map((member) => [member, z.string().optional()])),
  Range: z.string().optional(),
  ChecksumMode: z.string().optional(),
  ...CONDITIONS,
});
const COPY = ADDRESS.extend({
  CopySource: z.string(),
  MetadataDirective: z.enum(['COPY', 'REPLACE']).default('COPY'),
  TaggingDirective: z.enum(['COPY', 'REPLACE']).default('COPY'),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  ...ATTRIBUTES,
});
const TAGS = z.array(z.object({ Key: z.string(), Value: z.string() })).max(10);

export function objectOperations(state: S3State): Operations {
  return {
    PutObject: operation(PUT, (input, caller) => putObject(state, input, caller)),
    GetObject: operation(GET, (input, caller) => getObject(state, input, caller, true)),
    HeadObject: operation(GET, (input, caller) => getObject(state, input, caller, false)),
    CopyObject: operation(COPY, (input, caller) => copyObject(state, input, caller)),
    GetObjectTagging: operation(VERSION, (input, caller) => {
      const record = state.readable(caller, 's3:GetObjectTagging', input.Bucket, input.Key, input.VersionId);
      const TagSet = Object.entries(record.tags).map(([Key, Value]) => ({ Key, Value }));
      return { TagSet, ...state.versionMember(record) };
    }),
    PutObjectTagging: operation(VERSION.extend({ Tagging: z.object({ TagSet: TAGS }) }), (input, caller) => {
      const record = state.readable(caller, 's3:PutObjectTagging', input.Bucket, input.Key, input.VersionId);
      return setTags(
        state,
        record,
        Object.fromEntries(input.Tagging.TagSet.map((tag) => [tag.Key, tag.Value])),
      );
    }),
    DeleteObjectTagging: operation(VERSION, (input, caller) => {
      const { Bucket, Key, VersionId } = input;
      return setTags(state, state.readable(caller, 's3:DeleteObjectTagging', Bucket, Key, VersionId), {});
    }),
  };
}

/** The journal alone changes: the bytes stay in the same file. */
function setTags(state: S3State, record: ObjectRecord, tags: ObjectRecord['tags']): Shape {
  const { bucket, key } = record;
  const versions = state.files.versions(bucket, key);
  state.files.replace(
    bucket,
    key,
    versions.map((version) => (version === record ? { ...record, tags } : version)),
  );
  return state.versionMember(record);
}

async function putObject(state: S3State, input: z.output<typeof PUT>, caller: Caller): Promise<Shape> {
  state.authorizeObject(caller, 's3:PutObject', input.Bucket, input.Key);
  checkWrite(input, state.files.get(input.Bucket, input.Key));
  const { blob, claimed, checksums: computed } = await receive(state, input);
  // S3 keeps a CRC-64/NVME checksum of every object whose sender chose none.
  const checksums = Object.keys(claimed).length > 0 ? claimed : computed;
  const record: ObjectRecord = {
    ...attributesOf(input),
    bucket: input.Bucket,
    key: input.Key,
    blob: blob.name,
    size: blob.size,
    etag: blob.md5,
    lastModified: state.context.clock.now(),
    checksums,
    checksumType: 'FULL_OBJECT',
    sequencer: state.nextSequencer(),
  };
  // Looked at again, because another write may have come in between.
  state.files.recheck(blob, () => checkWrite(input, state.files.get(input.Bucket, input.Key)));
  const stored = store(state, caller, record, 'PutObject');
  return {
    ...state.versionMember(stored),
    ETag: `"${record.etag}"`,
    ServerSideEncryption: 'AES256',
    ...checksumMembers(checksums),
    ChecksumType: 'FULL_OBJECT',
  };
}

/**
 * Writes a body and compares it with what its sender claims in headers and trailers.
 * @param wanted a checksum that is computed in any case. @default CRC64NVME, when the sender claims none
 */
export async function receive(
  state: S3State,
  input: z.output<z.ZodObject<typeof CHECKSUMS>> & { readonly Body: z.output<typeof BODY> },
  wanted?: ChecksumAlgorithm,
): Promise<WrittenBlob & { readonly claimed: Checksums }> {
  const claims = claimedChecksums(input);
  const { bytes, announced, trailers } = input.Body instanceof Upload ? input.Body : ofBuffer(input.Body);
  const asked = algorithmsOf([...Object.keys(claims), ...announced]);
  const computed = wanted ?? (asked.length === 0 ? 'CRC64NVME' : undefined);
  const written = await state.files.write(bytes, [...new Set([...asked, ...(computed ? [computed] : [])])]);
  const claimed = state.files.recheck(written.blob, () =>
    verifyChecksums(
      { ...claims, ...trailers },
      written.checksums,
      Buffer.from(written.blob.md5, 'hex').toString('base64'),
    ),
  );
  return { ...written, claimed };
}

const ofBuffer = (body: Buffer) => ({ bytes: [body], announced: [], trailers: {} });

function getObject(state: S3State, input: z.output<typeof GET>, caller: Caller, withBody: boolean): Shape {
  const record = state.readable(caller, 's3:GetObject', input.Bucket, input.Key, input.VersionId);
  checkRead(input, record);
  const range = parseRange(input.Range, record.size);
  const length = range ? range.end - range.start + 1 : record.size;
  const attributes = Object.fromEntries(
    Object.entries(OBJECT_HEADERS).map(([header, member]) => [member, record.headers[header]]),
  );
  return {
    ...attributes,
    ...chosenHeaders(input, caller),
    ...state.versionMember(record),
    ...(input.ChecksumMode === 'ENABLED' && !range
      ? { ...checksumMembers(record.checksums), ChecksumType: record.checksumType }
      : {}),
    Metadata: record.metadata,
    ETag: `"${record.etag}"`,
    LastModified: new Date(record.lastModified),
    ContentLength: length,
    ContentRange: range ? `bytes ${range.start}-${range.end}/${record.size}` : undefined,
    AcceptRanges: 'bytes',
    ServerSideEncryption: 'AES256',
    TagCount: Object.keys(record.tags).length || undefined,
    Body:
      withBody && length > 0
        ? state.files.stream(record, range?.start, range?.end)
        : withBody
          ? Buffer.alloc(0)
          : undefined,
  };
}

/** @throws InvalidRequest */
function chosenHeaders(input: Shape, { principal }: Caller): Shape {
  const chosen = Object.entries(CHOSEN).filter(([member]) => input[member] !== undefined);
  if (chosen.length > 0 && principal.kind === 'anonymous') {
    const message = 'Request specific response headers cannot be used for anonymous GET requests.';
    throw new AwsError('InvalidRequest', message);
  }
  return Object.fromEntries(chosen.map(([member, answered]) => [answered, input[member]]));
}

async function copyObject(state: S3State, input: z.output<typeof COPY>, caller: Caller): Promise<Shape> {
  const [path = '', query] = input.CopySource.split('?');
  const [bucket = '', ...rest] = decodeURIComponent(path).replace(/^\//, '').split('/');
  const key = rest.join('/');
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  const source = state.readable(caller, 's3:GetObject', bucket, key, versionId);
  state.authorizeObject(caller, 's3:PutObject', input.Bucket, input.Key);
  const isItself = bucket === input.Bucket && key === input.Key && versionId === undefined;
  if (isItself && input.MetadataDirective === 'COPY') {
    const message =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    throw new AwsError('InvalidRequest', message);
  }
  const { blob } = await state.files.write(state.files.stream(source));
  const given = attributesOf(input);
  const record: ObjectRecord = {
    ...source,
    ...(input.MetadataDirective === 'REPLACE' ? { headers: given.headers, metadata: given.metadata } : {}),
    ...(input.TaggingDirective === 'REPLACE' ? { tags: given.tags } : {}),
    bucket: input.Bucket,
    key: input.Key,
    blob: blob.name,
    etag: blob.md5,
    lastModified: state.context.clock.now(),
    sequencer: state.nextSequencer(),
  };
  const stored = store(state, caller, record, 'CopyObject');
  const { VersionId: CopySourceVersionId } = state.versionMember(source);
  return {
    CopyObjectResult: { ETag: `"${record.etag}"`, LastModified: new Date(record.lastModified) },
    ...state.versionMember(stored),
    ...(CopySourceVersionId && { CopySourceVersionId }),
  };
}

/** Makes a written record the current object and tells about it. */
export function store(state: S3State, caller: Caller, written: ObjectRecord, reason: string): ObjectRecord {
  const { bucket, key, versionId: _source, ...rest } = written;
  const versioning = state.versioning(bucket);
  const record = {
    ...{ ...rest, bucket, key },
    ...(versioning === 'Enabled' && { versionId: newVersionId(versioning) }),
  };
  const notice = state.notice(caller, 'Object Created', reason, record);
  state.files.replace(bucket, key, withVersion(state.files.versions(bucket, key), record), notice);
  state.publish(notice);
  return record;
}

type Attributes = { readonly [M in keyof typeof ATTRIBUTES]?: z.output<(typeof ATTRIBUTES)[M]> };

/** @throws MetadataTooLarge, InvalidTag */
export function attributesOf(input: Attributes): Pick<ObjectRecord, 'headers' | 'metadata' | 'tags'> {
  const headers: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const [header, member] of Object.entries(OBJECT_HEADERS)) {
    const value = input[member];
    if (value !== undefined) headers[header] = value;
  }
  const metadata = input.Metadata ?? {};
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + name.length + Buffer.byteLength(value),
    0,
  );
  if (size > LARGEST_METADATA) {
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size.');
  }
  const tags = Object.fromEntries(new URLSearchParams(input.Tagging ?? ''));
  if (Object.keys(tags).length > 10)
    throw new AwsError('InvalidTag', 'Object tags cannot be greater than 10');
  return { headers, metadata, tags };
}

/** `{ ChecksumCRC32: … }` as headers, which is how checksums are verified. */
export function claimedChecksums(
  input: { readonly [M in keyof typeof CHECKSUMS]?: string | undefined },
): Record<string, string> {
  const headers: Record<string, string> = {};
  if (input.ContentMD5) headers['content-md5'] = input.ContentMD5;
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const value = input[`Checksum${algorithm}`];
    if (value) headers[checksumHeader(algorithm)] = value;
  }
  return headers;
}

export function checksumMembers(checksums: Checksums): Record<string, string> {
  return Object.fromEntries(
    Object.entries(checksums).map(([algorithm, value]) => [`Checksum${algorithm}`, value]),
  );
}
