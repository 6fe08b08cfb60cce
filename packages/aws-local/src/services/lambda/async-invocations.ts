// Invocations whose caller does not wait: kept on disk, tried up to three times, then handed to where failures go.
import type { EventsService, InvocationResult } from '../../ports';
import { AwsError, type Principal, type ServiceContext } from '../../service';
import { DurableQueue, type Job, type Verdict } from '../shared/durable-queue';
import { rolePrincipal } from '../shared/principals';
import type { FunctionRecord } from './function-record';

interface AsyncInvocation {
  readonly functionName: string;
  /** Base64. */
  readonly payload: string;
}

/** Waits before the second and the third attempt. */
const RETRY_DELAYS_MS = [60_000, 120_000];
/** Of one function; as many environments as it gets without having to wait for them. */
const CONCURRENCY = 4;

class FunctionFailed extends Error {
  constructor(readonly result: InvocationResult) {
    super('the function failed');
  }
}

export class AsyncInvocations {
  private readonly queue: DurableQueue<AsyncInvocation>;

  constructor(
    private readonly context: ServiceContext,
    private readonly find: (name: string) => FunctionRecord | undefined,
    private readonly invoke: (
      record: FunctionRecord,
      payload: Buffer,
      requestId: string,
    ) => Promise<InvocationResult>,
  ) {
    this.queue = new DurableQueue({
      jobs: context.store.map('lambda/asynchronous'),
      clock: context.clock,
      concurrency: CONCURRENCY,
      groupOf: ({ functionName }) => functionName,
      run: (job) => this.run(job),
      log: context.log,
      onFailure: (job, error) => this.onFailure(job, error),
    });
  }

  start(): void {
    this.queue.start();
  }

  add(functionName: string, payload: Buffer, requestId: string): void {
    this.queue.add({ functionName, payload: payload.toString('base64') }, requestId);
  }

  close(): Promise<void> {
    return this.queue.close();
  }

  private async run(job: Job<AsyncInvocation>): Promise<void> {
    const record = this.find(job.payload.functionName);
    if (!record) return;
    const result = await this.invoke(record, Buffer.from(job.payload.payload, 'base64'), job.id);
    if (result.functionError) throw new FunctionFailed(result);
    const target = record.asyncConfig?.onSuccess;
    if (target) await this.deliver(record, target, this.report(job, record, 'Success', result));
  }

  private async onFailure(job: Job<AsyncInvocation>, error: unknown): Promise<Verdict> {
    const record = this.find(job.payload.functionName);
    if (!record) return 'give-up';
    const config = record.asyncConfig;
    const age = this.context.clock.now() - job.acceptedAt;
    const isThrottled = error instanceof AwsError && error.code === 'TooManyRequestsException';
    const isYoung = age < (config?.maximumEventAgeInSeconds ?? 21_600) * 1000;
    if (isYoung && (isThrottled || job.attempts <= (config?.maximumRetryAttempts ?? 2))) {
      return { retryAfterMs: RETRY_DELAYS_MS[job.attempts - 1] ?? RETRY_DELAYS_MS.at(-1) ?? 0 };
    }
    const result =
      error instanceof FunctionFailed
        ? error.result
        : { payload: Buffer.from(JSON.stringify(String(error))) };
    try {
      if (record.deadLetterTarget) {
        await this.deliver(
          record,
          record.deadLetterTarget,
          Buffer.from(job.payload.payload, 'base64').toString('utf8'),
        );
      }
      if (config?.onFailure) {
        await this.deliver(
          record,
          config.onFailure,
          this.report(job, record, isYoung ? 'RetriesExhausted' : 'EventAgeExceeded', result),
        );
      }
    } catch (failure) {
      this.context.log(`lambda: a failed event of ${record.name} could not be handed on: ${String(failure)}`);
    }
    return 'give-up';
  }

  private async deliver(record: FunctionRecord, target: string, message: string): Promise<void> {
    const principal: Principal = rolePrincipal(record.role, record.name, this.context.accountId);
    if (target.startsWith('arn:aws:events:')) {
      const Entries = [
        {
          Source: 'lambda',
          DetailType: 'Lambda Function Invocation Result',
          Detail: message,
          EventBusName: target,
        },
      ];
      await this.context.service<EventsService>('events').call('PutEvents', { Entries }, principal);
      return;
    }
    await this.context.deliver({ arn: target, body: message, principal });
  }

  /** The record that a destination gets. */
  private report(
    job: Job<AsyncInvocation>,
    record: FunctionRecord,
    condition: string,
    result: InvocationResult,
  ): string {
    return JSON.stringify({
      version: '1.0',
      timestamp: new Date(this.context.clock.now()).toISOString(),
      requestContext: {
        requestId: job.id,
        functionArn: `${record.arn}:$LATEST`,
        condition,
        approximateInvokeCount: job.attempts,
      },
      requestPayload: parsed(Buffer.from(job.payload.payload, 'base64')),
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
      responsePayload: parsed(result.payload),
    });
  }
}

function parsed(json: Buffer): unknown {
  return json.length === 0 ? null : JSON.parse(json.toString('utf8'));
}
