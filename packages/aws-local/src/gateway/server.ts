// The one port of the AWS endpoint: reads a request, checks its signature, hands it to its service, writes the answer.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Protocol, ServiceDeclaration } from '../declaration';
import type { CredentialStore } from '../iam/credentials';
import { AwsError, type AwsRequest, type AwsResponse, type AwsService, type Principal } from '../service';
import { readBody, send } from '../wire/http';
import { decodeChunked, isChunked } from './chunked';
import { asAwsError, encodeError } from './errors';
import { Routing, routeRequest } from './route';
import { readClaim, type SignatureClaim, signingKey, verifySignature } from './sigv4';

const MAX_BODY_BYTES = 1024 * 1024 * 1024;

/** The account that the gateway is the door of. */
export interface GatewayAccount {
  /** Finds a service by its id. */
  get(id: string): AwsService | undefined;
  readonly credentials: CredentialStore;
}

export interface GatewayProps {
  /** Undefined while the services are still being opened. */
  readonly account: () => GatewayAccount | undefined;
  readonly services: readonly ServiceDeclaration[];
  readonly accountId: string;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

interface ReadRequest {
  readonly method: string;
  readonly path: string;
  readonly queryString: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

function lowerCaseHeaders(request: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  }
  return headers;
}

async function readRequest(request: IncomingMessage): Promise<ReadRequest> {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const queryString = mark < 0 ? '' : url.slice(mark + 1);
  const body = await readBody(request, MAX_BODY_BYTES);
  if (!body) throw new AwsError('EntityTooLarge', 'The request body exceeds 1 GiB.', 413);
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    queryString,
    query: queryString === '' ? {} : Object.fromEntries(new URLSearchParams(queryString)),
    headers: lowerCaseHeaders(request),
    body,
  };
}

export class Gateway {
  private readonly server: Server;
  private readonly anonymous: Principal;
  private readonly routing: Routing;

  constructor(private readonly props: GatewayProps) {
    this.anonymous = { kind: 'anonymous', arn: '*', accountId: props.accountId };
    this.routing = new Routing(props.services);
    this.server = createServer((request, response) => void this.serve(request, response));
    this.server.keepAliveTimeout = 60_000;
    // A stack operation is answered when it is done, which may take long.
    this.server.requestTimeout = 0;
  }

  /** Listens on localhost only and returns the port. Rejects when the port is in use. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, '127.0.0.1', () => {
        this.server.off('error', reject);
        const address = this.server.address();
        resolve(typeof address === 'object' && address ? address.port : port);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let service = 's3';
    let headers: Record<string, string> = {};
    try {
      const read = await readRequest(request);
      headers = read.headers;
      const claim = readClaim(read.headers, read.query);
      const route = routeRequest(read, claim, this.routing);
      service = route.service;
      const path = route.bucket === undefined ? read.path : `/${route.bucket}${read.path}`;
      const answer = await this.dispatch(service, { ...this.authenticate(read, claim), path, requestId });
      await this.write(response, answer, requestId, read.method);
    } catch (thrown) {
      if (response.headersSent || response.destroyed) {
        this.props.log(`connection broken: ${String(thrown)}`);
        response.destroy();
        return;
      }
      const error = asAwsError(thrown, this.props.log);
      await this.write(
        response,
        encodeError(error, this.protocolOf(service), headers, requestId),
        requestId,
        request.method,
      );
    }
  }

  private protocolOf(service: string): Protocol {
    return this.routing.bySigningName.get(service)?.protocol ?? 'json';
  }

  private get account(): GatewayAccount {
    const account = this.props.account();
    if (!account) throw new AwsError('ServiceUnavailable', 'The local AWS is starting.', 503);
    return account;
  }

  private dispatch(id: string, request: AwsRequest): Promise<AwsResponse> {
    const service = this.account.get(id);
    if (!service) {
      throw new AwsError('UnknownService', `There is no service '${id}' on this endpoint.`, 400);
    }
    return service.handle(request);
  }

  /** Checks the signature, and decodes a chunked body afterwards, because the signature covers the undecoded one. */
  private authenticate(read: ReadRequest, claim: SignatureClaim | undefined): Omit<AwsRequest, 'requestId'> {
    const { method, path, query, headers, body } = read;
    if (!claim) return { method, path, query, ...this.decode(headers, body), principal: this.anonymous };
    const { secret, principal } = this.account.credentials.resolve(claim.accessKeyId, claim.sessionToken);
    verifySignature(read, claim, secret, this.props.now());
    return { method, path, query, ...this.decode(headers, body, claim, secret), principal };
  }

  private decode(
    headers: Record<string, string>,
    body: Buffer,
    claim?: SignatureClaim,
    secret?: string,
  ): Pick<AwsRequest, 'headers' | 'body'> {
    if (!isChunked(headers)) return { headers, body };
    const isSigned = headers['x-amz-content-sha256']?.startsWith('STREAMING-AWS4-HMAC-SHA256');
    const signing =
      isSigned && claim && secret
        ? {
            key: signingKey(secret, claim),
            seed: claim.signature,
            timestamp: claim.timestamp,
            scope: `${claim.date}/${claim.region}/${claim.service}/aws4_request`,
          }
        : undefined;
    const decoded = decodeChunked(body, headers, signing);
    return { headers: { ...headers, ...decoded.trailers }, body: decoded.body };
  }

  private async write(
    response: ServerResponse,
    answer: AwsResponse,
    requestId: string,
    method: string | undefined,
  ): Promise<void> {
    // Amazon Personalize's answer when it is told to drop connections.
    if (answer.status === 0) {
      response.destroy();
      return;
    }
    const headers: Record<string, string | string[]> = {
      'x-amzn-requestid': requestId,
      'x-amz-request-id': requestId,
      ...answer.headers,
    };
    if (Buffer.isBuffer(answer.body)) {
      headers['content-length'] ??= String(answer.body.length);
      send(response, answer.status, headers, method === 'HEAD' ? undefined : answer.body);
      return;
    }
    response.writeHead(answer.status, headers);
    await pipeline(answer.body, response);
  }
}
