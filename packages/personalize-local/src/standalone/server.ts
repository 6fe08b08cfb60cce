// The HTTP server in front of the service when it runs alone: status page, faults, signature form, AWS requests.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PersonalizeError } from '../protocol/errors';
import { errorResponse, serviceOf } from '../protocol/wire';
import type { HttpRequest, HttpResponse, PersonalizeService } from '../service';
import { checkSignatureForm } from './signature';

/** Larger bodies are refused: the biggest legal request is ten items with 32,000 characters each. */
const MOST_BODY_BYTES = 4 * 1024 * 1024;

export interface RunningServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts listening on the loopback address. @param port 0 for a free one */
export async function startServer(
  service: PersonalizeService,
  port: number,
  host = '127.0.0.1',
): Promise<RunningServer> {
  const server = createServer((incoming, outgoing) => {
    serve(service, incoming, outgoing).catch((error: Error) => {
      outgoing.destroy(error);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return { url: `http://${host}:${actual}`, close: () => closeServer(server) };
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    // A client that keeps its connection busy gets a second to finish.
    setTimeout(() => server.closeAllConnections(), 1000).unref();
  });
}

async function serve(
  service: PersonalizeService,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = await readRequest(incoming);
  const response = request ? await respond(service, request) : tooLarge();
  if (response.status === 0) {
    incoming.socket.destroy();
    return;
  }
  outgoing.writeHead(response.status, { ...response.headers, 'content-length': response.body.length });
  outgoing.end(response.body);
}

async function readRequest(incoming: IncomingMessage): Promise<HttpRequest | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk as Buffer);
  }
  if (size > MOST_BODY_BYTES) return undefined;
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    ),
    body: Buffer.concat(chunks),
  };
}

function text(status: number, contentType: string, body: string): HttpResponse {
  return { status, headers: { 'content-type': contentType }, body: Buffer.from(body) };
}

const tooLarge = () => text(413, 'application/json', '{"message":"the request body is too large"}');

async function respond(service: PersonalizeService, request: HttpRequest): Promise<HttpResponse> {
  if (request.method === 'GET' && request.path === '/') {
    return text(200, 'text/html; charset=utf-8', service.statusPage());
  }
  if (request.path === '/_faults') return changeFaults(service, request);
  try {
    checkSignatureForm(request.headers);
  } catch (error) {
    if (error instanceof PersonalizeError) return errorResponse(error, serviceOf(request) ?? 'personalize');
    throw error;
  }
  return service.handle(request);
}

/** `PUT /_faults` with a JSON list of rules replaces the rules in force. */
function changeFaults(service: PersonalizeService, request: HttpRequest): HttpResponse {
  if (request.method !== 'PUT') return text(405, 'application/json', '{"message":"use PUT"}');
  try {
    const rules: unknown = JSON.parse(request.body.toString('utf8'));
    if (!Array.isArray(rules) || !rules.every((rule) => typeof rule === 'string')) {
      throw new Error('expected a JSON list of rules, for example ["PutEvents:throttle:0.2"]');
    }
    service.setFaults(rules);
    return text(200, 'application/json', JSON.stringify({ faults: rules }));
  } catch (error) {
    return text(400, 'application/json', JSON.stringify({ message: (error as Error).message }));
  }
}
