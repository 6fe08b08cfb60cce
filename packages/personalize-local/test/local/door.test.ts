// Amazon Personalize alone takes any credentials, so whom it lets in at all is what protects it: programs of this machine, no web page.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ListRecipesCommand } from '@aws-sdk/client-personalize';
import { FolderStore } from '../../src/standalone/folder-store';
import { type Harness, startHarness } from './harness';

let h: Harness;

beforeAll(async () => {
  h = await startHarness();
});
afterAll(() => h.stop());

function status(path: string, method: string, headers: IncomingHttpHeaders): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(h.url + path, { method, headers, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end(method === 'GET' ? undefined : '["ListRecipes:500:#1"]');
  });
}

test.each([
  ['GET', '/', { 'sec-fetch-site': 'cross-site' }],
  ['GET', '/', { host: 'evil.example' }],
  ['PUT', '/_faults', { origin: 'https://evil.example' }],
  ['PUT', '/_faults', { origin: 'null' }],
  ['PUT', '/_faults', { host: 'evil.example' }],
  ['OPTIONS', '/_faults', { origin: 'http://localhost:3000', 'access-control-request-method': 'PUT' }],
  ['POST', '/', { origin: 'https://evil.example', 'content-type': 'text/plain' }],
])('%s %s from %j is refused, and changes nothing', async (method, path, headers) => {
  expect(await status(path, method, headers)).toBe(403);
  await h.control.send(new ListRecipesCommand({}));
});

test('a program of this machine sets faults, and any credentials do', async () => {
  expect(await status('/_faults', 'PUT', {})).toBe(200);
  await expect(h.control.send(new ListRecipesCommand({}))).rejects.toMatchObject({
    $metadata: { httpStatusCode: 500 },
  });
  await h.control.send(new ListRecipesCommand({}));
});

describe('S3 as a folder', () => {
  let folder: string;
  const identity = { roleArn: 'arn:aws:iam::123456789012:role/any' } as never;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'folder-store-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['..', 'secret'],
    ['.', 'secret'],
    ['', 'secret'],
    ['a/..', 'secret'],
    ['../other', 'secret'],
    ['bucket', '../../secret'],
    ['bucket', 'a/../../../secret'],
    ['bucket', 'nul\0'],
  ])("is not left by the bucket '%s' and the key '%s', reading or writing", async (bucket, key) => {
    const store = new FolderStore(join(folder, 's3'));
    await expect(store.write(identity, bucket, key, Buffer.from('x'))).rejects.toThrow('s3://');
    await expect(store.read(identity, bucket, key)).rejects.toThrow('s3://');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('holds what was written, under its key', async () => {
    const store = new FolderStore(folder);
    await store.write(identity, 'bucket', 'a/b.csv', Buffer.from('x'));
    expect(await store.list(identity, 'bucket', 'a/')).toMatchObject([{ key: 'a/b.csv', size: 1 }]);
  });
});
