import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { unchunked } from '../../../src/gateway/chunked';
import { presignedUrl } from '../../../src/gateway/presign';
import {
  checkPayload,
  declaredPayload,
  payloadOf,
  readClaim,
  type SignedRequest,
  verifySignature,
} from '../../../src/gateway/sigv4';

const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' };
const now = Date.UTC(2026, 0, 2, 3, 4, 5);

interface SentRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** What the SDK would send. */
async function sentBy(
  send: (requestHandler: { handle(request: unknown): Promise<never> }) => Promise<unknown>,
) {
  const sent: SentRequest[] = [];
  const requestHandler = {
    async handle(request: unknown): Promise<never> {
      sent.push(request as SentRequest);
      throw new Error('not sent');
    },
  };
  await send(requestHandler).catch(() => undefined);
  const [request] = sent;
  if (!request) throw new Error('the SDK sent nothing');
  const headers = Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    method: request.method,
    path: request.path,
    queryString: new URLSearchParams(request.query).toString(),
    headers: Object.fromEntries(headers),
    body:
      typeof request.body === 'string'
        ? Buffer.from(request.body)
        : Buffer.from(Uint8Array.from(request.body ?? [])),
  };
}

const client = { region: 'us-east-1', credentials, endpoint: 'http://127.0.0.1:4566', maxAttempts: 1 };

const getItem = () =>
  sentBy((requestHandler) =>
    new DynamoDBClient({ ...client, requestHandler }).send(
      new GetItemCommand({ TableName: 'items', Key: { itemId: { S: 'x' } } }),
    ),
  );

const putObject = () =>
  sentBy((requestHandler) =>
    new S3Client({
      ...client,
      requestHandler,
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
    }).send(new PutObjectCommand({ Bucket: 'b', Key: "emotions/happy/a b(c)'*.png", Body: 'picture' })),
  );

interface Given extends SignedRequest {
  readonly body: Buffer;
}

function verify(request: Given, at = Date.now(), secret = credentials.secretAccessKey) {
  const claim = readClaim(request.headers, {});
  if (!claim) throw new Error('the request is not signed');
  const declared = declaredPayload(request.headers, claim);
  verifySignature(request, claim, secret, at, declared ?? payloadOf(request.body));
  if (declared !== undefined) checkPayload(declared, request.body);
}

describe('signatures', () => {
  test('of the SDK are accepted', async () => {
    const requests = await Promise.all([getItem(), putObject()]);
    for (const request of requests) expect(() => verify(request)).not.toThrow();
  });

  test('do not fit another body, header or key', async () => {
    const request = await getItem();
    expect(() => verify({ ...request, body: Buffer.from('{"a":1}') })).toThrow();
    const headers = { ...request.headers, 'x-amz-target': 'DynamoDB_20120810.DeleteItem' };
    expect(() => verify({ ...request, headers })).toThrow('does not match');
    expect(() => verify(request, Date.now(), 'other')).toThrow('does not match');
    const upload = await putObject();
    expect(() => verify({ ...upload, body: Buffer.from('another') })).toThrow('does not match');
  });

  test('are refused when they are a quarter of an hour off', async () => {
    const request = await getItem();
    expect(() => verify(request, Date.now() + 16 * 60_000)).toThrow('too large');
  });
});

test('a presigned URL is good for its method, its key and its time', () => {
  const url = new URL(
    presignedUrl({
      ...credentials,
      region: 'us-east-1',
      method: 'PUT',
      bucket: 'answers',
      key: 'a stack/id',
      expiresSeconds: 60,
      now,
    }),
  );
  const claim = readClaim({}, Object.fromEntries(url.searchParams));
  const request = (method: string) => ({
    method,
    path: url.pathname,
    queryString: url.search.slice(1),
    headers: { host: url.host },
  });
  if (!claim) throw new Error('the URL is not signed');
  const payload = declaredPayload({}, claim) ?? '';
  expect(() => verifySignature(request('PUT'), claim, 'secret', now, payload)).not.toThrow();
  expect(() => verifySignature(request('GET'), claim, 'secret', now, payload)).toThrow('does not match');
  expect(() => verifySignature(request('PUT'), claim, 'secret', now + 61_000, payload)).toThrow('expired');
});

test('a signature in the query string is for S3, and for a week at most', () => {
  const query = (service: string, expires: number) => ({
    'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
    'X-Amz-Credential': `AKIAEXAMPLE/20260102/us-east-1/${service}/aws4_request`,
    'X-Amz-Date': '20260102T030405Z',
    'X-Amz-Expires': String(expires),
    'X-Amz-SignedHeaders': 'host',
    'X-Amz-Signature': '0'.repeat(64),
  });
  expect(readClaim({}, query('s3', 604_800))).toMatchObject({ expiresSeconds: 604_800 });
  expect(() => readClaim({}, query('s3', 604_801))).toThrow('less than a week');
  expect(() => readClaim({}, query('iam', 60))).toThrow('s3 and sqs only on localhost, not for iam');
});

describe('aws-chunked bodies', () => {
  const headers = { 'x-amz-decoded-content-length': '9' };
  const chunked = Buffer.from('4\r\nemot\r\n5\r\nions!\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n');

  async function decoded(body: Buffer, pieceBytes = body.length) {
    const pieces = Array.from({ length: Math.ceil(body.length / pieceBytes) }, (_, index) =>
      body.subarray(index * pieceBytes, (index + 1) * pieceBytes),
    );
    const trailers = {};
    return { body: await text(unchunked(Readable.from(pieces), headers, trailers)), trailers };
  }

  test.each([1, 2, 3, 7, 100])(
    'are put together, and what follows them is kept, when they come in pieces of %d bytes',
    async (bytes) => {
      expect(await decoded(chunked, bytes)).toEqual({
        body: 'emotions!',
        trailers: { 'x-amz-checksum-crc32': 'AAAAAA==' },
      });
    },
  );

  test.each([
    ['a wrong length', Buffer.from('4\r\nemot\r\n0\r\n\r\n'), 'number of bytes'],
    ['a chunk that is cut off', Buffer.from('9\r\nemo'), 'shorter'],
    ['a chunk that is too long', Buffer.from('2\r\nemo\r\n'), 'longer'],
    ['a size that is none', Buffer.from('zz\r\n'), 'not a chunk size'],
    ['a line without an end', Buffer.alloc(5_000, '0'), 'too long'],
  ])('with %s are refused', async (_what, body, message) => {
    await expect(decoded(body)).rejects.toThrow(message);
  });
});
