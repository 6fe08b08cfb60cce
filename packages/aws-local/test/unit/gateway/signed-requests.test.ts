// The gateway hands nothing to a service that is not signed as it says: head, body, and what is put into S3 as it comes.
import { createHash, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { buffer, text } from 'node:stream/consumers';
import { Gateway } from '../../../src/gateway/server';
import type { AwsRequest, AwsService } from '../../../src/service';
import { SERVICES } from '../../../src/services';

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);
const TIMESTAMP = '20260102T030405Z';
const SECRET = 'secret';

let gateway: Gateway;
let port: number;
/** Bodies that a service got, uploads read to their end. */
const served: string[] = [];

beforeEach(async () => {
  served.length = 0;
  const service = {
    handle: async ({ body, upload }: AwsRequest) => {
      served.push(String(upload ? await buffer(upload.bytes) : body));
      return { status: 200, headers: {}, body: Buffer.from('served') };
    },
  } as unknown as AwsService;
  const principal = { kind: 'root', arn: 'arn:aws:iam::000000000000:root', accountId: '000000000000' };
  gateway = new Gateway({
    account: () => ({
      serviceIn: async () => service,
      credentials: { resolve: () => ({ secret: SECRET, principal }) } as never,
    }),
    services: SERVICES,
    accountId: '000000000000',
    now: () => NOW,
    log: () => undefined,
  });
  port = await gateway.listen(0);
});
afterEach(() => gateway.close());

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex');
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();

interface Sent {
  readonly service: 's3' | 'sqs';
  readonly body: string;
  /** The hash in the head. @default - none: only the body itself tells */
  readonly declared?: string;
  /** What the signature was made with, where it is not what is sent. */
  readonly signedBody?: string;
  readonly secret?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html */
async function send({ service, body, declared, signedBody = body, secret = SECRET, headers = {} }: Sent) {
  const scope = `20260102/us-east-1/${service}/aws4_request`;
  const head: Record<string, string> = {
    host: `127.0.0.1:${port}`,
    'x-amz-date': TIMESTAMP,
    ...(declared !== undefined && { 'x-amz-content-sha256': declared }),
  };
  const names = Object.keys(head).sort();
  const canonical = [
    'PUT',
    '/bucket/key',
    '',
    ...names.map((name) => `${name}:${head[name]}`),
    '',
    names.join(';'),
    declared ?? sha256(signedBody),
  ].join('\n');
  const key = scope.split('/').reduce<Buffer | string>((before, part) => hmac(before, part), `AWS4${secret}`);
  const signature = hmac(key, ['AWS4-HMAC-SHA256', TIMESTAMP, scope, sha256(canonical)].join('\n'));
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIATEST/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature.toString('hex')}`;
  const outgoing = request({
    host: '127.0.0.1',
    port,
    method: 'PUT',
    path: '/bucket/key',
    agent: false,
    headers: { 'content-length': body.length, ...head, ...headers, authorization },
  });
  outgoing.on('error', () => undefined);
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: incoming.statusCode, text: await text(incoming) };
}

const forms: [string, Sent][] = [
  ['whose head tells the hash of its body', { service: 'sqs', body: 'body', declared: sha256('body') }],
  ['whose hash only its body tells', { service: 'sqs', body: 'body' }],
  ['that is put into S3', { service: 's3', body: 'body', declared: sha256('body') }],
  ['that is put into S3 without a hash', { service: 's3', body: 'body', declared: 'UNSIGNED-PAYLOAD' }],
];

test.each(forms)(
  'a request %s is served, and refused when it is signed with another secret',
  async (_, sent) => {
    expect(await send(sent)).toEqual({ status: 200, text: 'served' });
    expect(served.splice(0)).toEqual(['body']);
    expect(await send({ ...sent, secret: 'guessed' })).toMatchObject({
      status: 403,
      text: expect.stringContaining('SignatureDoesNotMatch'),
    });
    expect(served).toEqual([]);
  },
);

test.each([
  [
    'whose head told',
    { service: 'sqs', body: 'evil', declared: sha256('body') },
    'XAmzContentSHA256Mismatch',
  ],
  ['that alone told', { service: 'sqs', body: 'evil', signedBody: 'body' }, 'SignatureDoesNotMatch'],
  ['put into S3', { service: 's3', body: 'evil', declared: sha256('body') }, 'XAmzContentSHA256Mismatch'],
] as [string, Sent, string][])(
  'another body than the signed one, %s, is no success',
  async (_, sent, code) => {
    expect((await send(sent)).text).toContain(code);
    expect(served).toEqual([]);
  },
);

test('an upload that is larger than AWS takes is refused by what it says of its size', async () => {
  const headers = { 'x-amz-decoded-content-length': String(5 * 2 ** 30 + 1) };
  const answer = await send({ service: 's3', body: 'body', declared: 'UNSIGNED-PAYLOAD', headers });
  expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('EntityTooLarge') });
  expect(served).toEqual([]);
});

test('a path that cannot be decoded reaches no service', async () => {
  const outgoing = request({ host: '127.0.0.1', port, path: '/%zz', agent: false }).end();
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  expect([incoming.statusCode, await text(incoming)]).toEqual([400, expect.stringContaining('InvalidURI')]);
  expect(served).toEqual([]);
});
