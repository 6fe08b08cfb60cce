// The AWS JSON protocols: the operation is named by the X-Amz-Target header, input and output are JSON bodies.
import { AwsError, type AwsRequest, type AwsResponse, type AwsService } from '../../service';
import { callerOf, type Operations, runOperation, serviceOf, withInvalidInput } from './operations';

export interface JsonProtocol {
  readonly version: '1.0' | '1.1';
  readonly operations: Operations;
}

export interface JsonServiceProps extends JsonProtocol {
  readonly id: string;
  /** The code of an error about input that does not fit. @default ValidationException */
  readonly invalidInput?: string;
  readonly start?: AwsService['start'];
  /** Called once when the process ends. */
  readonly close?: () => Promise<void> | void;
}

/** A service that speaks AWS JSON. */
export function jsonService(props: JsonServiceProps): AwsService {
  const operations = withInvalidInput(props.operations, props.invalidInput);
  const handle = (request: AwsRequest) => handleJson({ ...props, operations }, request);
  return serviceOf({ ...props, operations, handle });
}

/** @throws UnknownOperationException, SerializationException, and what the operation throws */
export async function handleJson(protocol: JsonProtocol, request: AwsRequest): Promise<AwsResponse> {
  const name = request.headers['x-amz-target']?.split('.').at(-1);
  const output = await runOperation(protocol.operations, name, parseJson(request.body), callerOf(request));
  return jsonResponse(output, 200, `application/x-amz-json-${protocol.version}`);
}

/** @throws SerializationException */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
}

export function jsonResponse(output: unknown, status = 200, contentType = 'application/json'): AwsResponse {
  const body = Buffer.from(JSON.stringify(wireValue(output)));
  return { status, headers: { 'content-type': contentType, 'content-length': String(body.length) }, body };
}

/** Times travel as seconds since the epoch, blobs as base64. */
export function wireValue(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / 1000;
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (Array.isArray(value)) return value.map(wireValue);
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, wireValue(member)]));
  }
  return value;
}
