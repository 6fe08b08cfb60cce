// What a Task state does: calls another service as the state machine's role.
import { buffer } from 'node:stream/consumers';
import type { LambdaService } from '../../../ports';
import type { AwsService, Principal, ServiceContext, Shape } from '../../../service';
import type { TaskCall } from '../interpreter/task';
import { RuntimeFailure, StateFailure } from '../language/failure';
import { fromApiCase, toApiCase } from './api-case';
import { parseResource } from './resource';
import { INTEGRATIONS, integrationFailure, sdkFailure } from './services';

export interface TaskContext {
  readonly context: ServiceContext;
  readonly principal: Principal;
  /** Starts another state machine and, for `.sync`, waits for its end. */
  readonly startExecution: (mode: '' | '.sync' | '.sync:2', caller: Principal) => Promise<Shape>;
}

/** @throws StateFailure */
export async function callTask(task: TaskContext, call: TaskCall): Promise<unknown> {
  const resource = parseResource(call.resource);
  if (!resource) throw new RuntimeFailure(`The resource ${call.resource} is not supported on localhost.`);
  if (resource.kind === 'function') return invokeFunction(task, resource.arn, call.input, false);
  const { service, action, pattern } = resource;
  if (resource.isSdk) return callSdk(task, service, action, call.input as Shape);
  const integration = INTEGRATIONS[service];
  if (!integration) throw new RuntimeFailure(`The service ${service} is not offered on localhost.`);
  if (service === 'lambda') {
    const { FunctionName, Payload } = call.input as { FunctionName: string; Payload?: unknown };
    return invokeFunction(task, FunctionName, Payload ?? {}, true);
  }
  try {
    if (service === 'states') return plain(await task.startExecution(pattern, task.principal));
    const target = task.context.service<AwsService>(integration.id);
    const output = await target.call(
      operationOf(action),
      prepare(service, call.input as Shape),
      task.principal,
    );
    if (service === 'events' && Number(output.FailedEntryCount) > 0)
      throw new StateFailure('EventBridge.FailedEntry', JSON.stringify(output));
    return plain(output);
  } catch (error) {
    throw integrationFailure(error, integration);
  }
}

const operationOf = (action: string) => action.charAt(0).toUpperCase() + action.slice(1);

async function callSdk(task: TaskContext, name: string, action: string, input: Shape): Promise<unknown> {
  const service = task.context.task(name);
  if (!service) throw new RuntimeFailure(`The service ${name} is not offered on localhost.`);
  const operation = operationOf(action);
  try {
    const target = task.context.service<AwsService>(service.id);
    const output = await target.call(operation, toApiCase(name, operation, input) as Shape, task.principal);
    return plain(fromApiCase(name, operation, await readBodies(output)));
  } catch (error) {
    throw sdkFailure(error, name, service.errorPrefix);
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
    result = await task.context.service<LambdaService>('lambda').invoke({
      functionName,
      payload: Buffer.from(JSON.stringify(payload)),
      principal: task.principal,
      type: 'RequestResponse',
    });
  } catch (error) {
    throw integrationFailure(error, INTEGRATIONS.lambda as NonNullable<typeof INTEGRATIONS.lambda>);
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
