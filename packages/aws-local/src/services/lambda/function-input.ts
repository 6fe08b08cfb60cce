// What the Lambda API takes for functions, checked, and what it changes in their records.
import { z } from 'zod';
import { AwsError, type Shape } from '../../service';
import type { FunctionRecord, PolicyStatement } from './function-record';

/** A function is named by its name, its ARN, or part of the ARN; `$LATEST` is the only version. */
export function functionName(nameOrArn: string): string {
  if (!nameOrArn.includes(':')) return nameOrArn;
  const parts = nameOrArn.split(':');
  const at = parts.indexOf('function');
  return (at >= 0 ? parts[at + 1] : parts.at(-1)) ?? nameOrArn;
}

/** What follows a function's name: a version or an alias; undefined when nothing does. */
export function qualifierOf(nameOrArn: string): string | undefined {
  return /^(?:.*:function:|)[^:]+:([^:]+)$/.exec(nameOrArn)?.[1];
}

const MOST_ENVIRONMENT_BYTES = 4096;
/** Developer Guide, "Defined runtime environment variables": the reserved ones. */
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_DEFAULT_REGION|AWS_REGION|AWS_EXECUTION_ENV|AWS_LAMBDA_(FUNCTION_NAME|FUNCTION_MEMORY_SIZE|FUNCTION_VERSION|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API)|AWS_ACCESS_KEY|AWS_ACCESS_KEY_ID|AWS_SECRET_ACCESS_KEY|AWS_SESSION_TOKEN|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;
const UNABLE =
  'Lambda was unable to configure your environment variables because the environment variables you have provided';

/** @throws InvalidParameterValueException */
export function checkEnvironment(variables: Readonly<Record<string, string>> = {}): void {
  const reserved = Object.keys(variables).filter((name) => RESERVED.test(name));
  if (reserved.length > 0) {
    throw new AwsError(
      'InvalidParameterValueException',
      `${UNABLE} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  }
  const text = JSON.stringify(variables);
  if (Buffer.byteLength(text) > MOST_ENVIRONMENT_BYTES) {
    throw new AwsError(
      'InvalidParameterValueException',
      `${UNABLE} exceeded the 4KB limit. String measured: ${text}`,
    );
  }
}

export const NAME = z.string().transform(functionName);
export const NAMED = z.object({ FunctionName: NAME, Qualifier: z.literal('$LATEST').optional() });
export const CODE = {
  ZipFile: z
    .union([z.instanceof(Buffer), z.string().transform((text) => Buffer.from(text, 'base64'))])
    .optional(),
  S3Bucket: z.string().optional(),
  S3Key: z.string().optional(),
  Architectures: z
    .array(z.enum(['x86_64', 'arm64']))
    .length(1)
    .optional(),
  Publish: z.literal(false, 'versions are not supported on localhost').optional(),
};
const LOG_LEVEL = z.enum(['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL']);
export const CONFIGURATION = {
  Role: z.string().optional(),
  Runtime: z.string().optional(),
  Handler: z.string().optional(),
  Description: z.string().optional(),
  Timeout: z.number().int().min(1).max(900).optional(),
  MemorySize: z.number().int().min(128).max(10_240).optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  Layers: z.array(z.string()).optional(),
  LoggingConfig: z
    .object({
      LogGroup: z.string().optional(),
      LogFormat: z.enum(['Text', 'JSON']).optional(),
      ApplicationLogLevel: LOG_LEVEL.optional(),
      SystemLogLevel: z.enum(['DEBUG', 'INFO', 'WARN']).optional(),
    })
    .optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).optional(),
  EphemeralStorage: z.object({ Size: z.number() }).optional(),
  TracingConfig: z.object({ Mode: z.string() }).optional(),
};
/**
 * Says of a function of any runtime that it may be made: what it would do is done by the endpoint itself. Such a value cannot come
 * over HTTP.
 */
export const NEVER_RUN = Symbol('done by the endpoint');

export const CREATE = z.object({
  FunctionName: z.string().regex(/^[\w-]{1,64}$/),
  ...CONFIGURATION,
  Role: z.string(),
  Runtime: z.string(),
  Handler: z.string(),
  Code: z.object({ ZipFile: CODE.ZipFile, S3Bucket: CODE.S3Bucket, S3Key: CODE.S3Key }),
  Architectures: CODE.Architectures.default(['x86_64']),
  PackageType: z.literal('Zip', 'container images are not supported on localhost').optional(),
  Publish: CODE.Publish,
  Tags: z.record(z.string(), z.string()).default({}),
  NeverRun: z.custom<typeof NEVER_RUN>((value) => value === NEVER_RUN).optional(),
});
export const PERMISSION = NAMED.extend({
  StatementId: z.string().min(1),
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
  FunctionUrlAuthType: z.undefined().optional(),
});
export const ASYNC = NAMED.extend({
  MaximumRetryAttempts: z.number().int().min(0).max(2).default(2),
  MaximumEventAgeInSeconds: z.number().int().min(60).max(21_600).default(21_600),
  DestinationConfig: z
    .object({
      OnSuccess: z.object({ Destination: z.string().optional() }).optional(),
      OnFailure: z.object({ Destination: z.string().optional() }).optional(),
    })
    .default({}),
});

/** The members that a configuration changes. */
export function configured(
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
    logLevels: input.LoggingConfig
      ? {
          ApplicationLogLevel: input.LoggingConfig.ApplicationLogLevel,
          SystemLogLevel: input.LoggingConfig.SystemLogLevel,
        }
      : record.logLevels,
    deadLetterTarget: input.DeadLetterConfig
      ? input.DeadLetterConfig.TargetArn || undefined
      : record.deadLetterTarget,
    kept,
  };
}

/** A permission as a statement of the function's policy. */
export function permissionStatement(
  record: FunctionRecord,
  input: z.output<typeof PERMISSION>,
): PolicyStatement {
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
