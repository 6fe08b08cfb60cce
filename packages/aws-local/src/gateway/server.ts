// The one port of the AWS endpoint: reads a request, checks its signature, hands it to its service, writes the answer.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { bodyOf, Door, headersOf, readBody, send } from '@emotion-gallery/local-kit/door';
import type { ServiceDeclaration } from '../declaration';
import type { CredentialStore } from '../iam/credentials';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type AwsService,
  type Principal,
  Upload,
} from '../service';
import { type ChunkSigning, isChunked, unchunked } from './chunked';
import { asAwsError, encodeError } from './errors';
import { Routing, routeRequest } from './route';
import {
  checkedPayload,
  checkPayload,
  declaredPayload,
  payloadOf,
  readClaim,
  type SignatureClaim,
  signingKey,
  verifySignature,
} from './sigv4';

const EMPTY = Buffer.alloc(0);
const MIB = 1024 * 1024;
/** The largest body that is held in memory, of a service that authenticates what it gets. */
const MOST_BYTES: Readonly<Record<string, number>> = {
  // A function's code, in base 64, with its settings: 50 MB are AWS's limit for the archive.
  lambda: 70 * MIB,
};
/** Of one PUT to S3, as on AWS; it goes to the disk as it comes. */
const MOST_BYTES_UPLOADED = 5 * 1024 * MIB;
/** DynamoDB's batches are the largest of all others. */
const MOST_BYTES_ELSEWHERE = 17 * MIB;
/** Of all requests together: one that would take more is asked to come again, which SDKs do by themselves. */
const MOST_BYTES_HELD = 1024 * MIB;

/** The account that the gateway is the door of. */
export interface GatewayAccount {
  /** Finds a service by its id. @param region that the request is for, if it says one */
  serviceIn(id: string, region: string | undefined): Promise<AwsService | undefined>;
  readonly credentials: CredentialStore;
}

export interface GatewayProps {
  /** Undefined while the services are still being opened. */
  readonly account: () => GatewayAccount | undefined;
  readonly services: readonly ServiceDeclaration[];
  readonly accountId: string;
  readonly now: () => number;
  readonly log: (line: string) => void;
  /** Further names by which clients may call the endpoint. */
  readonly hosts?: readonly string[];
  /** Bytes of the bodies of all requests that are being read or answered. @default 1 GiB */
  readonly mostBytesHeld?: number;
}

/** What a request's body takes of the memory for all. */
interface Held {
  bytes: number;
}

/** What is known of a request before its body. */
interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly queryString: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
}

/** Who signed a request. */
interface Signer {
  readonly claim: SignatureClaim;
  readonly secret: string;
  readonly principal: Principal;
}

function readHead(request: IncomingMessage): RequestHead {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const queryString = mark < 0 ? '' : url.slice(mark + 1);
  return {
    method: request.method ?? 'GET',
    path: readablePath(mark < 0 ? url : url.slice(0, mark)),
    queryString,
    query: queryString === '' ? {} : Object.fromEntries(new URLSearchParams(queryString)),
    headers: headersOf(request),
  };
}

/** @throws InvalidURI, so that no service meets a path that it cannot decode */
function readablePath(path: string): string {
  try {
    decodeURIComponent(path);
    return path;
  } catch {
    throw new AwsError('InvalidURI', `Could not parse the specified URI: '${path}'.`, 400);
  }
}

export class Gateway {
  private readonly door: Door;
  private readonly anonymous: Principal;
  private readonly routing: Routing;
  private heldBytes = 0;

  constructor(private readonly props: GatewayProps) {
    this.anonymous = { kind: 'anonymous', arn: '*', accountId: props.accountId };
    this.routing = new Routing(props.services);
    this.door = new Door({
      // Functions call the hosts of AWS, which lead here.
      hosts: ['*.amazonaws.com', ...(props.hosts ?? [])],
      serve: (request, response) => void this.serve(request, response),
      refuse: (request, response, reason) => void this.refuse(request, response, reason),
    });
  }

  /** Listens on localhost only and returns the port. Rejects when the port is in use. */
  listen(port: number): Promise<number> {
    return this.door.listen(port);
  }

  close(): Promise<void> {
    return this.door.close();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const requestId = randomUUID();
    let service = 's3';
    const held: Held = { bytes: 0 };
    try {
      const head = readHead(request);
      const claim = readClaim(head.headers, head.query);
      const route = routeRequest(head, claim, this.routing);
      service = route.service;
      const signer = claim && this.signerOf(claim);
      const content = await this.contentOf(request, head, signer, service, held);
      const { method, query, queryString } = head;
      const path = route.bucket === undefined ? head.path : `/${route.bucket}${head.path}`;
      const principal = signer?.principal ?? this.anonymous;
      const answer = await this.dispatch(service, {
        method,
        path,
        query,
        queryString,
        ...content,
        principal,
        requestId,
        region: claim?.region ?? route.region,
        sourceIp: request.socket.remoteAddress?.replace(/^::ffff:/, ''),
      });
      await this.write(response, answer, requestId, method);
    } catch (thrown) {
      if (response.headersSent || response.destroyed) {
        this.props.log(`connection broken: ${String(thrown)}`);
        response.destroy();
        return;
      }
      const error = asAwsError(thrown, this.props.log);
      await this.writeError(request, response, error, service, requestId);
    } finally {
      this.heldBytes -= held.bytes;
      // Of an upload that was refused: the connection's next request comes behind it.
      if (!request.complete) request.resume();
    }
  }

  /** The body, read, or for what is an upload ready to be read. */
  private async contentOf(
    request: IncomingMessage,
    head: RequestHead,
    signer: Signer | undefined,
    service: string,
    held: Held,
  ): Promise<Pick<AwsRequest, 'headers' | 'body' | 'upload'>> {
    const declared = signer && declaredPayload(head.headers, signer.claim);
    const isUpload = this.routing.bySigningName.get(service)?.isUpload?.(head) ?? false;
    if (signer && declared !== undefined && isUpload)
      return { headers: head.headers, body: EMPTY, upload: this.uploadOf(request, head, signer, declared) };
    const body = signer
      ? await this.readSigned(request, head, signer, service, held)
      : await this.bodyOf(request, held);
    if (!isChunked(head.headers)) return { headers: head.headers, body };
    const trailers = {};
    const pieces = Readable.from(
      unchunked(Readable.from([body]), head.headers, trailers, chunkSigning(head, signer)),
    );
    return { body: await buffer(pieces), headers: { ...head.headers, ...trailers } };
  }

  /** @throws EntityTooLarge, MissingContentLength, and what is wrong with the signature */
  private uploadOf(request: IncomingMessage, head: RequestHead, signer: Signer, declared: string): Upload {
    verifySignature(head, signer.claim, signer.secret, this.props.now(), declared);
    const bytes = head.headers['x-amz-decoded-content-length'] ?? head.headers['content-length'];
    if (bytes === undefined && head.headers['transfer-encoding'] !== undefined)
      throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', 411);
    if (Number(bytes ?? 0) > MOST_BYTES_UPLOADED)
      throw new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', 400, {
        ProposedSize: bytes,
        MaxSizeAllowed: MOST_BYTES_UPLOADED,
      });
    const pieces = checkedPayload(declared, bodyOf(request));
    if (!isChunked(head.headers)) return new Upload(pieces);
    const announced = (head.headers['x-amz-trailer'] ?? '')
      .split(',')
      .map((name) => name.trim().toLowerCase());
    const trailers: Record<string, string> = {};
    return new Upload(
      unchunked(pieces, head.headers, trailers, chunkSigning(head, signer)),
      announced,
      trailers,
    );
  }

  /** @throws EntityTooLarge, SlowDown */
  private async bodyOf(
    request: IncomingMessage,
    held: Held,
    mostBytes = MOST_BYTES_ELSEWHERE,
  ): Promise<Buffer> {
    // A body that comes in chunks tells its size at its end.
    const bytes = Number(
      request.headers['content-length'] ?? (request.headers['transfer-encoding'] ? mostBytes : 0),
    );
    const room = (this.props.mostBytesHeld ?? MOST_BYTES_HELD) - this.heldBytes;
    // Whatever its size, one alone is taken.
    if (bytes <= mostBytes && bytes > room && this.heldBytes > 0) {
      throw new AwsError(
        'SlowDown',
        'Please reduce your request rate: other large bodies are being read.',
        503,
      );
    }
    if (bytes <= mostBytes) {
      held.bytes = bytes;
      this.heldBytes += bytes;
    }
    const body = await readBody(request, mostBytes);
    if (!body) {
      throw new AwsError('EntityTooLarge', `The request body exceeds ${mostBytes / MIB} MiB.`, 413);
    }
    return body;
  }

  private async refuse(request: IncomingMessage, response: ServerResponse, reason: string): Promise<void> {
    this.props.log(`refused: ${request.method} ${request.url}: ${reason}`);
    await this.writeError(request, response, new AwsError('AccessDenied', reason, 403), 's3', randomUUID());
  }

  private async writeError(
    request: IncomingMessage,
    response: ServerResponse,
    error: AwsError,
    service: string,
    requestId: string,
  ): Promise<void> {
    const declaration = this.routing.bySigningName.get(service);
    const encoded = encodeError(error, declaration, headersOf(request), requestId);
    await this.write(response, encoded, requestId, request.method);
  }

  private get account(): GatewayAccount {
    const account = this.props.account();
    if (!account) throw new AwsError('ServiceUnavailable', 'The local AWS is starting.', 503);
    return account;
  }

  private async dispatch(id: string, request: AwsRequest): Promise<AwsResponse> {
    const service = await this.account.serviceIn(id, request.region);
    if (!service) {
      throw new AwsError('UnknownService', `There is no service '${id}' on this endpoint.`, 400);
    }
    return service.handle(request);
  }

  /** Who says to have signed. @throws InvalidClientTokenId, ExpiredToken */
  private signerOf(claim: SignatureClaim): Signer {
    return { claim, ...this.account.credentials.resolve(claim.accessKeyId, claim.sessionToken) };
  }

  /** Reads the body of a request whose signature holds. Where the headers tell what the body is, nobody else has a large one read. */
  private async readSigned(
    request: IncomingMessage,
    head: RequestHead,
    { claim, secret }: Signer,
    service: string,
    held: Held,
  ): Promise<Buffer> {
    const verify = (payload: string) => verifySignature(head, claim, secret, this.props.now(), payload);
    const declared = declaredPayload(head.headers, claim);
    if (declared !== undefined) verify(declared);
    const isLarge = declared !== undefined || service !== 's3';
    const body = await this.bodyOf(request, held, isLarge ? MOST_BYTES[service] : undefined);
    if (declared === undefined) verify(payloadOf(body));
    else checkPayload(declared, body);
    return body;
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

/** What the chunks of a body are signed with; undefined for unsigned ones. */
function chunkSigning({ headers }: RequestHead, signer: Signer | undefined): ChunkSigning | undefined {
  const isSigned = headers['x-amz-content-sha256']?.startsWith('STREAMING-AWS4-HMAC-SHA256');
  if (!isSigned || !signer) return undefined;
  const { date, region, service, signature, timestamp } = signer.claim;
  return {
    key: signingKey(signer.secret, signer.claim),
    seed: signature,
    timestamp,
    scope: `${date}/${region}/${service}/aws4_request`,
  };
}
