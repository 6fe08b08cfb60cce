// Asks the origins: buckets as the distribution's service principal, or, without origin access control, by what the viewer has signed; HTTP
// APIs in process.
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { ApiGatewayService, ApiRequest, ApiResponse } from '../../ports';
import { AwsError, type AwsService, type ServiceContext, type Shape } from '../../service';
import { xmlDocument } from '../../wire/xml';
import { servicePrincipal } from '../shared/principals';
import type { Origin } from './config';

/** What an origin gets: only what the policies let through. */
export interface OriginRequest extends ApiRequest {
  /** Of the distribution: what the bucket policy's condition on the source names. */
  readonly distributionArn: string;
  readonly isSigned: boolean;
}

const BUCKET_HOST = /^(.+)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com$/;
const API_HOST = /^([a-z0-9]+)\.execute-api\.([a-z0-9-]+)\.amazonaws\.com$/;
const OF_A_CONNECTION = ['connection', 'content-length', 'date', 'keep-alive', 'transfer-encoding'];
const OBJECT_HEADERS: Readonly<Record<string, string>> = {
  ContentType: 'content-type',
  CacheControl: 'cache-control',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  ETag: 'etag',
};

/** @throws Error for an origin that is neither a bucket nor an HTTP API of this account */
export function askOrigin(
  context: ServiceContext,
  origin: Origin,
  request: OriginRequest,
): Promise<ApiResponse> {
  const [, api, region] = API_HOST.exec(origin.DomainName) ?? [];
  if (api !== undefined) {
    const added = Object.fromEntries(
      origin.CustomHeaders.map((header) => [header.HeaderName.toLowerCase(), header.HeaderValue]),
    );
    const forwarded = {
      ...request,
      path: origin.OriginPath + request.path,
      headers: { ...request.headers, ...added },
    };
    return context.service<ApiGatewayService>('apigateway', region).execute(api, forwarded);
  }
  const bucket = BUCKET_HOST.exec(origin.DomainName)?.[1];
  if (bucket) {
    return request.isSigned
      ? askBucket(context, bucket, origin, request)
      : passOn(context.endpoint, origin, request);
  }
  throw new Error(`the origin ${origin.DomainName} is not reachable on localhost`);
}

/** As it came, presigned or anonymous: the bucket's own host looks at the signature. */
function passOn(endpoint: string, origin: Origin, request: OriginRequest): Promise<ApiResponse> {
  const query = request.query ? `?${request.query}` : '';
  // Where a page comes from the distribution's own door has looked at; the endpoint's would not know the site's name.
  const own = Object.entries(request.headers).filter(([name]) => !/^(origin|referer|sec-.*)$/.test(name));
  const headers = {
    ...Object.fromEntries(own),
    host: origin.DomainName,
    'content-length': request.body.length,
  };
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      endpoint,
      { method: request.method, path: `${origin.OriginPath}${request.path}${query}`, headers },
      (response) => {
        const { statusCode: status = 502, headers: answered } = response;
        buffer(response).then((body) => resolve({ status, headers: textHeaders(answered), body }), reject);
      },
    );
    sent.on('error', reject);
    sent.end(request.body);
  });
}

/** Without those of the one connection. */
function textHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' && !OF_A_CONNECTION.includes(name) ? [[name, value]] : [],
    ),
  );
}

async function askBucket(
  context: ServiceContext,
  bucket: string,
  origin: Origin,
  request: OriginRequest,
): Promise<ApiResponse> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return s3Error(
      new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405),
    );
  }
  let key: string;
  try {
    key = decodeURIComponent(`${origin.OriginPath}${request.path}`.slice(1));
  } catch {
    return s3Error(new AwsError('InvalidURI', "Couldn't parse the specified URI.", 400));
  }
  if (key === '') return s3Error(new AwsError('AccessDenied', 'Access Denied', 403));
  const principal = servicePrincipal('cloudfront.amazonaws.com', request.distributionArn, context.accountId);
  try {
    const object = await context
      .service<AwsService>('s3')
      .call('GetObject', { Bucket: bucket, Key: key }, principal);
    return { status: 200, headers: objectHeaders(object), body: await bytes(object.Body) };
  } catch (error) {
    if (error instanceof AwsError) return s3Error(error);
    throw error;
  }
}

function objectHeaders(object: Shape): Record<string, string> {
  const headers: Record<string, string> = { 'accept-ranges': 'bytes', server: 'AmazonS3' };
  for (const [member, header] of Object.entries(OBJECT_HEADERS)) {
    if (typeof object[member] === 'string') headers[header] = object[member];
  }
  for (const [name, value] of Object.entries((object.Metadata ?? {}) as Record<string, string>))
    headers[`x-amz-meta-${name}`] = value;
  if (object.LastModified instanceof Date) headers['last-modified'] = object.LastModified.toUTCString();
  return headers;
}

function bytes(body: unknown): Promise<Buffer> {
  return Buffer.isBuffer(body) ? Promise.resolve(body) : buffer(body as NodeJS.ReadableStream);
}

/** S3's error document, as CloudFront hands it through. What is said of denials stays between the services. */
function s3Error(error: AwsError): ApiResponse {
  const Message = error.code === 'AccessDenied' ? 'Access Denied' : error.message;
  const body = xmlDocument('Error', { Code: error.code, Message });
  return { status: error.status, headers: { 'content-type': 'application/xml', server: 'AmazonS3' }, body };
}
