// S3's answers (REST-XML): an operation's output as status, headers and body.
import type { Readable } from 'node:stream';
import type { AwsResponse, Shape } from '../../service';
import { type XmlElement, type XmlValue, xmlDocument } from '../../wire/xml';
import { BUCKET_CONFIGURATIONS } from './bucket-configurations';
import { CHECKSUM_ALGORITHMS, checksumHeader } from './checksums';
import { METADATA_PREFIX, OBJECT_HEADERS } from './object-headers';
import { elementOf } from './xml-names';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Members that travel as headers of an answer, beside the object's own. */
const ANSWER_HEADERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(OBJECT_HEADERS).map(([header, member]) => [member, header])),
  ...Object.fromEntries(CHECKSUM_ALGORITHMS.map((name) => [`Checksum${name}`, checksumHeader(name)])),
  ETag: 'etag',
  ContentLength: 'content-length',
  ContentRange: 'content-range',
  AcceptRanges: 'accept-ranges',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  TagCount: 'x-amz-tagging-count',
  BucketRegion: 'x-amz-bucket-region',
  Location: 'location',
  ChecksumType: 'x-amz-checksum-type',
  VersionId: 'x-amz-version-id',
  CopySourceVersionId: 'x-amz-copy-source-version-id',
  DeleteMarker: 'x-amz-delete-marker',
};

export function encode(name: string, output: Shape): AwsResponse {
  const configuration = BUCKET_CONFIGURATIONS.find((candidate) => `Get${candidate.name}` === name);
  if (configuration) {
    const value = configuration.flat ? output : output[configuration.member];
    return xml(configuration.member, xmlMembers(value));
  }
  switch (name) {
    case 'GetObject':
    case 'HeadObject':
      return objectAnswer(output);
    case 'GetBucketPolicy':
      return answer(200, { 'content-type': 'application/json' }, Buffer.from(String(output.Policy)));
    case 'GetBucketLocation':
      return xmlText(
        'LocationConstraint',
        output.LocationConstraint === undefined ? '' : String(output.LocationConstraint),
      );
    case 'ListBuckets':
      return xml('ListAllMyBucketsResult', {
        ...xmlMembers({ ...output, Buckets: undefined }),
        Buckets: { Bucket: xmlList(output.Buckets) },
      });
    case 'ListObjects':
    case 'ListObjectsV2':
      return xml('ListBucketResult', xmlMembers(output));
    case 'ListObjectVersions': {
      const { Versions, DeleteMarkers, ...others } = output;
      return xml('ListVersionsResult', {
        ...xmlMembers(others),
        Version: xmlList(Versions),
        DeleteMarker: xmlList(DeleteMarkers),
      });
    }
    case 'ListParts':
      return xml('ListPartsResult', xmlMembers(output));
    case 'ListMultipartUploads':
      return xml('ListMultipartUploadsResult', xmlMembers(output));
    case 'DeleteObjects':
      return xml('DeleteResult', { Deleted: xmlList(output.Deleted), Error: xmlList(output.Errors) });
    case 'CopyObject':
      return withHeaders(output, xml('CopyObjectResult', xmlMembers(output.CopyObjectResult)));
    case 'CreateMultipartUpload':
      return xml('InitiateMultipartUploadResult', xmlMembers(output));
    case 'CompleteMultipartUpload':
      return withHeaders(
        { VersionId: output.VersionId },
        xml('CompleteMultipartUploadResult', xmlMembers({ ...output, VersionId: undefined })),
      );
    case 'GetObjectTagging':
      return withHeaders(output, xml('Tagging', { TagSet: { Tag: xmlList(output.TagSet) } }));
    case 'GetBucketPolicyStatus':
      return xml('PolicyStatus', xmlMembers(output.PolicyStatus));
    case 'GetBucketVersioning':
      return xml('VersioningConfiguration', xmlMembers(output));
    default: {
      const status = name.startsWith('Delete') || name === 'AbortMultipartUpload' ? 204 : 200;
      return answer(status, answerHeaders(output), Buffer.alloc(0));
    }
  }
}

function objectAnswer(output: Shape): AwsResponse {
  const metadata = Object.entries((output.Metadata ?? {}) as Record<string, string>);
  const headers = {
    ...answerHeaders(output),
    ...Object.fromEntries(metadata.map(([name, value]) => [`${METADATA_PREFIX}${name}`, value])),
    'last-modified': output.LastModified instanceof Date ? output.LastModified.toUTCString() : '',
  };
  const body = (output.Body ?? Buffer.alloc(0)) as Buffer | Readable;
  return { status: output.ContentRange === undefined ? 200 : 206, headers, body };
}

function answerHeaders(output: Shape): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [member, header] of Object.entries(ANSWER_HEADERS)) {
    if (output[member] !== undefined) headers[header] = String(output[member]);
  }
  return headers;
}

/** An answer with a document, and members that travel as headers. */
function withHeaders(output: Shape, { status, headers, body }: AwsResponse): AwsResponse {
  return { status, headers: { ...headers, ...answerHeaders(output) }, body };
}

function xml(root: string, content: XmlElement): AwsResponse {
  return answer(200, { 'content-type': 'application/xml' }, xmlDocument(root, content, NAMESPACE));
}

function xmlText(root: string, text: string): AwsResponse {
  const document = `<?xml version="1.0" encoding="UTF-8"?>\n<${root} xmlns="${NAMESPACE}">${text}</${root}>`;
  return answer(200, { 'content-type': 'application/xml' }, Buffer.from(document));
}

function answer(status: number, headers: Record<string, string>, body: Buffer): AwsResponse {
  return {
    status,
    headers: { ...headers, ...(status === 204 ? {} : { 'content-length': String(body.length) }) },
    body,
  };
}

/** Members of an output as elements. */
function xmlMembers(value: unknown): XmlElement {
  const elements: Record<string, XmlValue> = {};
  for (const [name, member] of Object.entries((value ?? {}) as Shape)) {
    if (name === 'TagSet') elements.TagSet = { Tag: xmlList(member) };
    else elements[elementOf(name, member)] = Array.isArray(member) ? xmlList(member) : xmlValue(member);
  }
  return elements;
}

function xmlList(value: unknown): XmlValue[] {
  return Array.isArray(value) ? value.map(xmlValue) : [];
}

function xmlValue(value: unknown): XmlValue {
  // S3 keeps whole seconds.
  if (value instanceof Date) return value.toISOString().replace(/\.\d+Z$/, '.000Z');
  if (typeof value === 'object' && value !== null) return xmlMembers(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return undefined;
}
