// Serves the built pages, the sample gallery and a fake API from one origin, with the headers that the site will send.

import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildPages } from '../../../enabler-web/build';
import { generateSampleGallery } from '../../../enabler-web/sample-gallery/generate';
import { madeOnce } from '../../made-once';
import { FakeApi } from './fake-api';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.jpg': 'image/jpeg',
};

const SECURITY_HEADERS = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data: blob:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

/** A running site. */
export interface TestSite {
  readonly url: string;
  /** Answers the calls under /api/; a test may put in a fresh one. */
  api: FakeApi;
  /** Files that a test puts beside those that were built, by path. */
  readonly files: Map<string, Uint8Array>;
  close(): Promise<void>;
}

async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const text = (await readBytes(request)).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

async function answerApi(
  api: FakeApi,
  request: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const call = {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    authorization: request.headers.authorization,
    body: await readBody(request),
  };
  await api.delay(call);
  const answer = api.handle(call);
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    ...answer.headers,
  });
  response.end(JSON.stringify(answer.body));
}

function answerFile(folder: string, site: TestSite, url: URL, response: ServerResponse): void {
  const path = normalize(decodeURIComponent(url.pathname === '/' ? '/index.html' : url.pathname));
  try {
    const content = site.files.get(path) ?? readFileSync(join(folder, path));
    const immutable = path.startsWith('/assets/') || path.startsWith('/emotions/');
    const small = ['.woff2', '.webp', '.jpg'].includes(extname(path));
    response.writeHead(200, {
      ...SECURITY_HEADERS,
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'cache-control': immutable ? 'public, max-age=31536000, immutable' : 'public, max-age=60',
      ...(small ? {} : { 'content-encoding': 'gzip' }),
    });
    response.end(small ? content : gzipSync(content));
  } catch {
    response.writeHead(404, { ...SECURITY_HEADERS, 'content-type': TYPES['.html'] });
    response.end(readFileSync(join(folder, '404.html')));
  }
}

/** Builds what is served into an empty folder. */
export function buildSite(folder: string): void {
  buildPages(folder);
  generateSampleGallery(folder);
}

/** Serves what was built in the folder, on a free port. @default - built once for all tests */
export async function startSite(built?: string): Promise<TestSite> {
  const folder = built ?? (await madeOnce('site', buildSite));
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'PUT') {
      const path = decodeURIComponent(url.pathname);
      readBytes(request).then((content) => {
        site.api.curation.receive(path, content);
        response.writeHead(200).end();
      }, response.destroy);
      return;
    }
    if (!url.pathname.startsWith('/api/')) return answerFile(folder, site, url, response);
    answerApi(site.api, request, url, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const site: TestSite = {
    api: new FakeApi(),
    files: new Map(),
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return site;
}
