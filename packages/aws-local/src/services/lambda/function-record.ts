// What is kept of a function, and how the API describes it.
import type { Shape } from '../../service';

export interface FunctionRecord {
  readonly name: string;
  readonly arn: string;
  readonly role: string;
  readonly runtime: string;
  readonly handler: string;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB; reported, not enforced. */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly architectures: readonly string[];
  readonly layers: readonly string[];
  readonly logGroup: string;
  readonly logFormat: 'Text' | 'JSON';
  /** The function's own level reaches it as an environment variable; that of the system's lines is reported only. */
  readonly logLevels?: { readonly ApplicationLogLevel?: string; readonly SystemLogLevel?: string };
  readonly deadLetterTarget?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Hexadecimal SHA-256 of the zip file. */
  readonly codeHash: string;
  readonly codeSize: number;
  /** Why it may fail when it runs, though it can be made. */
  readonly warning?: string;
  readonly revision: string;
  /** Milliseconds since the epoch. */
  readonly modifiedAt: number;
  readonly reservedConcurrency?: number;
  readonly policy: readonly PolicyStatement[];
  readonly asyncConfig?: AsyncConfig;
  /** Members that are kept and described, and do nothing here. */
  readonly kept: Shape;
}

export interface AsyncConfig {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeInSeconds: number;
  readonly onSuccess?: string;
  readonly onFailure?: string;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Principal: unknown;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Shape;
}

/** Undefined for what Node.js can run. */
export function reasonNotToRun(name: string, runtime: string): string | undefined {
  if (runtime.startsWith('nodejs')) return undefined;
  return `${name} has the runtime ${runtime}; functions run on localhost only with a Node.js runtime.`;
}

/** What will be missed when the function runs; undefined: nothing. */
export function warningOf(missing: readonly string[], layers: readonly string[]): string | undefined {
  const warnings = [
    ...missing.map(
      (name) => `${name} is neither in the code nor among the packages that functions find on localhost.`,
    ),
    ...(layers.length > 0 ? ['Layers are kept on localhost, and not mounted.'] : []),
  ];
  return warnings.length > 0 ? warnings.join(' ') : undefined;
}

export function describeFunction(record: FunctionRecord): Shape {
  return {
    FunctionName: record.name,
    FunctionArn: record.arn,
    Role: record.role,
    Runtime: record.runtime,
    Handler: record.handler,
    Description: record.description,
    Timeout: record.timeout,
    MemorySize: record.memorySize,
    Environment: { Variables: record.environment },
    Architectures: record.architectures,
    Layers: record.layers.map((Arn) => ({ Arn })),
    LoggingConfig: { LogGroup: record.logGroup, LogFormat: record.logFormat, ...record.logLevels },
    DeadLetterConfig: record.deadLetterTarget ? { TargetArn: record.deadLetterTarget } : undefined,
    CodeSha256: Buffer.from(record.codeHash, 'hex').toString('base64'),
    CodeSize: record.codeSize,
    LastModified: new Date(record.modifiedAt).toISOString().replace('Z', '+0000'),
    RevisionId: record.revision,
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    StateReason: record.warning,
    LastUpdateStatus: 'Successful',
    EphemeralStorage: { Size: 512 },
    TracingConfig: { Mode: 'PassThrough' },
    ...record.kept,
  };
}

/** The function's policy as IAM evaluates it, or undefined when it has none. */
export function functionPolicy(record: FunctionRecord): Shape | undefined {
  return record.policy.length === 0
    ? undefined
    : { Version: '2012-10-17', Id: 'default', Statement: record.policy };
}
