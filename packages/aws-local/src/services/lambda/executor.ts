// Runs invocations: finds the function's pool, gives processes their environment, records metrics.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import type { CloudWatchService, InvocationResult, LogsService } from '../../ports';
import { AwsError, type ServiceContext } from '../../service';
import { rolePrincipal } from '../shared/principals';
import type { CodeStore } from './code-store';
import { Environment } from './environment';
import { FunctionLog } from './function-log';
import { type FunctionRecord, reasonNotToRun } from './function-record';
import { EnvironmentPool } from './pool';
import type { RuntimeApi } from './runtime-api';

const REAP_INTERVAL_MS = 10_000;

interface Deployed {
  readonly revision: string;
  readonly pool: EnvironmentPool;
}

/** @throws InvalidRuntimeException for functions that node cannot run */
export function requireRunnable({ name, runtime }: FunctionRecord): void {
  const reason = reasonNotToRun(name, runtime);
  if (reason) throw new AwsError('InvalidRuntimeException', reason, 502);
}

export class Executor {
  private readonly deployed = new Map<string, Deployed>();
  private readonly reaper: NodeJS.Timeout;
  /** Of the processes that are there, with the function's name. */
  private readonly logs = new Map<FunctionLog, string>();

  constructor(
    private readonly context: ServiceContext,
    private readonly code: CodeStore,
    private readonly runtimeApi: RuntimeApi,
  ) {
    this.reaper = setInterval(() => {
      for (const { pool } of this.deployed.values()) pool.reap(Date.now());
    }, REAP_INTERVAL_MS).unref();
  }

  /**
   * Runs one invocation to its end.
   * @throws InvalidRuntimeException for functions that node cannot run, TooManyRequestsException
   */
  async invoke(
    record: FunctionRecord,
    payload: Buffer,
    requestId: string = randomUUID(),
  ): Promise<InvocationResult> {
    requireRunnable(record);
    const pool = this.pool(record);
    if (record.reservedConcurrency !== undefined && pool.busy >= record.reservedConcurrency) {
      this.metric(record, 'Throttles', 1);
      throw new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, {
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
    }
    const startedAt = performance.now();
    const result = await pool.invoke({ requestId, payload });
    this.metric(record, 'Invocations', 1);
    this.metric(record, 'Errors', result.functionError ? 1 : 0);
    this.metric(record, 'Duration', performance.now() - startedAt, 'Milliseconds');
    return result;
  }

  /**
   * Forgets a function; with `mayFinish`, what runs may end first. Resolves when what it has printed is in its log group: after
   * that the role that logs are written with may be deleted.
   */
  async retire(name: string, mayFinish: boolean): Promise<void> {
    const pool = this.deployed.get(name)?.pool;
    this.deployed.delete(name);
    await pool?.close(mayFinish);
    await Promise.all([...this.logs].map(([log, owner]) => (owner === name ? log.flush() : undefined)));
  }

  async close(): Promise<void> {
    clearInterval(this.reaper);
    await Promise.all([...this.deployed.keys()].map((name) => this.retire(name, false)));
  }

  /** @throws ResourceNotReadyException */
  private pool(record: FunctionRecord): EnvironmentPool {
    const known = this.deployed.get(record.name);
    if (known?.revision === record.revision) return known.pool;
    if (!existsSync(this.code.path(record.codeHash))) {
      throw new AwsError('ResourceNotReadyException', `The code of ${record.name} is not on the disk.`, 502);
    }
    void known?.pool.close(true);
    const pool: EnvironmentPool = new EnvironmentPool(() =>
      this.start(record, (ended) => pool.exited(ended)),
    );
    this.deployed.set(record.name, { revision: record.revision, pool });
    return pool;
  }

  private start(record: FunctionRecord, onExit: (environment: Environment) => void): Environment {
    const { context } = this;
    const day = new Date(context.clock.now()).toISOString().slice(0, 10).replaceAll('-', '/');
    const stream = `${day}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
    const log = new FunctionLog({
      format: record.logFormat,
      memorySize: record.memorySize,
      now: () => context.clock.now(),
      write: (events) => this.writeLog(record, stream, events),
    });
    const environment = new Environment({
      record,
      taskRoot: this.code.path(record.codeHash),
      runtimeApi: (id) => this.runtimeApi.address(id),
      variables: this.variables(record, stream),
      log,
      onExit: (ended) => {
        void log.flush();
        this.logs.delete(log);
        this.runtimeApi.remove(ended);
        onExit(ended);
      },
    });
    this.logs.set(log, record.name);
    this.runtimeApi.add(environment);
    return environment;
  }

  private variables(record: FunctionRecord, stream: string): Record<string, string> {
    const { context } = this;
    const credentials = context.credentialsFor(record.role, record.name);
    return {
      PATH: process.env.PATH ?? '',
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      ...record.environment,
      _HANDLER: record.handler,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_REGION: context.region,
      AWS_DEFAULT_REGION: context.region,
      AWS_ENDPOINT_URL: context.endpoint,
      AWS_EXECUTION_ENV: `AWS_Lambda_${record.runtime}`,
      AWS_LAMBDA_FUNCTION_NAME: record.name,
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(record.memorySize),
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: record.logGroup,
      AWS_LAMBDA_LOG_STREAM_NAME: stream,
      AWS_LAMBDA_LOG_FORMAT: record.logFormat,
      ...(record.logLevels?.ApplicationLogLevel && {
        AWS_LAMBDA_LOG_LEVEL: record.logLevels.ApplicationLogLevel,
      }),
    };
  }

  /** Written with the function's role, as on AWS: without the permission there are no logs. */
  private async writeLog(
    record: FunctionRecord,
    stream: string,
    logEvents: readonly object[],
  ): Promise<void> {
    const principal = rolePrincipal(record.role, record.name, this.context.accountId);
    const target = { logGroupName: record.logGroup, logStreamName: stream };
    try {
      // Looked up here: the last lines of a process that is ended may come when the endpoint is closed already.
      const logs = this.context.service<LogsService>('logs');
      await logs.call('PutLogEvents', { ...target, logEvents }, principal);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') {
        this.context.log(`lambda: no logs of ${record.name}: ${String(error)}`);
        return;
      }
      await this.createStream(record, stream, logEvents);
    }
  }

  private async createStream(
    record: FunctionRecord,
    stream: string,
    logEvents: readonly object[],
  ): Promise<void> {
    const logs = this.context.service<LogsService>('logs');
    const principal = rolePrincipal(record.role, record.name, this.context.accountId);
    const target = { logGroupName: record.logGroup, logStreamName: stream };
    try {
      await logs
        .call('CreateLogStream', target, principal)
        .catch(async (error: unknown) => {
          if (!(error instanceof AwsError) || error.code !== 'ResourceNotFoundException') throw error;
          await logs.call('CreateLogGroup', { logGroupName: record.logGroup }, principal);
          await logs.call('CreateLogStream', target, principal);
        })
        .catch((error: unknown) => {
          // Another write of the same process made it meanwhile.
          if (!(error instanceof AwsError) || error.code !== 'ResourceAlreadyExistsException') throw error;
        });
      await logs.call('PutLogEvents', { ...target, logEvents }, principal);
    } catch (error) {
      this.context.log(`lambda: no logs of ${record.name}: ${String(error)}`);
    }
  }

  private metric(record: FunctionRecord, name: string, value: number, unit = 'Count'): void {
    const metrics = this.context.service<CloudWatchService>('monitoring');
    metrics.record('AWS/Lambda', name, value, unit, { FunctionName: record.name });
  }
}
