// AWS Lambda on localhost: functions from their deployed zip files, each execution environment a process of its own.
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { withinGrace } from '../../closing-grace';
import type { InvocationResult, LambdaService } from '../../ports';
import { AwsError, type AwsRequest, type AwsResponse, type ServiceContext } from '../../service';
import { type Caller, callerOf, inProcessCaller, operation } from '../shared/operations';
import { restJsonService } from '../shared/rest-protocol';
import { AsyncInvocations } from './async-invocations';
import { CodeStore } from './code-store';
import { EventSources } from './event-sources';
import { Executor, requireRunnable } from './executor';
import { functionName, qualifierOf } from './function-input';
import { type FunctionRecord, functionPolicy } from './function-record';
import { type LayerVersion, layerOperations } from './layers';
import { find, functionOperations } from './operations';
import { ROUTES } from './routes';
import { RuntimeApi } from './runtime-api';

const INVOKE = z.object({
  FunctionName: z.string(),
  InvocationType: z.enum(['RequestResponse', 'Event', 'DryRun']).default('RequestResponse'),
  LogType: z.enum(['None', 'Tail']).default('None'),
  Payload: z
    .union([z.instanceof(Buffer), z.string().transform((text) => Buffer.from(text))])
    .default(Buffer.alloc(0)),
});
const LARGEST_SYNCHRONOUS_PAYLOAD = 6 * 1024 * 1024;
const LARGEST_ASYNCHRONOUS_PAYLOAD = 1024 * 1024;

export async function createLambda(context: ServiceContext): Promise<LambdaService> {
  const functions = context.store.map<FunctionRecord>('lambda/functions');
  const layers = context.store.map<LayerVersion>('lambda/layers');
  const code = new CodeStore(join(context.stateDir, 'code'));
  code.prune(new Set([...functions.values()].map((record) => record.codeHash)));
  const runtimeApi = await RuntimeApi.start();
  const executor = new Executor(context, code, runtimeApi);
  const lookUp = (name: string) => functions.get(name);
  const asynchronous = new AsyncInvocations(context, lookUp, (record, payload, id) =>
    executor.invoke(record, payload, id),
  );
  const sources = new EventSources(context, lookUp, (record, payload) => executor.invoke(record, payload));

  async function invoke(
    name: string,
    payload: Buffer,
    type: string,
    caller: Caller,
  ): Promise<InvocationResult> {
    const arn = `arn:aws:lambda:${context.region}:${context.accountId}:function:${functionName(name)}`;
    const record = functions.get(functionName(name));
    context.authorize({
      principal: caller.principal,
      action: 'lambda:InvokeFunction',
      resource: arn,
      context: caller.conditions,
      resourcePolicy: record ? functionPolicy(record) : undefined,
    });
    requireLatest(name, arn);
    const known = find(functions, functionName(name), arn);
    requireRunnable(known);
    const body = payload.length === 0 ? Buffer.from('{}') : payload;
    requireJson(body, type === 'Event' ? LARGEST_ASYNCHRONOUS_PAYLOAD : LARGEST_SYNCHRONOUS_PAYLOAD);
    if (type === 'RequestResponse') return executor.invoke(known, body);
    if (type === 'Event') asynchronous.add(known.name, body, randomUUID());
    return { payload: Buffer.alloc(0) };
  }

  const rest = restJsonService({
    id: 'lambda',
    invalidInput: 'InvalidParameterValueException',
    routes: ROUTES,
    operations: {
      ...functionOperations({ context, functions, code, executor, sources }),
      ...layerOperations(context, layers),
      Invoke: operation(INVOKE, async (input, caller) => {
        const result = await invoke(input.FunctionName, input.Payload, input.InvocationType, caller);
        const StatusCode = { RequestResponse: 200, Event: 202, DryRun: 204 }[input.InvocationType];
        return {
          StatusCode,
          FunctionError: result.functionError,
          ExecutedVersion: '$LATEST',
          LogResult:
            input.LogType === 'Tail' && result.logTail
              ? Buffer.from(await result.logTail).toString('base64')
              : undefined,
          Payload: result.payload,
        };
      }),
    },
    start: () => {
      asynchronous.start();
      sources.start();
    },
    close: async () => {
      // Whoever takes longer is ended with its process: what it was given is given to somebody at the next start, as after a crash.
      await withinGrace(Promise.all([sources.close(), asynchronous.close()]));
      await executor.close();
      await runtimeApi.close();
    },
  });

  return {
    ...rest,
    invoke: (request) =>
      invoke(request.functionName, request.payload, request.type, inProcessCaller(request.principal)),
    handle: (request) =>
      /\/functions\/[^/]+\/invocations$/.test(request.path) ? handleInvoke(request) : rest.handle(request),
  };

  /** Invoke's payload is the body itself, in both directions. */
  async function handleInvoke(request: AwsRequest): Promise<AwsResponse> {
    const { Qualifier: qualifier } = request.query;
    const named = decodeURIComponent(request.path.split('/').at(-2) ?? '');
    const name = qualifier === undefined ? named : `${named}:${qualifier}`;
    const { 'x-amz-client-context': clientContext, 'x-amz-log-type': logType } = request.headers;
    if (clientContext) {
      throw new AwsError(
        'InvalidParameterValueException',
        'x-amz-client-context is not supported on localhost.',
      );
    }
    const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    const result = await invoke(name, request.body, type, callerOf(request));
    const status = { RequestResponse: 200, Event: 202, DryRun: 204 }[type] ?? 200;
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      'x-amz-executed-version': '$LATEST',
    };
    if (result.functionError) headers['x-amz-function-error'] = result.functionError;
    if (logType === 'Tail' && result.logTail)
      headers['x-amz-log-result'] = Buffer.from(await result.logTail).toString('base64');
    return { status, headers, body: result.payload };
  }
}

/** There are no versions and aliases. @throws ResourceNotFoundException */
function requireLatest(name: string, arn: string): void {
  const qualifier = qualifierOf(name);
  if (qualifier !== undefined && qualifier !== '$LATEST')
    throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}:${qualifier}`, 404);
}

function requireJson(payload: Buffer, limit: number): void {
  if (payload.length > limit) {
    throw new AwsError(
      'RequestTooLargeException',
      `${payload.length} byte payload is too large for the invocation (limit ${limit} bytes)`,
      413,
    );
  }
  try {
    JSON.parse(payload.toString('utf8'));
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${String(error)}`,
    );
  }
}
