// The Lambda API's operations on functions and their policies.
import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { z } from 'zod';
import { AwsError, type AwsService, type Principal, type ServiceContext } from '../../service';
import { type Caller, type Operations, operation } from '../shared/operations';
import type { CodeStore, StoredCode } from './code-store';
import type { EventSources } from './event-sources';
import type { Executor } from './executor';
import {
  ASYNC,
  CODE,
  CONFIGURATION,
  CREATE,
  checkEnvironment,
  configured,
  NAMED,
  PERMISSION,
  permissionStatement,
} from './function-input';
import {
  describeFunction,
  type FunctionRecord,
  functionPolicy,
  reasonNotToRun,
  warningOf,
} from './function-record';
import { mappingOperations } from './mapping-operations';
import { tagOperations } from './tag-operations';

export interface FunctionParts {
  readonly context: ServiceContext;
  readonly functions: StoredMap<FunctionRecord>;
  readonly code: CodeStore;
  readonly executor: Executor;
  readonly sources: EventSources;
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

  /** @throws InvalidParameterValueException */
  function requireNode(name: string, runtime: string): void {
    const reason = reasonNotToRun(name, runtime);
    if (reason) throw new AwsError('InvalidParameterValueException', reason);
  }

  /** @throws InvalidParameterValueException */
  function requireAssumable(role: string, name: string): void {
    try {
      context.assumeRole(role, name, 'lambda.amazonaws.com');
    } catch {
      throw new AwsError(
        'InvalidParameterValueException',
        'The role defined for the function cannot be assumed by Lambda.',
      );
    }
  }

  async function fetchCode(
    input: Pick<z.output<z.ZodObject<typeof CODE>>, 'ZipFile' | 'S3Bucket' | 'S3Key'>,
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
      if (input.NeverRun === undefined) requireNode(input.FunctionName, input.Runtime);
      checkEnvironment(input.Environment?.Variables);
      requireAssumable(input.Role, input.FunctionName);
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
        warning: warningOf(stored.missing, input.Layers ?? []),
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
      const changed = change(record, {
        codeHash: stored.hash,
        codeSize: stored.size,
        warning: warningOf(stored.missing, record.layers),
        architectures: input.Architectures ?? record.architectures,
      });
      await executor.retire(record.name, true);
      return describeFunction(changed);
    }),
    UpdateFunctionConfiguration: operation(NAMED.extend(CONFIGURATION), async (input, caller) => {
      const record = known(caller, 'UpdateFunctionConfiguration', input.FunctionName);
      if (!reasonNotToRun(record.name, record.runtime))
        requireNode(record.name, input.Runtime ?? record.runtime);
      if (input.Role !== undefined && input.Role !== record.role) {
        passRole(caller, input.Role);
        requireAssumable(input.Role, record.name);
      }
      checkEnvironment(input.Environment?.Variables);
      const changed = change(record, configured(record, input));
      await executor.retire(record.name, true);
      return describeFunction(changed);
    }),
    DeleteFunction: operation(NAMED, async (input, caller) => {
      const record = known(caller, 'DeleteFunction', input.FunctionName);
      functions.delete(record.name);
      await executor.retire(record.name, false);
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
    ListFunctions: operation(z.object({}), (_input, caller) => {
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
    ...tagOperations(parts, known),
    ...mappingOperations(parts, known),
  };
}

/** @throws ResourceNotFoundException */
export function find(functions: StoredMap<FunctionRecord>, name: string, arn: string): FunctionRecord {
  const record = functions.get(name);
  if (!record) throw new AwsError('ResourceNotFoundException', `Function not found: ${arn}`, 404);
  return record;
}
