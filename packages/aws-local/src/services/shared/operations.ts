// A service as a table of operations with the AWS API's shapes; the wire formats are laid over it.
import { z } from 'zod';
import { AwsError, type AwsRequest, type AwsService, type Principal, type Shape } from '../../service';
import { requestConditions } from './principals';
import { withTags } from './request-tags';
import { strict } from './strict';

/** Who calls, and the condition keys that hold for the call. */
export interface Caller {
  readonly principal: Principal;
  readonly conditions: Readonly<Record<string, string | readonly string[]>>;
  readonly requestId: string;
  /** The region that is asked. @default - the one that the endpoint was started with */
  readonly region?: string;
  /** X-Ray's, as the request had it. */
  readonly traceHeader?: string;
}

/** Takes the operation's input as it came and checks it. */
export type Operation = (input: unknown, caller: Caller) => Promise<Shape> | Shape;
export type Operations = Readonly<Record<string, Operation>>;

/** Input that does not fit the operation's schema. Services have different codes for it. */
export class InvalidInput extends AwsError {
  /** @param missing the members that must be there and are not, where nothing else is wrong */
  constructor(
    message: string,
    readonly missing: readonly string[],
  ) {
    super('ValidationException', message);
  }
}

/** An operation whose input is checked first; a violation, or a member that the schema does not know, becomes an InvalidInput that names it. */
export function operation<S extends z.ZodType>(
  input: S,
  // biome-ignore lint/suspicious/noConfusingVoidType: an operation without output has no return statement
  run: (input: z.output<S>, caller: Caller) => Promise<Shape | void> | Shape | void,
): Operation {
  const schema = strict(input);
  return async (raw, caller) => {
    const checked = validate(schema, raw);
    return (await run(checked, { ...caller, conditions: withTags(caller.conditions, checked) })) ?? {};
  };
}

/** Checks a value against a schema. @throws InvalidInput */
export function validate<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue));
  const asked = (value ?? {}) as Readonly<Record<PropertyKey, unknown>>;
  const missing = parsed.error.issues.flatMap(({ code, path: [name, ...inner] }) =>
    code === 'invalid_type' && inner.length === 0 && name !== undefined && asked[name] === undefined
      ? [String(name)]
      : [],
  );
  throw new InvalidInput(
    `${problems.length} validation error${problems.length > 1 ? 's' : ''} detected: ${problems.join('; ')}`,
    missing.length === parsed.error.issues.length ? missing : [],
  );
}

/** Of alternatives, what is wrong with the one that comes closest. */
function problemsOf(issue: z.core.$ZodIssue, prefix: readonly PropertyKey[] = []): string[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const [closest = []] = [...issue.errors].sort((a, b) => a.length - b.length || depth(b) - depth(a));
    return closest.flatMap((inner) => problemsOf(inner, path));
  }
  return [`Value at '${path.map(String).join('.')}': ${issue.message}`];
}

const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(...issues.map(({ path }) => path.length));

/** The operations with a service's own code for input that does not fit, and its own error for what is missing. */
export function withInvalidInput(
  operations: Operations,
  code: string | undefined,
  missing?: (names: readonly string[]) => AwsError,
): Operations {
  if (code === undefined) return operations;
  return Object.fromEntries(
    Object.entries(operations).map(([name, run]): [string, Operation] => [
      name,
      async (input, caller) => {
        try {
          return await run(input, caller);
        } catch (error) {
          if (!(error instanceof InvalidInput)) throw error;
          throw missing && error.missing.length > 0
            ? missing(error.missing)
            : new AwsError(code, error.message);
        }
      },
    ]),
  );
}

/** @throws UnknownOperationException */
export async function runOperation(
  operations: Operations,
  name: string | undefined,
  input: unknown,
  caller: Caller,
): Promise<Shape> {
  const run = name !== undefined && Object.hasOwn(operations, name) ? operations[name] : undefined;
  if (!run)
    throw new AwsError(
      'UnknownOperationException',
      `The operation ${name ?? ''} is not supported on localhost.`,
    );
  return run(input, caller);
}

/** A service over its operations; how requests are read is `handle`'s. */
export function serviceOf(
  props: Pick<AwsService, 'id' | 'handle' | 'start'> & {
    readonly operations: Operations;
    /** Called once when the process ends. */
    readonly close?: () => Promise<void> | void;
  },
): AwsService {
  const { id, operations, handle, start, close } = props;
  return {
    id,
    operations: Object.keys(operations),
    handle,
    call: (name, input, principal, region) =>
      runOperation(operations, name, input, { ...inProcessCaller(principal), region }),
    start,
    close: async () => close?.(),
  };
}

export function callerOf(request: AwsRequest): Caller {
  return {
    principal: request.principal,
    conditions: requestConditions(request),
    requestId: request.requestId,
    region: request.region,
    traceHeader: request.headers['x-amzn-trace-id'],
  };
}

/** A caller inside this process: nothing travels, so the transport is secure. */
export function inProcessCaller(principal: Principal): Caller {
  return { principal, conditions: { 'aws:securetransport': 'true' }, requestId: crypto.randomUUID() };
}

/** Tags as most APIs list them. */
export const TAG_LIST = z.array(z.object({ Key: z.string().min(1).max(128), Value: z.string().max(256) }));

/** A JSON document or its text. */
export const JSON_TEXT = z
  .union([z.string(), z.record(z.string(), z.unknown())])
  .transform((value, issues) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      issues.addIssue({ code: 'custom', message: 'is not valid JSON' });
      return z.NEVER;
    }
  });
