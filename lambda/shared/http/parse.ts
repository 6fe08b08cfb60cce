// From the raw request to validated values: body, query and bearer token.
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import * as z from 'zod/mini';
import { LIMITS } from '../contract/schemas';
import { type FieldError, HttpProblem, invalid, unauthorized } from './problem';

/** `['likes', 0, 'itemId']` → `likes[0].itemId`. */
function fieldName(path: readonly PropertyKey[], root: string): string {
  if (path.length === 0) return root;
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);
}

function toFieldErrors(error: z.core.$ZodError, root: string): FieldError[] {
  return error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          field: fieldName([...issue.path, key], root),
          message: 'is not a known field',
        }))
      : [{ field: fieldName(issue.path, root), message: issue.message }],
  );
}

function check<Schema extends z.core.$ZodType>(
  schema: Schema,
  value: unknown,
  root: string,
): z.output<Schema> {
  const result = z.safeParse(schema, value);
  if (!result.success) throw invalid(...toFieldErrors(result.error, root));
  return result.data;
}

/**
 * The request's JSON body, validated. An empty body counts as `{}`.
 *
 * @throws HttpProblem 413 over 64 KB, 415 for another content type, 400 for what is not JSON or does not fit the schema
 */
export function parseBody<Schema extends z.core.$ZodType>(
  event: APIGatewayProxyEventV2,
  schema: Schema,
): z.output<Schema> {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (body.length > LIMITS.bodyBytes) {
    const message = `must not be larger than ${LIMITS.bodyBytes} bytes, got ${body.length}`;
    throw new HttpProblem(413, `The body ${message}.`, [{ field: 'body', message }]);
  }
  const contentType = event.headers['content-type'];
  if (contentType && !/^application\/json\s*(;|$)/i.test(contentType)) {
    throw new HttpProblem(415, 'The body must be JSON.', [
      { field: 'content-type', message: 'must be application/json' },
    ]);
  }
  return check(schema, parseJson(body), 'body');
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw invalid({ field: 'body', message: 'must be JSON in UTF-8' });
  }
}

/** The query parameters, validated. @throws HttpProblem 400 */
export function parseQuery<Schema extends z.core.$ZodType>(
  event: APIGatewayProxyEventV2,
  schema: Schema,
): z.output<Schema> {
  return check(schema, event.queryStringParameters ?? {}, 'query');
}

/** The bearer token as sent, not verified. @throws HttpProblem 401 */
export function bearerToken(event: APIGatewayProxyEventV2): string {
  const match = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(event.headers.authorization ?? '');
  if (!match?.[1]) throw unauthorized('A token is needed: Authorization: Bearer <token>.');
  return match[1];
}
