// HTTP to operation and back: AWS JSON 1.1 for the control plane, REST-JSON for events and runtime, on one port.
import { randomUUID } from 'node:crypto';
import type { HttpRequest, HttpResponse } from '../service';
import { PersonalizeError, statusOf } from './errors';
import { type Operation, operations, type ServiceName, type Shape } from './model';

const TARGET_PREFIX = 'AmazonPersonalize.';
const JSON_1_1 = 'application/x-amz-json-1.1';

const byPath = new Map([...operations.values()].filter(({ path }) => path !== '/').map((o) => [o.path, o]));

/** The service that a request is for, or undefined when it is for none of the three. */
export function serviceOf(request: HttpRequest): ServiceName | undefined {
  if (request.method !== 'POST') return undefined;
  if (request.headers['x-amz-target']?.startsWith(TARGET_PREFIX)) return 'personalize';
  return byPath.get(request.path)?.service;
}

/** The region that the client has signed for; undefined for a request without a signature. */
export const regionOf = ({ headers }: HttpRequest): string | undefined =>
  /Credential=[^/,]+\/\d{8}\/([a-z0-9-]+)\//.exec(headers.authorization ?? '')?.[1];

/** @throws PersonalizeError UnknownOperationException */
export function operationOf(request: HttpRequest): Operation {
  const target = request.headers['x-amz-target'];
  const operation = target?.startsWith(TARGET_PREFIX)
    ? operations.get(target.slice(TARGET_PREFIX.length))
    : byPath.get(request.path);
  if (request.method === 'POST' && operation && (target ? operation.path === '/' : true)) return operation;
  const what = target ?? `${request.method} ${request.path}`;
  throw new PersonalizeError(
    'UnknownOperationException',
    `${what} is not an operation of Amazon Personalize`,
  );
}

/** @throws PersonalizeError SerializationException when the body is not a JSON object. */
export function readBody(request: HttpRequest): Readonly<Record<string, unknown>> {
  if (request.body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8'));
  } catch (error) {
    throw new PersonalizeError(
      'SerializationException',
      `the body is not valid JSON: ${(error as Error).message}`,
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PersonalizeError('SerializationException', 'the body must be a JSON object');
  }
  return value as Readonly<Record<string, unknown>>;
}

/**
 * A successful answer. Only members of the operation's output are sent; dates become epoch seconds with milliseconds as the
 * fraction. Events operations answer with an empty body.
 */
export function successResponse(operation: Operation, output: object, requestId: string): HttpResponse {
  const members = operation.output.members;
  const body = members.size === 0 ? '' : JSON.stringify(encodeOutput(operation, output));
  const isControl = operation.service === 'personalize';
  return {
    status: 200,
    headers: {
      'content-type': isControl ? JSON_1_1 : 'application/json',
      'x-amzn-requestid': requestId,
    },
    body: Buffer.from(isControl && members.size === 0 ? '{}' : body),
  };
}

/** The members that the operation declares, as JSON; dates as epoch seconds. */
export const encodeOutput = ({ output: shape }: Operation, output: object) =>
  encode(shape, output) as Record<string, unknown>;

function encode(shape: Shape, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  switch (shape.kind) {
    case 'structure': {
      const given = value as Readonly<Record<string, unknown>>;
      const result: Record<string, unknown> = {};
      for (const [name, member] of shape.members) {
        if (given[name] !== undefined) result[name] = encode(member, given[name]);
      }
      return result;
    }
    case 'list':
      return (value as readonly unknown[]).map((item) => encode(shape.member, item));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, encode(shape.value, item)]),
      );
    case 'timestamp':
      return (value instanceof Date ? value.getTime() : (value as number)) / 1000;
    default:
      return value;
  }
}

export function errorResponse(
  error: PersonalizeError,
  service: ServiceName,
  requestId: string = randomUUID(),
): HttpResponse {
  const isControl = service === 'personalize';
  return {
    status: statusOf(error.code, service),
    headers: {
      'content-type': isControl ? JSON_1_1 : 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: Buffer.from(JSON.stringify({ __type: error.code, message: error.message })),
  };
}
