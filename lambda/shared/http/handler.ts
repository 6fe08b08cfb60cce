// Makes a Lambda handler out of route functions: dispatches, answers JSON, turns errors into problem documents.
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { Logger } from '../logger';
import { isTransient } from '../retry';
import { busy, HttpProblem } from './problem';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type Route = (event: APIGatewayProxyEventV2) => Promise<Answer>;

/** Keys are `METHOD /path`; a path may end with `/{name}`, which stands for all the rest, slashes included. */
export type Routes = Readonly<Record<string, Route>>;

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Pick<Context, 'awsRequestId'>,
) => Promise<APIGatewayProxyStructuredResultV2>;

const SECURITY_HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** Answers of the API are never cached: they differ by visitor, or move by the second. */
function respond(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  return {
    statusCode: status,
    headers: { 'content-type': type, ...SECURITY_HEADERS, ...headers },
    body: JSON.stringify(body),
  };
}

const pathOf = (key: string) => key.split(' ')[1] ?? '';

/** True when a request's path fits a route's path. */
function fits(pattern: string, path: string): boolean {
  const open = pattern.indexOf('{');
  if (open === -1) return pattern === path;
  return path.length > open && path.startsWith(pattern.slice(0, open));
}

/** 405 with `Allow` when the path is known by another method, else 404. */
export function noSuchRoute(method: string, path: string, known: readonly string[]): HttpProblem {
  const allowed = known.filter((key) => fits(pathOf(key), path)).map((key) => key.split(' ')[0]);
  if (allowed.length === 0) return new HttpProblem(404, 'There is nothing at this path.');
  const allow = allowed.join(', ');
  return new HttpProblem(
    405,
    `This path answers ${allow} only.`,
    [{ field: 'method', message: `must be ${allow}, got ${method}` }],
    { allow },
  );
}

/** What a caller is told about an error that is none of theirs: to come back if a service failed, else nothing more. */
function toProblem(error: unknown, logger: Logger): HttpProblem {
  if (isTransient(error)) {
    logger.warn('a service failed', { reason: (error as Error).name });
    return busy('A service did not answer just now; please send the same request again.');
  }
  logger.error('request failed', { error: error as Error });
  return new HttpProblem(500, 'Something went wrong here; please try again.');
}

/**
 * A handler for the given routes.
 *
 * @param known every `METHOD /path` that exists, when other functions have more than this one
 */
export function httpHandler(
  routes: Routes,
  logger: Logger,
  known: readonly string[] = Object.keys(routes),
): HttpHandler {
  return async (event, context) => {
    logger.resetKeys();
    logger.appendKeys({ requestId: context.awsRequestId });
    const { method } = event.requestContext.http;
    try {
      const key = Object.keys(routes).find(
        (each) => each.startsWith(`${method} `) && fits(pathOf(each), event.rawPath),
      );
      const route = key && routes[key];
      if (!route) throw noSuchRoute(method, event.rawPath, known);
      const { status, body } = await route(event);
      return respond(status, body);
    } catch (error) {
      const problem = error instanceof HttpProblem ? error : toProblem(error, logger);
      const fields = problem.errors.map(({ field }) => field);
      logger.info('request refused', { status: problem.status, fields });
      return respond(problem.status, problem.document(), problem.headers);
    }
  };
}
