// S3's requests (REST, path style): which operation one means, and its input.
import { AwsError, type AwsRequest, type Shape } from '../../service';
import { childText, parseXml, type XmlNode } from '../../wire/xml';
import { BUCKET_CONFIGURATIONS } from './bucket-operations';
import { headerMembers } from './request-headers';
import { LISTS, RENAMED } from './xml-names';

/** Requests for configurations that S3 has and that are not kept here. */
const KNOWN_SUBRESOURCES = [
  'accelerate',
  'acl',
  'analytics',
  'attributes',
  'intelligent-tiering',
  'inventory',
  'legal-hold',
  'logging',
  'metrics',
  'object-lock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'torrent',
  'website',
];

/** Whether this puts an object or a part of one. */
export function isUpload({
  method,
  path,
  query,
  headers,
}: Pick<AwsRequest, 'method' | 'path' | 'query' | 'headers'>): boolean {
  const isOther = Object.keys(query).some((name) => name === 'tagging' || KNOWN_SUBRESOURCES.includes(name));
  return (
    method === 'PUT' && /^\/[^/]*\/./.test(path) && !isOther && headers['x-amz-copy-source'] === undefined
  );
}

export function decode(request: AwsRequest): { name: string; input: Shape } {
  const [, bucketPart = '', ...rest] = request.path.split('/');
  const bucket = decodeURIComponent(bucketPart);
  const key = decodeURIComponent(rest.join('/'));
  const unknown = KNOWN_SUBRESOURCES.find((subresource) => subresource in request.query);
  if (unknown) {
    throw new AwsError(
      'NotImplemented',
      `A header or query you provided (${unknown}) implies functionality that is not implemented.`,
      501,
    );
  }
  const owner = request.headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== request.principal.accountId)
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  if (bucket === '') return { name: 'ListBuckets', input: {} };
  return key === '' ? decodeBucket(request, bucket) : decodeObject(request, bucket, key);
}

function decodeBucket(request: AwsRequest, bucket: string): { name: string; input: Shape } {
  const { method, query } = request;
  const input: Shape = { Bucket: bucket };
  const configuration = BUCKET_CONFIGURATIONS.find((candidate) => candidate.subresource in query);
  if (configuration) {
    if (method === 'GET') return { name: `Get${configuration.name}`, input };
    if (method === 'DELETE' && configuration.deletes) return { name: configuration.deletes, input };
    const shape = flatShape(parseXml(request.body.toString('utf8')));
    return {
      name: `Put${configuration.name}`,
      input: {
        ...input,
        [configuration.member]: shape,
        SkipDestinationValidation:
          request.headers['x-amz-skip-destination-validation'] === 'true' ? true : undefined,
      },
    };
  }
  if ('policy' in query) {
    if (method === 'PUT')
      return { name: 'PutBucketPolicy', input: { ...input, Policy: request.body.toString('utf8') } };
    return { name: method === 'DELETE' ? 'DeleteBucketPolicy' : 'GetBucketPolicy', input };
  }
  if ('policyStatus' in query) return { name: 'GetBucketPolicyStatus', input };
  if ('location' in query) return { name: 'GetBucketLocation', input };
  if ('uploads' in query) return { name: 'ListMultipartUploads', input: { ...input, Prefix: query.prefix } };
  if ('versioning' in query) {
    if (method === 'GET') return { name: 'GetBucketVersioning', input };
    const VersioningConfiguration = flatShape(parseXml(request.body.toString('utf8')));
    return { name: 'PutBucketVersioning', input: { ...input, VersioningConfiguration } };
  }
  if (method === 'POST' && 'delete' in query)
    return { name: 'DeleteObjects', input: { ...input, Delete: deleteList(request) } };
  if (method === 'PUT') {
    headerMembers(request.headers, 'read');
    return { name: 'CreateBucket', input: { ...input, ...bucketConfiguration(request) } };
  }
  if (method === 'DELETE') return { name: 'DeleteBucket', input };
  if (method === 'HEAD') return { name: 'HeadBucket', input };
  if (method !== 'GET') throw notAllowed();
  const listing: Shape = {
    ...input,
    Prefix: query.prefix,
    Delimiter: query.delimiter,
    MaxKeys: query['max-keys'] === undefined ? undefined : Number(query['max-keys']),
    EncodingType: query['encoding-type'],
  };
  if ('versions' in query) {
    const markers = { KeyMarker: query['key-marker'], VersionIdMarker: query['version-id-marker'] };
    return { name: 'ListObjectVersions', input: { ...listing, ...markers } };
  }
  if (query['list-type'] !== '2') return { name: 'ListObjects', input: { ...listing, Marker: query.marker } };
  return {
    name: 'ListObjectsV2',
    input: { ...listing, ContinuationToken: query['continuation-token'], StartAfter: query['start-after'] },
  };
}

function bucketConfiguration({ body }: AwsRequest): Shape {
  if (body.length === 0) return {};
  return { CreateBucketConfiguration: flatShape(parseXml(body.toString('utf8'))) };
}

function decodeObject(request: AwsRequest, bucket: string, key: string): { name: string; input: Shape } {
  const { method, query, headers } = request;
  const address: Shape = { Bucket: bucket, Key: key };
  const version: Shape = { ...address, VersionId: query.versionId };
  if ('tagging' in query) {
    if (method === 'GET') return { name: 'GetObjectTagging', input: version };
    const set =
      parseXml(request.body.toString('utf8')).children.get('TagSet')?.[0]?.children.get('Tag') ?? [];
    const TagSet = set.map((tag) => ({ Key: childText(tag, 'Key'), Value: childText(tag, 'Value') }));
    return { name: 'PutObjectTagging', input: { ...version, Tagging: { TagSet } } };
  }
  if ('uploads' in query && method === 'POST')
    return { name: 'CreateMultipartUpload', input: { ...address, ...headerMembers(headers, 'object') } };
  if (query.uploadId !== undefined) return decodeUpload(request, { ...address, UploadId: query.uploadId });
  switch (method) {
    case 'GET':
    case 'HEAD':
      return {
        name: method === 'GET' ? 'GetObject' : 'HeadObject',
        input: { ...version, ...headerMembers(headers, 'read') },
      };
    case 'PUT':
      if (headers['x-amz-copy-source'] !== undefined) {
        return {
          name: 'CopyObject',
          input: {
            ...address,
            ...headerMembers(headers, 'object'),
            CopySource: headers['x-amz-copy-source'],
          },
        };
      }
      return {
        name: 'PutObject',
        input: { ...address, ...headerMembers(headers, 'object'), Body: request.upload ?? request.body },
      };
    case 'DELETE':
      return { name: 'DeleteObject', input: { ...version, ...headerMembers(headers, 'part') } };
    default:
      throw notAllowed();
  }
}

function decodeUpload(request: AwsRequest, upload: Shape): { name: string; input: Shape } {
  switch (request.method) {
    case 'PUT': {
      if (request.headers['x-amz-copy-source'] !== undefined) {
        throw new AwsError(
          'NotImplemented',
          'Copying a part of an object is not supported on localhost.',
          501,
        );
      }
      const part = { PartNumber: Number(request.query.partNumber), Body: request.upload ?? request.body };
      return { name: 'UploadPart', input: { ...upload, ...headerMembers(request.headers, 'part'), ...part } };
    }
    case 'POST': {
      const list = parseXml(request.body.toString('utf8')).children.get('Part') ?? [];
      const Parts = list.map((part) => ({
        PartNumber: Number(childText(part, 'PartNumber')),
        ETag: childText(part, 'ETag'),
      }));
      return {
        name: 'CompleteMultipartUpload',
        input: { ...upload, ...headerMembers(request.headers, 'part'), MultipartUpload: { Parts } },
      };
    }
    case 'DELETE':
      return { name: 'AbortMultipartUpload', input: upload };
    default:
      return { name: 'ListParts', input: upload };
  }
}

function deleteList(request: AwsRequest): Shape {
  const root = parseXml(request.body.toString('utf8'));
  const objects = root.children.get('Object') ?? [];
  return {
    Objects: objects.map((object) => ({
      Key: childText(object, 'Key'),
      VersionId: childText(object, 'VersionId'),
    })),
    Quiet: childText(root, 'Quiet') === 'true',
  };
}

/** A configuration document as a shape: `true` and `false` are booleans. */
function flatShape(node: XmlNode): Shape {
  const shape: Shape = {};
  for (const [name, list] of node.children) {
    const values = list.map((child) => (child.children.size > 0 ? flatShape(child) : scalar(child.text)));
    const listed = LISTS[name];
    if (listed !== undefined) shape[listed] = values;
    else if (name === 'TagSet') shape.TagSet = (list[0]?.children.get('Tag') ?? []).map(flatShape);
    else shape[RENAMED[name] ?? name] = values[0];
  }
  return shape;
}

function scalar(text: string): string | boolean {
  return text === 'true' || (text === 'false' ? false : text);
}

function notAllowed(): AwsError {
  return new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
}
