// What a Task state does: calls another service as the state machine's role.
import { buffer } from 'node:stream/consumers';
import type { LambdaService } from '../../ports';
import { AwsError, type AwsService, type Principal, type ServiceContext, type Shape } from '../../service';
import { fromApiCase, hasException, toApiCase } from './api-case';
import { StateFailure } from './failure';

export interface TaskContext {
  readonly context: ServiceContext;
  readonly principal: Principal;
  /** Starts another state machine and, for `.sync`, waits for its end. */
  readonly startExecution: (
    input: Shape,
    mode: 'start' | 'sync' | 'sync:2',
    principal: Principal,
  ) => Promise<Shape>;
}

const RESOURCE = /^arn:aws:states:::(?:(aws-sdk):)?(\w+):(\w+)(\.sync(?::2)?)?$/;

/** @throws StateFailure */
export async function runTask(task: TaskContext, resource: string, input: unknown): Promise<unknown> {
  if (resource.startsWith('arn:aws:lambda:')) return invokeFunction(task, resource, input, false);
  const [, sdk, service = '', action = '', mode] = RESOURCE.exec(resource) ?? [];
  if (!service)
    throw new StateFailure('States.Runtime', `The resource ${resource} is not supported on localhost.`);
  const operation = action.charAt(0).toUpperCase() + action.slice(1);
  if (!sdk && service === 'lambda' && action === 'invoke') {
    const { FunctionName, Payload } = input as { FunctionName: string; Payload?: unknown };
    return invokeFunction(task, FunctionName, Payload ?? {}, true);
  }
  if (!sdk && service === 'states' && action === 'startExecution')
    return startExecution(task, input as Shape, mode);
  const prepared = sdk ? (input as Shape) : prepare(service, input as Shape);
  const output = await callService(task, service === 'events' ? 'eventbridge' : service, operation, prepared);
  if (!sdk && service === 'events' && Number((output as Shape).FailedEntryCount) > 0) {
    throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(output));
  }
  return output;
}

async function callService(
  task: TaskContext,
  name: string,
  operation: string,
  input: Shape,
): Promise<unknown> {
  const service = task.context.task(name);
  if (!service) throw new StateFailure('States.Runtime', `The service ${name} is not offered on localhost.`);
  try {
    const target = task.context.service<AwsService>(service.id);
    const output = await target.call(operation, toApiCase(name, operation, input) as Shape, task.principal);
    return plain(fromApiCase(name, operation, await readBodies(output)));
  } catch (error) {
    throw failureOf(error, service.errorPrefix, name);
  }
}

async function invokeFunction(
  task: TaskContext,
  functionName: string,
  payload: unknown,
  withMetadata: boolean,
): Promise<unknown> {
  let result: Awaited<ReturnType<LambdaService['invoke']>>;
  try {
    const lambda = task.context.service<LambdaService>('lambda');
    const body = Buffer.from(JSON.stringify(payload));
    result = await lambda.invoke({
      functionName,
      payload: body,
      principal: task.principal,
      type: 'RequestResponse',
    });
  } catch (error) {
    throw failureOf(error, 'Lambda');
  }
  const text = result.payload.toString('utf8');
  const answer: unknown = JSON.parse(text || 'null');
  if (result.functionError) {
    const { errorType } = (answer ?? {}) as { errorType?: string };
    throw new StateFailure(
      errorType === 'Sandbox.Timedout' ? 'Lambda.Unknown' : (errorType ?? 'Lambda.Unknown'),
      text,
    );
  }
  return withMetadata ? { ExecutedVersion: '$LATEST', Payload: answer, StatusCode: 200 } : answer;
}

async function startExecution(task: TaskContext, input: Shape, mode: string | undefined): Promise<unknown> {
  try {
    const kind = mode === '.sync:2' ? 'sync:2' : mode === '.sync' ? 'sync' : 'start';
    return plain(await task.startExecution(input, kind, task.principal));
  } catch (error) {
    throw failureOf(error, 'StepFunctions');
  }
}

/** The optimised integrations take JSON where the API takes text. */
function prepare(service: string, input: Shape): Shape {
  const asText = (value: unknown) =>
    value === undefined || typeof value === 'string' ? value : JSON.stringify(value);
  switch (service) {
    case 'sqs':
      return { ...input, MessageBody: asText(input.MessageBody) };
    case 'sns':
      return { ...input, Message: asText(input.Message) };
    case 'events': {
      const entries = (input.Entries ?? []) as Shape[];
      return { ...input, Entries: entries.map((entry) => ({ ...entry, Detail: asText(entry.Detail) })) };
    }
    default:
      return input;
  }
}

function failureOf(error: unknown, prefix: string, service = ''): StateFailure {
  if (error instanceof StateFailure) return error;
  if (!(error instanceof AwsError)) return new StateFailure('States.TaskFailed', String(error));
  // What has no exception of its own in the SDK gets the service's general one.
  const isGeneral =
    error.code.startsWith('AccessDenied') ||
    error.code === 'UnknownOperationException' ||
    hasException(service, error.code) === false;
  const code = isGeneral
    ? `${prefix}Exception`
    : error.code.endsWith('Exception')
      ? error.code
      : `${error.code}Exception`;
  const details = `(Service: ${prefix}, Status Code: ${error.status})`;
  return new StateFailure(`${prefix}.${code}`, `${error.message} ${details}`);
}

/** Streams become text. */
async function readBodies(output: Shape): Promise<Shape> {
  const { Body } = output;
  if (Body === undefined) return output;
  const bytes = Buffer.isBuffer(Body) ? Body : await buffer(Body as NodeJS.ReadableStream);
  return { ...output, Body: bytes.toString('utf8') };
}

/** Times as ISO 8601, nothing that JSON does not have. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? {})) as unknown;
}
