// The Lambda proxy integration, payload format 2.0: the event that a function gets and what its answer means.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
import { z } from 'zod';
import type { ApiRequest, ApiResponse } from '../../ports';
import type { RouteMatch } from './routing';

export interface EventContext {
  readonly accountId: string;
  readonly apiId: string;
  readonly domainName: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly requestId: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TEXT = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)\b|[^;]+\+(json|xml)\b)/;
const STRUCTURED = z.looseObject({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

export function proxyEvent(
  request: ApiRequest,
  route: RouteMatch,
  context: EventContext,
): Record<string, unknown> {
  const { cookie, ...headers } = request.headers;
  const isText = request.body.length === 0 || TEXT.test(headers['content-type'] ?? '');
  const query = queryParameters(request.query);
  const hasParameters = Object.keys(route.pathParameters).length > 0;
  return {
    version: '2.0',
    routeKey: route.routeKey,
    rawPath: request.path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split('; ') }),
    headers,
    ...(query ? { queryStringParameters: query } : {}),
    requestContext: {
      accountId: context.accountId,
      apiId: context.apiId,
      domainName: context.domainName,
      domainPrefix: context.apiId,
      http: {
        method: request.method,
        path: request.path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: context.requestId,
      routeKey: route.routeKey,
      stage: context.stage,
      time: logTime(context.time),
      timeEpoch: context.time,
    },
    ...(hasParameters ? { pathParameters: route.pathParameters } : {}),
    ...(Object.keys(context.stageVariables).length > 0 ? { stageVariables: context.stageVariables } : {}),
    ...(request.body.length > 0 ? { body: request.body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: !isText,
  };
}

/** What a function's answer means; undefined when it is no valid answer. */
export function proxyResponse(payload: Buffer): ApiResponse | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(payload.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof answer !== 'object' || answer === null || !('statusCode' in answer)) {
    // Without a status code the answer itself is the body.
    return json(200, typeof answer === 'string' ? answer : JSON.stringify(answer ?? null));
  }
  const parsed = STRUCTURED.safeParse(answer);
  if (!parsed.success) return undefined;
  const { statusCode, cookies, body, isBase64Encoded } = parsed.data;
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(parsed.data.headers ?? {})) headers[name.toLowerCase()] = value;
  headers['content-type'] ??= 'text/plain;charset=utf-8';
  if (cookies && cookies.length > 0) headers['set-cookie'] = cookies;
  return { status: statusCode, headers, body: Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8') };
}

/** An answer of the API itself. */
export function message(status: number, text: string): ApiResponse {
  return json(status, JSON.stringify({ message: text }));
}

function json(status: number, body: string): ApiResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: Buffer.from(body) };
}

/** `09/Jan/2026:13:05:00 +0000`. */
export function logTime(time: number): string {
  const date = new Date(time);
  const day = String(date.getUTCDate()).padStart(2, '0');
  return `${day}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${date.toISOString().slice(11, 19)} +0000`;
}

/** Values of a repeated parameter are joined by commas. */
function queryParameters(query: string): Record<string, string> | undefined {
  if (query === '') return undefined;
  const parameters: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    parameters[name] = Object.hasOwn(parameters, name) ? `${parameters[name]},${value}` : value;
  }
  return parameters;
}
