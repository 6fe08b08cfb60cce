// Listing the versions of a bucket's objects, markers of deletions included: by key, of each key the newest first.
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import { type Operations, operation } from '../shared/operations';
import { COMMON, checkEncoding, checksumsOf, encode } from './list-operations';
import type { S3State } from './state';
import { idOf, isMarker, type Version } from './versions';

const INPUT = z.object({
  ...COMMON,
  KeyMarker: z.string().optional(),
  VersionIdMarker: z.string().optional(),
});

type Input = z.output<typeof INPUT>;

/** A version and its place among those of its key, or keys that have a prefix in common. */
type Entry = { readonly version: Version; readonly isLatest: boolean } | { readonly commonPrefix: string };

export function versionOperations(state: S3State): Operations {
  return {
    ListObjectVersions: operation(INPUT, (input, caller) => {
      state.authorizeBucket(caller, 's3:ListBucketVersions', input.Bucket, {
        's3:prefix': input.Prefix,
        's3:delimiter': input.Delimiter ?? '',
        's3:max-keys': String(input.MaxKeys),
      });
      checkEncoding(input.EncodingType);
      if (input.VersionIdMarker !== undefined && !input.KeyMarker) {
        const message = 'A version-id marker cannot be specified without a key marker.';
        throw new AwsError('InvalidArgument', message, 400, { ArgumentName: 'version-id-marker' });
      }
      const limit = Math.min(input.MaxKeys, 1000);
      const entries: Entry[] = [];
      let isTruncated = false;
      for (const entry of walk(state, input)) {
        isTruncated = entries.length === limit;
        if (isTruncated) break;
        entries.push(entry);
      }
      return describe(input, entries, isTruncated && limit > 0, state.owner);
    }),
  };
}

const isAfter = (text: string, other: string): boolean =>
  Buffer.compare(Buffer.from(text), Buffer.from(other)) > 0;

/** What follows the markers. */
function* walk(state: S3State, input: Input): Generator<Entry> {
  const { Bucket, Prefix, Delimiter, KeyMarker = '', VersionIdMarker } = input;
  let lastPrefix: string | undefined;
  for (const key of state.files.keysWithVersions(Bucket)) {
    if (!key.startsWith(Prefix)) continue;
    const end = Delimiter ? key.indexOf(Delimiter, Prefix.length) : -1;
    if (Delimiter && end >= 0) {
      const commonPrefix = key.slice(0, end + Delimiter.length);
      if (commonPrefix !== lastPrefix && isAfter(commonPrefix, KeyMarker)) yield { commonPrefix };
      lastPrefix = commonPrefix;
      continue;
    }
    const versions = state.files.versions(Bucket, key);
    const isStarted = key === KeyMarker && VersionIdMarker !== undefined;
    if (!isStarted && !isAfter(key, KeyMarker)) continue;
    const from = isStarted ? versions.findIndex((version) => idOf(version) === VersionIdMarker) + 1 : 0;
    for (const version of versions.slice(from)) yield { version, isLatest: version === versions[0] };
  }
}

function describe(input: Input, entries: readonly Entry[], isTruncated: boolean, Owner: Shape): Shape {
  const { Bucket, Prefix, Delimiter, KeyMarker = '', VersionIdMarker = '', MaxKeys, EncodingType } = input;
  const versions = entries.flatMap((entry) => ('version' in entry ? [entry] : []));
  const common = ({ version, isLatest }: (typeof versions)[number]) => ({
    Key: encode(input, version.key),
    VersionId: idOf(version),
    IsLatest: isLatest,
    LastModified: new Date(version.lastModified),
    Owner,
  });
  const last = entries.at(-1);
  return {
    ...{ Name: Bucket, Prefix: encode(input, Prefix), KeyMarker: encode(input, KeyMarker), VersionIdMarker },
    ...{ MaxKeys, EncodingType, IsTruncated: isTruncated },
    ...(Delimiter !== undefined && { Delimiter: encode(input, Delimiter) }),
    ...(isTruncated && last && nextMarkers(input, last)),
    Versions: versions.flatMap((entry) =>
      isMarker(entry.version)
        ? []
        : [
            {
              ...common(entry),
              ETag: `"${entry.version.etag}"`,
              Size: entry.version.size,
              StorageClass: 'STANDARD',
              ...checksumsOf(entry.version),
            },
          ],
    ),
    DeleteMarkers: versions.filter(({ version }) => isMarker(version)).map(common),
    CommonPrefixes: entries.flatMap((entry) =>
      'commonPrefix' in entry ? [{ Prefix: encode(input, entry.commonPrefix) }] : [],
    ),
  };
}

const nextMarkers = (input: Input, last: Entry): Shape =>
  'version' in last
    ? { NextKeyMarker: encode(input, last.version.key), NextVersionIdMarker: idOf(last.version) }
    : { NextKeyMarker: encode(input, last.commonPrefix) };
