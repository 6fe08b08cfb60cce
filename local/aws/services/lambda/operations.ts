// The Lambda API's operations on functions, their policies, and their event sources.
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { AwsError, type AwsService, type Principal, type ServiceContext, type Shape } from '../../service';
import type { JournaledMap } from '../shared/journaled-map';
import { type Caller, type Operations, operation } from '../shared/operations';
import type { CodeStore, StoredCode } from './code-store';
import { describeMapping, type EventSources, MAPPING_INPUT, newMapping } from './event-sources';
import type { Executor } from './executor';
import {
  describeFunction,
  type FunctionRecord,
  functionPolicy,
  type PolicyStatement,
} from './function-record';

const NAME = z.string().transform(functionName);
const NAMED = z.looseObject({ FunctionName: NAME });
const CODE = {
  ZipFile: z
    .union([z.instanceof(Buffer), z.string().transform((text) => Buffer.from(text, 'base64'))])
    .optional(),
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
};
const CONFIGURATION = {
  Role: z.string().optional(),
  Runtime: z.string().optional(),
  Handler: z.string().optional(),
  Description: z.string().optional(),
  Timeout: z.number().int().min(1).max(900).optional(),
  MemorySize: z.number().int().min(128).max(10_240).optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  Layers: z.array(z.string()).optional(),
  LoggingConfig: z
    .object({ LogGroup: z.string().optional(), LogFormat: z.enum(['Text', 'JSON']).optional() })
    .optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).optional(),
  EphemeralStorage: z.object({ Size: z.number() }).optional(),
  TracingConfig: z.object({ Mode: z.string() }).optional(),
};
const CREATE = z.object({
  FunctionName: z.string().regex(/^[\w-]{1,64}$/),
  ...CONFIGURATION,
  Role: z.string(),
  Runtime: z.string(),
  Handler: z.string(),
  Code: z.object(CODE),
  Architectures: z.array(z.string()).default(['x86_64']),
  Tags: z.record(z.string(), z.string()).default({}),
});
const PERMISSION = NAMED.extend({
  StatementId: z.string().min(1),
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  FunctionUrlAuthType: z.undefined().optional(),
});
const ASYNC = NAMED.extend({
  MaximumRetryAttempts: z.number().int().min(0).max(2).default(2),
  MaximumEventAgeInSeconds: z.number().int().min(60).max(21_600).default(21_600),
  DestinationConfig: z
    .object({
      OnSuccess: z.object({ Destination: z.string().optional() }).optional(),
      OnFailure: z.object({ Destination: z.string().optional() }).optional(),
    })
    .default({}),
});

export interface FunctionParts {
  readonly context: ServiceContext;
  readonly functions: JournaledMap<FunctionRecord>;
  readonly code: CodeStore;
  readonly executor: Executor;
  readonly sources: EventSources;
}

/** A function is named by its name, its ARN, or part of the ARN; `$LATEST` is the only version. */
export function functionName(nameOrArn: string): string {
  if (!nameOrArn.includes(':')) return nameOrArn;
  const parts = nameOrArn.split(':');
  const at = parts.indexOf('function');
  return (at >= 0 ? parts[at + 1] : parts.at(-1)) ?? nameOrArn;
}

export function functionOperations(parts: FunctionParts): Operations {
  const { context, functions, code, executor } = parts;
  const arnOf = (name: string) => `arn:aws:lambda:${context.region}:${context.accountId}:function:${name}`;

  function authorize(caller: Caller, action: string, name: string): void {
    const record = functions.get(name);
    context.authorize({
      principal: caller.principal,
      action: `lambda:${action}`,
      resource: arnOf(name),
      context: caller.conditions,
      resourcePolicy: record ? functionPolicy(record) : undefined,
    });
  }

  /** @throws AccessDenied, ResourceNotFoundException */
  function known(caller: Caller, action: string, name: string): FunctionRecord {
    authorize(caller, action, name);
    return find(functions, name, arnOf(name));
  }

  function passRole(caller: Caller, role: string): void {
    context.authorize({
      principal: caller.principal,
      action: 'iam:PassRole',
      resource: role,
      context: { ...caller.conditions, 'iam:passedtoservice': 'lambda.amazonaws.com' },
    });
  }

  async function fetchCode(
    input: z.output<z.ZodObject<typeof CODE>>,
    principal: Principal,
  ): Promise<StoredCode> {
    if (input.ZipFile) return code.add(input.ZipFile);
    if (!input.S3Bucket || !input.S3Key) {
      throw new AwsError('InvalidParameterValueException', 'Please provide a source for function code.');
    }
    const address = { Bucket: input.S3Bucket, Key: input.S3Key };
    const { Body } = await context.service<AwsService>('s3').call('GetObject', address, principal);
    return code.add(Buffer.isBuffer(Body) ? Body : await buffer(Body as NodeJS.ReadableStream));
  }

  function change(record: FunctionRecord, changes: Partial<FunctionRecord>): FunctionRecord {
    const changed = { ...record, ...changes, revision: randomUUID(), modifiedAt: context.clock.now() };
    functions.put(record.name, changed);
    return changed;
  }

  return {
    CreateFunction: operation(CREATE, async (input, caller) => {
      authorize(caller, 'CreateFunction', input.FunctionName);
      passRole(caller, input.Role);
      if (functions.has(input.FunctionName)) {
        throw new AwsError('ResourceConflictException', `Function already exist: ${input.FunctionName}`, 409);
      }
      const stored = await fetchCode(input.Code, caller.principal);
      const blank: FunctionRecord = {
        name: input.FunctionName,
        arn: arnOf(input.FunctionName),
        role: input.Role,
        runtime: input.Runtime,
        handler: input.Handler,
        description: '',
        timeout: 3,
        memorySize: 128,
        environment: {},
        architectures: input.Architectures,
        layers: [],
        logGroup: `/aws/lambda/${input.FunctionName}`,
        logFormat: 'Text',
        tags: input.Tags,
        codeHash: stored.hash,
        codeSize: stored.size,
        revision: '',
        modifiedAt: 0,
        policy: [],
        kept: {},
      };
      return describeFunction(change(blank, configured(blank, input)));
    }),
    UpdateFunctionCode: operation(NAMED.extend(CODE), async (input, caller) => {
      const record = known(caller, 'UpdateFunctionCode', input.FunctionName);
      const stored = await fetchCode(input, caller.principal);
      const changed = change(record, { codeHash: stored.hash, codeSize: stored.size });
      executor.retire(record.name, true);
      return describeFunction(changed);
    }),
    UpdateFunctionConfiguration: operation(NAMED.extend(CONFIGURATION), (input, caller) => {
      const record = known(caller, 'UpdateFunctionConfiguration', input.FunctionName);
      if (input.Role !== undefined && input.Role !== record.role) passRole(caller, input.Role);
      const changed = change(record, configured(record, input));
      executor.retire(record.name, true);
      return describeFunction(changed);
    }),
    DeleteFunction: operation(NAMED, (input, caller) => {
      const record = known(caller, 'DeleteFunction', input.FunctionName);
      functions.delete(record.name);
      executor.retire(record.name, false);
    }),
    GetFunction: operation(NAMED, (input, caller) => {
      const record = known(caller, 'GetFunction', input.FunctionName);
      return {
        Configuration: describeFunction(record),
        Code: { RepositoryType: 'S3' },
        Tags: record.tags,
        Concurrency:
          record.reservedConcurrency === undefined
            ? undefined
            : { ReservedConcurrentExecutions: record.reservedConcurrency },
      };
    }),
    GetFunctionConfiguration: operation(NAMED, (input, caller) =>
      describeFunction(known(caller, 'GetFunctionConfiguration', input.FunctionName)),
    ),
    ListFunctions: operation(z.looseObject({}), (_input, caller) => {
      context.authorize({
        principal: caller.principal,
        action: 'lambda:ListFunctions',
        resource: '*',
        context: caller.conditions,
      });
      return { Functions: [...functions.values()].map(describeFunction) };
    }),
    AddPermission: operation(PERMISSION, (input, caller) => {
      const record = known(caller, 'AddPermission', input.FunctionName);
      if (record.policy.some((statement) => statement.Sid === input.StatementId)) {
        const message = `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
        throw new AwsError('ResourceConflictException', message, 409);
      }
      const statement = permissionStatement(record, input);
      functions.put(record.name, { ...record, policy: [...record.policy, statement] });
      return { Statement: JSON.stringify(statement) };
    }),
    RemovePermission: operation(NAMED.extend({ StatementId: z.string() }), (input, caller) => {
      const record = known(caller, 'RemovePermission', input.FunctionName);
      const policy = record.policy.filter((statement) => statement.Sid !== input.StatementId);
      if (policy.length === record.policy.length) {
        throw new AwsError(
          'ResourceNotFoundException',
          `Statement ${input.StatementId} is not found in resource policy.`,
          404,
        );
      }
      functions.put(record.name, { ...record, policy });
    }),
    GetPolicy: operation(NAMED, (input, caller) => {
      const record = known(caller, 'GetPolicy', input.FunctionName);
      const policy = functionPolicy(record);
      if (!policy)
        throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
      return { Policy: JSON.stringify(policy), RevisionId: record.revision };
    }),
    PutFunctionConcurrency: operation(
      NAMED.extend({ ReservedConcurrentExecutions: z.number().int().nonnegative() }),
      (input, caller) => {
        const record = known(caller, 'PutFunctionConcurrency', input.FunctionName);
        change(record, { reservedConcurrency: input.ReservedConcurrentExecutions });
        return { ReservedConcurrentExecutions: input.ReservedConcurrentExecutions };
      },
    ),
    DeleteFunctionConcurrency: operation(NAMED, (input, caller) => {
      change(known(caller, 'DeleteFunctionConcurrency', input.FunctionName), {
        reservedConcurrency: undefined,
      });
    }),
    PutFunctionEventInvokeConfig: operation(ASYNC, (input, caller) => {
      const record = known(caller, 'PutFunctionEventInvokeConfig', input.FunctionName);
      const asyncConfig = {
        maximumRetryAttempts: input.MaximumRetryAttempts,
        maximumEventAgeInSeconds: input.MaximumEventAgeInSeconds,
        onSuccess: input.DestinationConfig.OnSuccess?.Destination,
        onFailure: input.DestinationConfig.OnFailure?.Destination,
      };
      functions.put(record.name, { ...record, asyncConfig });
      return { FunctionArn: `${record.arn}:$LATEST` };
    }),
    DeleteFunctionEventInvokeConfig: operation(NAMED, (input, caller) => {
      const record = known(caller, 'DeleteFunctionEventInvokeConfig', input.FunctionName);
      functions.put(record.name, { ...record, asyncConfig: undefined });
    }),
    TagResource: operation(
      z.object({ Resource: NAME, Tags: z.record(z.string(), z.string()) }),
      (input, caller) => {
        const record = known(caller, 'TagResource', input.Resource);
        functions.put(record.name, { ...record, tags: { ...record.tags, ...input.Tags } });
      },
    ),
    UntagResource: operation(z.object({ Resource: NAME, TagKeys: z.array(z.string()) }), (input, caller) => {
      const record = known(caller, 'UntagResource', input.Resource);
      const tags = Object.entries(record.tags).filter(([key]) => !input.TagKeys.includes(key));
      functions.put(record.name, { ...record, tags: Object.fromEntries(tags) });
    }),
    ListTags: operation(z.object({ Resource: NAME }), (input, caller) => ({
      Tags: known(caller, 'ListTags', input.Resource).tags,
    })),
    ...mappingOperations(parts, known),
  };
}

function mappingOperations(
  { context, sources, functions }: FunctionParts,
  known: (caller: Caller, action: string, name: string) => FunctionRecord,
): Operations {
  const BY_ID = z.looseObject({ UUID: z.string() });
  const arnOf = (id: string) =>
    `arn:aws:lambda:${context.region}:${context.accountId}:event-source-mapping:${id}`;
  const authorize = (caller: Caller, action: string, id: string) =>
    context.authorize({
      principal: caller.principal,
      action: `lambda:${action}`,
      resource: arnOf(id),
      context: caller.conditions,
    });
  const describe = (id: string): Shape => {
    const mapping = sources.mappings.get(id);
    if (!mapping)
      throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
    return describeMapping(mapping, functions.get(mapping.functionName)?.arn ?? mapping.functionName);
  };
  return {
    CreateEventSourceMapping: operation(MAPPING_INPUT, (input, caller) => {
      authorize(caller, 'CreateEventSourceMapping', '*');
      const record = known(caller, 'GetFunction', functionName(input.FunctionName));
      const mapping = newMapping(input, record.name, context.clock.now());
      sources.put(mapping);
      return describe(mapping.id);
    }),
    UpdateEventSourceMapping: operation(BY_ID, (input, caller) => {
      authorize(caller, 'UpdateEventSourceMapping', input.UUID);
      const before = describe(input.UUID);
      const merged = MAPPING_INPUT.parse({
        ...before,
        FunctionName: before.FunctionArn,
        Enabled: before.State === 'Enabled',
        ...input,
      });
      sources.put(newMapping(merged, functionName(merged.FunctionName), context.clock.now(), input.UUID));
      return describe(input.UUID);
    }),
    DeleteEventSourceMapping: operation(BY_ID, (input, caller) => {
      authorize(caller, 'DeleteEventSourceMapping', input.UUID);
      const described = { ...describe(input.UUID), State: 'Deleting' };
      sources.delete(input.UUID);
      return described;
    }),
    GetEventSourceMapping: operation(BY_ID, (input, caller) => {
      authorize(caller, 'GetEventSourceMapping', input.UUID);
      return describe(input.UUID);
    }),
    ListEventSourceMappings: operation(
      z.looseObject({ FunctionName: NAME.optional(), EventSourceArn: z.string().optional() }),
      (input, caller) => {
        authorize(caller, 'ListEventSourceMappings', '*');
        const found = [...sources.mappings.values()].filter(
          (mapping) =>
            (input.FunctionName === undefined || mapping.functionName === input.FunctionName) &&
            (input.EventSourceArn === undefined || mapping.queueArn === input.EventSourceArn),
        );
        return { EventSourceMappings: found.map((mapping) => describe(mapping.id)) };
      },
    ),
  };
}

/** @throws ResourceNotFoundException */
export function find(functions: JournaledMap<FunctionRecord>, name: string, arn: string): FunctionRecord {
  const record = functions.get(name);
  if (!record) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  return record;
}

function configured(
  record: FunctionRecord,
  input: Partial<z.output<z.ZodObject<typeof CONFIGURATION>>>,
): Partial<FunctionRecord> {
  const kept = { ...record.kept };
  if (input.EphemeralStorage) kept.EphemeralStorage = input.EphemeralStorage;
  if (input.TracingConfig) kept.TracingConfig = input.TracingConfig;
  return {
    role: input.Role ?? record.role,
    runtime: input.Runtime ?? record.runtime,
    handler: input.Handler ?? record.handler,
    description: input.Description ?? record.description,
    timeout: input.Timeout ?? record.timeout,
    memorySize: input.MemorySize ?? record.memorySize,
    environment: input.Environment?.Variables ?? record.environment,
    layers: input.Layers ?? record.layers,
    logGroup: input.LoggingConfig?.LogGroup ?? record.logGroup,
    logFormat: input.LoggingConfig?.LogFormat ?? record.logFormat,
    deadLetterTarget: input.DeadLetterConfig
      ? input.DeadLetterConfig.TargetArn || undefined
      : record.deadLetterTarget,
    kept,
  };
}

function permissionStatement(record: FunctionRecord, input: z.output<typeof PERMISSION>): PolicyStatement {
  const condition: Record<string, Shape> = {};
  if (input.SourceArn) condition.ArnLike = { 'AWS:SourceArn': input.SourceArn };
  if (input.SourceAccount) condition.StringEquals = { 'AWS:SourceAccount': input.SourceAccount };
  const isService = input.Principal.endsWith('.amazonaws.com');
  const principal = isService
    ? { Service: input.Principal }
    : input.Principal === '*'
      ? '*'
      : { AWS: input.Principal };
  return {
    Sid: input.StatementId,
    Effect: 'Allow',
    Principal: principal,
    Action: input.Action,
    Resource: record.arn,
    ...(Object.keys(condition).length > 0 ? { Condition: condition } : {}),
  };
}
