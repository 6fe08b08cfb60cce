// Cross-origin requests to HTTP APIs with a CORS configuration: the API answers preflights itself, and its own headers replace those of
// the function. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
import type { ApiRequest, ApiResponse } from '../../ports';
import type { Cors } from './model';

/** `*`, the origin itself, or a pattern such as `https://*`. */
function allowedOrigin({ AllowOrigins = [] }: Cors, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (AllowOrigins.includes('*')) return '*';
  return AllowOrigins.some(
    (allowed) => allowed === origin || (allowed.endsWith('*') && origin.startsWith(allowed.slice(0, -1))),
  )
    ? origin
    : undefined;
}

function headersOf(cors: Cors, request: ApiRequest): Record<string, string> | undefined {
  const origin = allowedOrigin(cors, request.headers.origin);
  if (origin === undefined) return undefined;
  return {
    'access-control-allow-origin': origin,
    ...(cors.AllowCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
    ...(cors.ExposeHeaders?.length ? { 'access-control-expose-headers': cors.ExposeHeaders.join(',') } : {}),
  };
}

/** The answer to a preflight; undefined for any other request. */
export function preflightAnswer(cors: Cors, request: ApiRequest): ApiResponse | undefined {
  if (request.method !== 'OPTIONS' || request.headers['access-control-request-method'] === undefined)
    return undefined;
  const allowed = headersOf(cors, request);
  const headers: Record<string, string> = allowed
    ? {
        ...allowed,
        ...(cors.AllowMethods?.length ? { 'access-control-allow-methods': cors.AllowMethods.join(',') } : {}),
        ...(cors.AllowHeaders?.length ? { 'access-control-allow-headers': cors.AllowHeaders.join(',') } : {}),
        ...(cors.MaxAge === undefined ? {} : { 'access-control-max-age': String(cors.MaxAge) }),
      }
    : {};
  return { status: 204, headers, body: Buffer.alloc(0) };
}

/** The API's configuration stands above what a function says. */
export function withCorsHeaders(cors: Cors, request: ApiRequest, response: ApiResponse): ApiResponse {
  const own = Object.entries(response.headers).filter(([name]) => !/^access-control-/i.test(name));
  return { ...response, headers: { ...Object.fromEntries(own), ...headersOf(cors, request) } };
}
