// The headers of S3's requests as members of the API. What a header asks for and is not done here is refused by its name.
import { AwsError, type Shape } from '../../service';
import { CHECKSUM_ALGORITHMS, checksumHeader } from './checksums';
import { METADATA_PREFIX, OBJECT_HEADERS } from './object-headers';

type Headers = Readonly<Record<string, string>>;

/** Headers of the transport: signatures, chunked bodies, and which checksum follows in a trailer. */
const TRANSPORT = [
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-decoded-content-length',
  'x-amz-security-token',
  'x-amz-sdk-checksum-algorithm',
  'x-amz-trailer',
  'x-amz-user-agent',
  'x-amz-copy-source',
  // A member of one operation, which reads it itself.
  'x-amz-skip-destination-validation',
  // CloudFront's name of a request that it hands on.
  'x-amz-cf-id',
  // Compared with the account before anything else.
  'x-amz-expected-bucket-owner',
  // Each bucket's owner pays for what is asked of it, on localhost nothing.
  'x-amz-request-payer',
];

/** What every object here has anyway may be asked for. */
const ONLY: Readonly<Record<string, readonly string[]>> = {
  'x-amz-acl': ['private', 'bucket-owner-full-control'],
  'x-amz-object-ownership': ['BucketOwnerEnforced'],
  'x-amz-server-side-encryption': ['AES256'],
  'x-amz-storage-class': ['STANDARD'],
};

const MEMBERS: Readonly<Record<string, string>> = {
  'x-amz-checksum-mode': 'ChecksumMode',
  'x-amz-checksum-algorithm': 'ChecksumAlgorithm',
  'x-amz-checksum-type': 'ChecksumType',
  'x-amz-tagging': 'Tagging',
  'x-amz-metadata-directive': 'MetadataDirective',
  'x-amz-tagging-directive': 'TaggingDirective',
  ...Object.fromEntries(CHECKSUM_ALGORITHMS.map((name) => [checksumHeader(name), `Checksum${name}`])),
};
const CONDITIONS: Readonly<Record<string, string>> = {
  'if-match': 'IfMatch',
  'if-none-match': 'IfNoneMatch',
};
const DATES: Readonly<Record<string, string>> = {
  'if-modified-since': 'IfModifiedSince',
  'if-unmodified-since': 'IfUnmodifiedSince',
};

/**
 * @param kind whether the request brings an object's content type and the like; others send such headers without meaning them
 * @throws NotImplemented
 */
export function headerMembers(headers: Headers, kind: 'object' | 'part' | 'read'): Shape {
  const input: Shape = {};
  const names: Readonly<Record<string, string>> = {
    ...CONDITIONS,
    ...(kind === 'read' ? { range: 'Range' } : { 'content-md5': 'ContentMD5' }),
    ...(kind === 'object' ? OBJECT_HEADERS : {}),
  };
  const metadata: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const member = names[name] ?? MEMBERS[name];
    if (member) input[member] = value;
    else if (kind === 'read' && DATES[name]) input[DATES[name]] = validDate(value);
    else if (name.startsWith(METADATA_PREFIX)) metadata[name.slice(METADATA_PREFIX.length)] = value;
    else if (name.startsWith('x-amz-') && !TRANSPORT.includes(name) && !ONLY[name]?.includes(value)) {
      throw new AwsError(
        'NotImplemented',
        `A header you provided implies functionality that is not implemented: ${name}: ${value}`,
        501,
        { Header: name },
      );
    }
  }
  if (Object.keys(metadata).length > 0) input.Metadata = metadata;
  return input;
}

/** A header that is no date is ignored, as RFC 9110 asks. */
function validDate(text: string): Date | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
