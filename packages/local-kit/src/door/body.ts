// Reading request bodies and sending answers over node's HTTP server, with as few steps and system calls as it allows.
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** Up to this size a copy costs less than a second buffer in the write. */
const SMALL_BODY_BYTES = 64 * 1024;

/** Clients that wait for leave to send a body (`Expect: 100-continue`). */
const awaited = new WeakMap<IncomingMessage, ServerResponse>();

/** Lets a client that asked first send its body only once somebody reads it. */
export function holdBody(request: IncomingMessage, response: ServerResponse): void {
  // Answered without its body, it may or may not send it: the connection cannot be used again.
  response.setHeader('connection', 'close');
  awaited.set(request, response);
}

function letIn(request: IncomingMessage): void {
  const response = awaited.get(request);
  if (!response) return;
  awaited.delete(request);
  response.removeHeader('connection');
  response.writeContinue();
}

/** The whole body; undefined when it is larger than `mostBytes`, of which no more is kept. Rejects when the connection breaks. */
export function readBody(request: IncomingMessage, mostBytes: number): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > mostBytes) return Promise.resolve(undefined);
  letIn(request);
  // Events, because iterating over a stream costs more than the rest of a small request.
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > mostBytes) {
        chunks = [];
        request.removeAllListeners('data');
        request.resume();
        resolve(undefined);
      } else chunks.push(chunk);
    });
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('the connection was closed before the request was complete'));
    });
  });
}

/** The body as it comes. Whoever stops reading leaves the connection as it is: what is left is passed over once there is an answer. */
export async function* bodyOf(request: IncomingMessage): AsyncGenerator<Buffer, void, undefined> {
  letIn(request);
  yield* request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
}

/** The request's headers, lower-case, the values of one name joined. */
export function headersOf(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

/** Sends head and body; a small body goes out with the head in one write. */
export function send(
  response: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body?: Buffer,
): void {
  response.writeHead(status, headers);
  if (!body || body.length === 0) response.end();
  // Latin-1 gives every byte back as it was.
  else if (body.length <= SMALL_BODY_BYTES) response.end(body.toString('latin1'), 'latin1');
  else response.end(body);
}
