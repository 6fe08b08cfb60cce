// Listing the buckets, and a bucket: versions 1 and 2 of the operation over one walk of the sorted keys.
import { z } from 'zod';
import { isRegion } from '../../regions';
import { AwsError, type Shape } from '../../service';
import { type Operations, operation } from '../shared/operations';
import type { ObjectRecord } from './objects';
import type { S3State } from './state';

export const COMMON = {
  Bucket: z.string(),
  Prefix: z.string().default(''),
  Delimiter: z.string().optional(),
  MaxKeys: z.number().int().nonnegative().default(1000),
  EncodingType: z.string().optional(),
};
const V1 = z.object({ ...COMMON, Marker: z.string().default('') });
const V2 = z.object({
  ...COMMON,
  ContinuationToken: z.string().optional(),
  StartAfter: z.string().optional(),
  FetchOwner: z.boolean().default(false),
});
const BUCKETS = z.object({
  MaxBuckets: z.number().int().min(1).max(10_000).optional(),
  Prefix: z.string().optional(),
  BucketRegion: z.string().optional(),
  ContinuationToken: z.string().optional(),
});

interface Page {
  readonly contents: ObjectRecord[];
  readonly commonPrefixes: string[];
  readonly truncated: boolean;
  /** The last key or common prefix of the page; the next page begins after it. */
  readonly last: string;
}

/** @throws InvalidArgument */
export function checkEncoding(type: string | undefined): void {
  if (type === undefined || type === 'url') return;
  const details = { ArgumentName: 'encoding-type', ArgumentValue: type };
  throw new AwsError('InvalidArgument', 'Invalid Encoding Method specified in Request', 400, details);
}

export function listOperations(state: S3State): Operations {
  return {
    ListBuckets: operation(BUCKETS, (input, caller) => {
      state.context.authorize({
        principal: caller.principal,
        action: 's3:ListAllMyBuckets',
        resource: 'arn:aws:s3:::*',
        context: caller.conditions,
      });
      return listBuckets(state, input);
    }),
    ListObjects: operation(V1, (input, caller) => {
      authorize(input, caller);
      checkEncoding(input.EncodingType);
      const page = list(state, input, input.Marker);
      return {
        ...describe(input, page, state.owner),
        Marker: encode(input, input.Marker),
        NextMarker: page.truncated && input.Delimiter ? encode(input, page.last) : undefined,
      };
    }),
    ListObjectsV2: operation(V2, (input, caller) => {
      authorize(input, caller);
      checkEncoding(input.EncodingType);
      const after =
        input.ContinuationToken === undefined ? input.StartAfter : decodeToken(input.ContinuationToken);
      const page = list(state, input, after ?? '');
      return {
        ...describe(input, page, input.FetchOwner ? state.owner : undefined),
        KeyCount: page.contents.length + page.commonPrefixes.length,
        ContinuationToken: input.ContinuationToken,
        StartAfter: input.StartAfter === undefined ? undefined : encode(input, input.StartAfter),
        NextContinuationToken: page.truncated ? tokenOf(page.last) : undefined,
      };
    }),
  };

  function authorize(
    input: z.output<typeof V1> | z.output<typeof V2>,
    caller: Parameters<S3State['authorizeBucket']>[0],
  ) {
    state.authorizeBucket(caller, 's3:ListBucket', input.Bucket, {
      's3:prefix': input.Prefix,
      's3:delimiter': input.Delimiter ?? '',
      's3:max-keys': String(input.MaxKeys),
    });
  }
}

/** Pages of buckets are asked for since 2024; who asks for nothing gets all, as ever, and no regions. */
function listBuckets(state: S3State, input: z.output<typeof BUCKETS>): Shape {
  const { MaxBuckets, Prefix = '', BucketRegion, ContinuationToken } = input;
  if (BucketRegion !== undefined && !isRegion(BucketRegion)) {
    const message = `Argument value ${BucketRegion} is not a valid AWS Region`;
    throw new AwsError('InvalidArgument', message, 400, { ArgumentName: 'bucket-region' });
  }
  const after = ContinuationToken ? decodeToken(ContinuationToken) : '';
  const found = state.buckets
    .all()
    .filter(({ name }) => name.startsWith(Prefix) && name > after)
    .filter(({ name }) => BucketRegion === undefined || state.regionOf(name) === BucketRegion);
  const page = found.slice(0, MaxBuckets);
  const isPaged = Object.values(input).some((value) => value !== undefined);
  return {
    Buckets: page.map(({ name, createdAt }) => ({
      Name: name,
      CreationDate: new Date(createdAt),
      BucketArn: `arn:aws:s3:::${name}`,
      ...(isPaged && { BucketRegion: state.regionOf(name) }),
    })),
    Owner: state.owner,
    Prefix: input.Prefix,
    ContinuationToken: page.length < found.length ? tokenOf(page.at(-1)?.name ?? '') : undefined,
  };
}

function list(state: S3State, input: z.output<typeof V1> | z.output<typeof V2>, after: string): Page {
  const limit = Math.min(input.MaxKeys, 1000);
  const contents: ObjectRecord[] = [];
  const commonPrefixes: string[] = [];
  let last = after;
  for (const key of state.files.keys(input.Bucket)) {
    if (!key.startsWith(input.Prefix)) continue;
    const end = input.Delimiter ? key.indexOf(input.Delimiter, input.Prefix.length) : -1;
    const item = end < 0 || !input.Delimiter ? key : key.slice(0, end + input.Delimiter.length);
    if (Buffer.compare(Buffer.from(item), Buffer.from(after)) <= 0 || item === commonPrefixes.at(-1))
      continue;
    if (contents.length + commonPrefixes.length >= limit)
      return { contents, commonPrefixes, truncated: limit > 0, last };
    last = item;
    const record = state.files.get(input.Bucket, key);
    if (item !== key) commonPrefixes.push(item);
    else if (record) contents.push(record);
  }
  return { contents, commonPrefixes, truncated: false, last };
}

function describe(
  input: z.output<typeof V1> | z.output<typeof V2>,
  page: Page,
  owner: Shape | undefined,
): Shape {
  return {
    Name: input.Bucket,
    Prefix: encode(input, input.Prefix),
    Delimiter: input.Delimiter === undefined ? undefined : encode(input, input.Delimiter),
    MaxKeys: input.MaxKeys,
    EncodingType: input.EncodingType,
    IsTruncated: page.truncated,
    Contents: page.contents.map((record) => ({
      Key: encode(input, record.key),
      LastModified: new Date(record.lastModified),
      ETag: `"${record.etag}"`,
      Size: record.size,
      StorageClass: 'STANDARD',
      Owner: owner,
      ...checksumsOf(record),
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(input, prefix) })),
  };
}

export function encode(input: { readonly EncodingType?: string | undefined }, text: string): string {
  return input.EncodingType === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text;
}

/** What listings tell of an object's checksum. */
export function checksumsOf({ checksums, checksumType }: ObjectRecord): Shape {
  return { ChecksumAlgorithm: Object.keys(checksums), ChecksumType: checksumType };
}

const tokenOf = (last: string): string => Buffer.from(last).toString('base64');

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (token === '' || Buffer.from(text).toString('base64') !== token) {
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400, {
      ArgumentName: 'continuation-token',
    });
  }
  return text;
}
