// REST-JSON services: an operation is found by method and path; members come from the path, the query and the body.
import { AwsError, type AwsRequest, type AwsResponse, type AwsService, type Shape } from '../../service';
import { jsonResponse, parseJson } from './json-protocol';
import { callerOf, type Operations, runOperation, serviceOf, withInvalidInput } from './operations';

export interface RestRoute {
  readonly operation: string;
  readonly method: string;
  /** For example `/2015-03-31/functions/{FunctionName}/invocations`; `{Name+}` takes the rest of the path. */
  readonly path: string;
  readonly status?: number;
  /** Query parameters by the member that they fill. */
  readonly query?: Readonly<Record<string, string>>;
  /** Replaces the usual reading of a JSON body. */
  readonly input?: (request: AwsRequest) => Shape;
  /** Replaces the usual writing of a JSON body. */
  readonly output?: (output: Shape) => AwsResponse;
}

export interface RestServiceProps {
  readonly id: string;
  readonly operations: Operations;
  readonly routes: readonly RestRoute[];
  /** The code of an error about input that does not fit. @default ValidationException */
  readonly invalidInput?: string;
  readonly start?: AwsService['start'];
  readonly close?: () => Promise<void> | void;
}

/** A service that speaks REST-JSON. */
export function restJsonService(props: RestServiceProps): AwsService {
  const operations = withInvalidInput(props.operations, props.invalidInput);
  return serviceOf({
    ...props,
    operations,
    async handle(request) {
      for (const route of props.routes) {
        const members = route.method === request.method ? matchPath(route.path, request.path) : undefined;
        if (members) return answer(operations, route, request, members);
      }
      throw new AwsError(
        'UnknownOperationException',
        `${request.method} ${request.path} is not supported on localhost.`,
        404,
      );
    },
  });
}

async function answer(
  operations: Operations,
  route: RestRoute,
  request: AwsRequest,
  members: Record<string, string>,
): Promise<AwsResponse> {
  const body = route.input ? route.input(request) : parseJson(request.body);
  const input: Shape = { ...(typeof body === 'object' ? body : {}), ...members };
  const memberOf = new Map(Object.entries(route.query ?? {}).map(([member, name]) => [name, member]));
  // A parameter that the route does not know is handed on by its name, and refused with it.
  const query = new URLSearchParams(request.queryString);
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    input[memberOf.get(name) ?? name] = values.length > 1 ? values : values[0];
  }
  const output = await runOperation(operations, route.operation, input, callerOf(request));
  return route.output ? route.output(output) : jsonResponse(output, route.status ?? 200);
}

/** The path's members, decoded, or undefined when the path does not fit the template. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const wanted = template.split('/');
  const given = path.replace(/(?<=.)\/$/, '').split('/');
  const members: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)(\+?)\}$/.exec(part);
    const value = given[index];
    if (value === undefined) return undefined;
    if (!name) {
      if (part !== value) return undefined;
    } else if (name[2]) {
      members[name[1] ?? ''] = decodeURIComponent(given.slice(index).join('/'));
      return members;
    } else members[name[1] ?? ''] = decodeURIComponent(value);
  }
  return given.length === wanted.length ? members : undefined;
}
