// Listing a bucket: versions 1 and 2 of the operation over one walk of the sorted keys.
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import { type Operations, operation } from '../shared/operations';
import type { ObjectRecord } from './objects';
import type { S3State } from './state';

export const COMMON = {
  Bucket: z.string(),
  Prefix: z.string().default(''),
  Delimiter: z.string().optional(),
  MaxKeys: z.number().int().nonnegative().default(1000),
  EncodingType: z.enum(['url']).optional(),
};
const V1 = z.object({ ...COMMON, Marker: z.string().default('') });
const V2 = z.object({
  ...COMMON,
  ContinuationToken: z.string().optional(),
  StartAfter: z.string().optional(),
  FetchOwner: z.boolean().default(false),
});

interface Page {
  readonly contents: ObjectRecord[];
  readonly commonPrefixes: string[];
  readonly truncated: boolean;
  /** The last key or common prefix of the page; the next page begins after it. */
  readonly last: string;
}

export function listOperations(state: S3State): Operations {
  return {
    ListObjects: operation(V1, (input, caller) => {
      authorize(input, caller);
      const page = list(state, input, input.Marker);
      return {
        ...describe(input, page),
        Marker: encode(input, input.Marker),
        NextMarker: page.truncated && input.Delimiter ? encode(input, page.last) : undefined,
      };
    }),
    ListObjectsV2: operation(V2, (input, caller) => {
      authorize(input, caller);
      const after =
        input.ContinuationToken === undefined ? input.StartAfter : decodeToken(input.ContinuationToken);
      const page = list(state, input, after ?? '');
      return {
        ...describe(input, page),
        KeyCount: page.contents.length + page.commonPrefixes.length,
        ContinuationToken: input.ContinuationToken,
        StartAfter: input.StartAfter === undefined ? undefined : encode(input, input.StartAfter),
        NextContinuationToken: page.truncated ? Buffer.from(page.last).toString('base64') : undefined,
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

function describe(input: z.output<typeof V1> | z.output<typeof V2>, page: Page): Shape {
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
    })),
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(input, prefix) })),
  };
}

export function encode(input: { readonly EncodingType?: 'url' | undefined }, text: string): string {
  return input.EncodingType === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text;
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, 'base64').toString('utf8');
  if (token === '' || Buffer.from(text).toString('base64') !== token) {
    throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400, {
      ArgumentName: 'continuation-token',
    });
  }
  return text;
}
