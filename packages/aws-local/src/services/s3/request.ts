// S3's requests (REST, path style): which operation one means, and its input from path, query, headers and body.
import { AwsError, type AwsRequest, type Shape } from '../../service';
import { parseXml, type XmlNode } from '../../wire/xml';
import { BUCKET_CONFIGURATIONS } from './bucket-configurations';
import { verifyBody } from './checksums';
import { knownRequest } from './known-requests';
import { headerMembers } from './request-headers';
import { LISTS, RENAMED } from './xml-names';

/** Which headers are members of an operation's input; of others they are only looked at. */
const HEADERS: Readonly<Record<string, 'object' | 'part' | 'read'>> = {
  PutObject: 'object',
  CopyObject: 'object',
  CreateMultipartUpload: 'object',
  UploadPart: 'part',
  CompleteMultipartUpload: 'part',
  DeleteObject: 'part',
  GetObject: 'read',
  HeadObject: 'read',
};

/** Members that a request's body holds, by operation. */
const BODIES: Readonly<Record<string, (request: AwsRequest) => Shape>> = {
  ...Object.fromEntries(
    BUCKET_CONFIGURATIONS.map(({ name, member }) => [
      `Put${name}`,
      ({ body }: AwsRequest) => ({ [member]: flatShape(documentOf(body)) }),
    ]),
  ),
  CreateBucket: ({ body }) =>
    body.length === 0 ? {} : { CreateBucketConfiguration: flatShape(documentOf(body)) },
  PutBucketPolicy: ({ body }) => ({ Policy: body.toString('utf8') }),
  PutBucketVersioning: ({ body }) => ({ VersioningConfiguration: flatShape(documentOf(body)) }),
  PutObjectTagging: ({ body }) => ({ Tagging: flatShape(documentOf(body)) }),
  DeleteObjects: ({ body }) => ({ Delete: flatShape(documentOf(body)) }),
  CompleteMultipartUpload: ({ body }) => ({ MultipartUpload: flatShape(documentOf(body)) }),
  PutObject: ({ upload, body }) => ({ Body: upload ?? body }),
  UploadPart: ({ upload, body }) => ({ Body: upload ?? body }),
};

export function decode(request: AwsRequest): { name: string; input: Shape } {
  const { headers, body } = request;
  const [, bucketPart = '', ...rest] = request.path.split('/');
  const Bucket = decodeURIComponent(bucketPart);
  const Key = decodeURIComponent(rest.join('/'));
  const owner = headers['x-amz-expected-bucket-owner'];
  if (owner !== undefined && owner !== request.principal.accountId)
    throw new AwsError('AccessDenied', 'Access Denied', 403);
  const of = Key !== '' ? 'object' : Bucket !== '' ? 'bucket' : 'account';
  const { name, members } = knownRequest(request, of);
  const kind = HEADERS[name];
  const fromHeaders = headerMembers(headers, kind ?? 'read');
  if (kind === undefined && body.length > 0) verifyBody(headers, body);
  const input: Shape = {
    ...(of !== 'account' && { Bucket }),
    ...(of === 'object' && { Key }),
    ...members,
    ...(kind && fromHeaders),
    ...(name === 'CopyObject' && { CopySource: headers['x-amz-copy-source'] }),
    ...(headers['x-amz-skip-destination-validation'] === 'true' && { SkipDestinationValidation: true }),
    ...BODIES[name]?.(request),
  };
  return { name, input };
}

const documentOf = (body: Buffer): XmlNode => parseXml(body.toString('utf8'));

/** A document as a shape: lists have the names that the API has for them. Numbers and booleans are words; operations read them. */
function flatShape(node: XmlNode): Shape {
  const shape: Shape = {};
  for (const [name, list] of node.children) {
    const values = list.map((child) => (child.children.size > 0 ? flatShape(child) : child.text));
    const listed = LISTS[name];
    if (listed !== undefined) shape[listed] = values;
    else if (name === 'TagSet') shape.TagSet = (list[0]?.children.get('Tag') ?? []).map(flatShape);
    else shape[RENAMED[name] ?? name] = values[0];
  }
  return shape;
}
