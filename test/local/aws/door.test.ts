// The ports of AWS on localhost: names that are not ours, large bodies of nobody, paths that cannot be read, two on one folder.

import { mkdtempSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { administratorKey, createAwsEndpoint } from '@emotion-gallery/aws-local';
import { RealClock } from '@emotion-gallery/local-kit/clock';
import { ACCOUNT_ID, REGION } from '../../../local/start/account';
import { type LocalAws, startLocalAws } from './support/cli';

let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws();
});
afterAll(() => aws?.dispose());

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Sends the head of a request, and its body only if one is given: what is answered before is answered unread. */
function ask(
  url: string,
  options: { readonly headers?: IncomingHttpHeaders; readonly method?: string; readonly host?: string } = {},
): Promise<Answer> {
  const { host, ...rest } = options;
  return new Promise((resolve, reject) => {
    const target = new URL(url);
    const sent = httpRequest(
      // As it is: a URL would be put right first.
      {
        ...rest,
        host: host ?? target.hostname,
        port: target.port,
        path: url.slice(target.origin.length),
        agent: false,
      },
      (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += chunk;
        });
        response.on('end', () => {
          sent.destroy();
          resolve({ status: response.statusCode ?? 0, text });
        });
      },
    );
    sent.on('error', reject);
    if (rest.headers?.['content-length'] === undefined) sent.end();
    else sent.flushHeaders();
  });
}

test('both ports refuse a name that is not theirs and a page from elsewhere, and say why', async () => {
  for (const url of [aws.endpoint.endpoint, aws.endpoint.siteUrl]) {
    const byName = await ask(`${url}/`, { headers: { host: 'evil.example' } });
    expect(byName).toMatchObject({ status: 403, text: expect.stringContaining('evil.example') });
    const byOrigin = await ask(`${url}/`, { method: 'POST', headers: { origin: 'https://evil.example' } });
    expect(byOrigin).toMatchObject({ status: 403, text: expect.stringContaining('from another origin') });
  }
});

test('both ports answer to every name of this machine, on both loopback addresses', async () => {
  for (const url of [aws.endpoint.endpoint, aws.endpoint.siteUrl]) {
    const { port } = new URL(url);
    for (const [address, name] of [
      ['127.0.0.1', `localhost:${port}`],
      ['127.0.0.1', `127.0.0.1:${port}`],
      ['::1', `[::1]:${port}`],
    ]) {
      const { text } = await ask(`${url}/bucket/key`, { host: address, headers: { host: name } });
      expect(text).toMatch(/AccessDenied|NoSuchBucket|No distribution is deployed/);
      expect(text).not.toContain('refused');
    }
  }
});

const GIB = String(2 ** 30);
const signedBy = (accessKeyId: string, service: string) =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260102/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=${'0'.repeat(64)}`;
const date = () => new Date().toISOString().replace(/[-:]|\.\d+/g, '');

test.each([
  ['nobody', () => ({}), 413],
  ['a key that does not exist', () => ({ authorization: signedBy('AKIANOBODY', 's3') }), 403],
  [
    'the administrator, with a signature that does not hold',
    () => ({
      authorization: signedBy(aws.endpoint.credentials.accessKeyId, 's3'),
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    }),
    403,
  ],
  [
    'the administrator, for a service that takes nothing so large',
    () => ({
      authorization: signedBy(aws.endpoint.credentials.accessKeyId, 'sqs'),
    }),
    413,
  ],
])('a body of 1 GiB of %s is refused before any of it is read', async (_who, headers, status) => {
  const answer = await ask(`${aws.endpoint.endpoint}/bucket/key`, {
    method: 'PUT',
    headers: { 'x-amz-date': date(), 'content-length': GIB, ...headers() },
  });
  expect(answer.status).toBe(status);
});

test('a path that cannot be decoded is a client error on both ports', async () => {
  const atEndpoint = await ask(`${aws.endpoint.endpoint}/%zz`);
  expect(atEndpoint).toMatchObject({ status: 400, text: expect.stringContaining('InvalidURI') });
  expect((await ask(`${aws.endpoint.siteUrl}/%zz`)).status).toBeLessThan(500);
  expect(aws.log.filter((line) => line.includes('internal error'))).toEqual([]);
});

test('the key of another folder, or of every folder before, opens nothing', async () => {
  const { credentials, endpoint } = aws.endpoint;
  expect(credentials).toEqual(administratorKey(aws.folder));
  for (const other of [
    { accessKeyId: 'AKIALOCALBOOTSTRAP00', secretAccessKey: 'local-bootstrap-secret-key-of-emotion-gallery' },
    { ...credentials, secretAccessKey: 'guessed' },
  ]) {
    const client = new S3Client({
      endpoint,
      region: REGION,
      credentials: other,
      forcePathStyle: true,
      maxAttempts: 1,
    });
    const asked = client.send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }));
    await expect(asked).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    client.destroy();
  }
});

const settings = () => ({
  region: REGION,
  accountId: ACCOUNT_ID,
  awsPort: 0,
  sitePort: 0,
  clock: new RealClock(1),
  personalizeClock: new RealClock(1),
  log: () => undefined,
});

/** An address of this machine that is not the one the endpoint listens on. */
function otherAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? '127.0.0.2';
}

test('opened to the network, the site is there by the address, by no other name, and the endpoint is not', async () => {
  const siteAddress = otherAddress();
  const stateDir = mkdtempSync(join(tmpdir(), 'local-aws-lan-'));
  const open = await createAwsEndpoint({ ...settings(), stateDir, siteAddress });
  try {
    expect(new URL(open.siteUrl).hostname).toBe(siteAddress);
    expect(await ask(`${open.siteUrl}/`)).toMatchObject({
      status: 404,
      text: 'No distribution is deployed yet.',
    });
    const own = { origin: open.siteUrl };
    expect((await ask(`${open.siteUrl}/`, { method: 'POST', headers: own })).status).toBe(404);
    const foreign = { origin: 'https://evil.example' };
    expect((await ask(`${open.siteUrl}/`, { method: 'POST', headers: foreign })).status).toBe(403);
    expect((await ask(`${open.siteUrl}/`, { headers: { host: 'evil.example' } })).status).toBe(403);
    await expect(ask(`${open.endpoint}/`, { host: siteAddress })).rejects.toThrow('ECONNREFUSED');
  } finally {
    await open.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
});

test('a second endpoint on the same folder is refused and changes nothing, even if it is to begin anew', async () => {
  await aws.endpoint.call('ssm', 'PutParameter', { Name: '/kept', Type: 'String', Value: 'x' });
  const second = createAwsEndpoint({ ...settings(), stateDir: aws.folder, fresh: true });
  await expect(second).rejects.toThrow(`is in use by the process ${process.pid}`);
  expect(await aws.endpoint.call('ssm', 'GetParameter', { Name: '/kept' })).toMatchObject({
    Parameter: { Value: 'x' },
  });
});
