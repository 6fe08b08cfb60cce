// API Gateway's REST-JSON API, version 2: reading. HTTP APIs are made through CloudFormation.
import type { AwsRequest, AwsResponse } from '../../service';
import { wireValue } from '../shared/json-protocol';
import type { Operations } from '../shared/operations';
import { type RestRoute, restJsonService } from '../shared/rest-protocol';

const PART_KINDS = { Integration: 'IntegrationId', Route: 'RouteId', Stage: 'StageName' } as const;

/** Members travel in camel case, the names of a stage's variables and of tags as they are. */
function lowerFirst(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerFirst);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      name === 'Tags' || name === 'StageVariables' ? member : lowerFirst(member),
    ]),
  );
}

/** Times are ISO 8601 here. */
function times(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(times);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, times(member)]));
}

const read = (operation: string, path: string): RestRoute => ({
  operation,
  method: 'GET',
  path,
  output: (output): AwsResponse => ({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(lowerFirst(wireValue(times(output))))),
  }),
});

const ROUTES: readonly RestRoute[] = [
  read('GetApis', '/v2/apis'),
  read('GetApi', '/v2/apis/{ApiId}'),
  ...Object.entries(PART_KINDS).flatMap(([kind, id]) => {
    const path = `/v2/apis/{ApiId}/${kind.toLowerCase()}s`;
    return [read(`Get${kind}s`, path), read(`Get${kind}`, `${path}/{${id}}`)];
  }),
];

/** @throws UnknownOperationException for what is not offered over HTTP, and what the operation throws */
export function restHandler(operations: Operations): (request: AwsRequest) => Promise<AwsResponse> {
  const service = restJsonService({ id: 'apigateway', operations, routes: ROUTES });
  return (request) => service.handle(request);
}
