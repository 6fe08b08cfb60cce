// Which operation a request to S3 means, and that nothing that it asks for is passed over.
import { knownRequests } from '../../../scripts/generate-s3-requests';
import type { AwsRequest } from '../../../src/service';
import { decode } from '../../../src/services/s3/request';
import written from '../../../src/services/s3/requests.json';

/** `PUT /bucket/key?uploads`. */
function ask(line: string, headers: Record<string, string> = {}, body = '') {
  const [method = '', address = ''] = line.split(' ');
  const [path = '', queryString = ''] = address.split('?');
  const query = Object.fromEntries(new URLSearchParams(queryString));
  const principal = { accountId: '000000000000' };
  return decode({
    ...{ method, path, query, queryString, headers, body: Buffer.from(body), principal, requestId: 'r' },
  } as unknown as AwsRequest);
}

test('the requests that are known are those of the SDK', () => {
  // Otherwise: node --conditions=source --import tsx packages/aws-local/scripts/generate-s3-requests.ts
  expect(written).toEqual(knownRequests());
});

test.each([
  ['GET /', 'ListBuckets'],
  ['GET /?max-buckets=2', 'ListBuckets'],
  ['GET /b', 'ListObjects'],
  ['GET /b?list-type=1', 'ListObjects'],
  ['GET /b/?list-type=2&prefix=a', 'ListObjectsV2'],
  ['GET /b?uploads', 'ListMultipartUploads'],
  ['DELETE /b?encryption', 'DeleteBucketEncryption'],
  ['DELETE /b/k?tagging', 'DeleteObjectTagging'],
  ['GET /b/k?uploadId=1', 'ListParts'],
  ['PUT /b/k?uploadId=1&partNumber=2', 'UploadPart'],
  ['GET /b?abac', 'GetBucketAbac'],
  ['PUT /b/k', 'CopyObject', { 'x-amz-copy-source': 'b/other' }],
  ['PUT /b/k?uploadId=1&partNumber=2', 'UploadPartCopy', { 'x-amz-copy-source': 'b/other' }],
  ['GET /b?acl', 'GetBucketAcl'],
  ['GET /b/k?x-id=GetObject&unknown=1', 'GetObject'],
])('%s asks for %s', (line, name, headers: Record<string, string> = {}) => {
  expect(ask(line, headers).name).toBe(name);
});

test.each(['DELETE /b?location', 'DELETE /b/k?acl', 'PUT /b/k?attributes', 'POST /b', 'PATCH /b/k'])(
  '%s is no request that S3 has, and is not taken for another',
  (line) => {
    expect(() => ask(line)).toThrow('The specified method is not allowed against this resource.');
  },
);

test('members of the query are numbers, words and booleans, as the operation has them', () => {
  expect(ask('GET /b?uploads&max-uploads=2&delimiter=%2F&key-marker=a&prefix=').input).toEqual({
    ...{ Bucket: 'b', MaxUploads: 2, Delimiter: '/', KeyMarker: 'a', Prefix: '' },
  });
  expect(ask('GET /b?list-type=2&fetch-owner=true&max-keys=').input).toEqual({
    Bucket: 'b',
    FetchOwner: true,
  });
});

test('a document is read as it is: a key that is called true stays a word', () => {
  const objects = '<Delete><Object><Key>true</Key></Object><Object><Key>2</Key></Object></Delete>';
  expect(ask('POST /b?delete', {}, objects).input).toEqual({
    ...{ Bucket: 'b', Delete: { Objects: [{ Key: 'true' }, { Key: '2' }] } },
  });
});

test('a header that asks for what is not done here is refused for every operation, and a checksum that does not fit', () => {
  const optional = { 'x-amz-optional-object-attributes': 'RestoreStatus' };
  expect(() => ask('GET /b?list-type=2', optional)).toThrow('x-amz-optional-object-attributes');
  const md5 = { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' };
  expect(() => ask('PUT /b?policy', md5, '{}')).toThrow('Content-MD5');
});
