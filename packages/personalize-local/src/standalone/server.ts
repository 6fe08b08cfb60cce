// The HTTP server in front of the service when it runs alone: status page, faults, signature form, AWS requests.
// It takes any credentials, so what keeps web pages out is the door: nothing of what they can send passes it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isIPv6 } from 'node:net';
import { Door, headersOf, LOOPBACK, readBody } from '@emotion-gallery/local-kit/door';
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

export interface ServerProps {
  readonly service: PersonalizeService;
  /** 0 for a free one. */
  readonly port: number;
  /** The address to listen on. @default - both of the loopback */
  readonly host?: string;
  /** Further names by which clients may call it, for example `host.docker.internal`. */
  readonly hosts?: readonly string[];
}

/** Clients that keep a connection busy get this long to finish. */
const CLOSE_MS = 1000;

/** Starts listening. @throws EADDRINUSE, EACCES, EADDRNOTAVAIL */
export async function startServer({ service, port, host, hosts = [] }: ServerProps): Promise<RunningServer> {
  const isLocal = host === undefined || host === 'localhost' || LOOPBACK.some((address) => address === host);
  const door = new Door({
    hosts: isLocal ? hosts : [host, ...hosts],
    addresses: !isLocal,
    serve: (incoming, outgoing) => {
      serve(service, incoming, outgoing).catch((error: Error) => {
        outgoing.destroy(error);
      });
    },
  });
  const actual = await door.listen(port, isLocal ? LOOPBACK : [host]);
  const name = isLocal ? LOOPBACK[0] : isIPv6(host) ? `[${host}]` : host;
  return { url: `http://${name}:${actual}`, close: () => door.close(CLOSE_MS) };
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
  const body = await readBody(incoming, MOST_BODY_BYTES);
  if (!body) return undefined;
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: headersOf(incoming),
    body,
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
