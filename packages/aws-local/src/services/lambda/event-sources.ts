// Event source mappings: polls queues with the function's role, invokes with batches, deletes what was worked off.
import { randomUUID } from 'node:crypto';
import type { StoredMap } from '@emotion-gallery/local-kit/store';
import { z } from 'zod';
import type { InvocationResult, SqsService } from '../../ports';
import { AwsError, type ServiceContext, type Shape } from '../../service';
import type { FunctionRecord } from './function-record';

export interface Mapping {
  readonly id: string;
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** Seconds. */
  readonly batchWindow: number;
  readonly isEnabled: boolean;
  readonly reportsFailures: boolean;
  readonly modifiedAt: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly kept: Shape;
}

interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly Attributes?: Shape;
  readonly MessageAttributes?: Readonly<Record<string, Shape>>;
}

const LONG_POLL_SECONDS = 20;
const PAUSE_AFTER_ERROR_MS = 1_000;
const POLLERS = 2;
const MOST_PER_RECEIVE = 10;
const FAILURES = z.object({
  batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish(),
});

export class EventSources {
  readonly mappings: StoredMap<Mapping>;
  /** By mapping: the run that polls for it; a later run replaces it. */
  private readonly runs = new Map<string, symbol>();
  private readonly working = new Set<Promise<void>>();
  private closed = false;

  constructor(
    private readonly context: ServiceContext,
    private readonly find: (name: string) => FunctionRecord | undefined,
    private readonly invoke: (record: FunctionRecord, payload: Buffer) => Promise<InvocationResult>,
  ) {
    this.mappings = context.store.map('lambda/event-sources');
  }

  start(): void {
    for (const mapping of this.mappings.values()) this.restart(mapping.id);
  }

  put(mapping: Mapping): void {
    this.mappings.put(mapping.id, mapping);
    this.restart(mapping.id);
  }

  delete(id: string): void {
    this.mappings.delete(id);
    this.runs.delete(id);
  }

  /** Batches in progress end first; long polls end with the queue service. */
  async close(): Promise<void> {
    this.closed = true;
    this.runs.clear();
    await Promise.all(this.working);
  }

  private restart(id: string): void {
    const mapping = this.mappings.get(id);
    const run = Symbol(id);
    this.runs.set(id, run);
    if (!mapping?.isEnabled) return;
    for (let poller = 0; poller < POLLERS; poller += 1) void this.poll(mapping, run);
  }

  private async poll(mapping: Mapping, run: symbol): Promise<void> {
    const isCurrent = () => !this.closed && this.runs.get(mapping.id) === run;
    while (isCurrent()) {
      try {
        const record = this.find(mapping.functionName);
        if (!record) throw new Error(`there is no function ${mapping.functionName}`);
        const messages = await this.receive(mapping, record, isCurrent);
        if (messages.length === 0) continue;
        const work = this.work(mapping, record, messages);
        this.working.add(work);
        await work.finally(() => this.working.delete(work));
      } catch (error) {
        if (!isCurrent()) return;
        this.context.log(`lambda: ${mapping.functionName} does not get its messages: ${String(error)}`);
        await new Promise((resolve) => setTimeout(resolve, PAUSE_AFTER_ERROR_MS).unref());
      }
    }
  }

  private async receive(
    mapping: Mapping,
    record: FunctionRecord,
    isCurrent: () => boolean,
  ): Promise<Message[]> {
    const sqs = this.context.service<SqsService>('sqs');
    const principal = this.principal(record);
    const messages: Message[] = [];
    const deadline = Date.now() + mapping.batchWindow * 1000;
    let wait = LONG_POLL_SECONDS;
    do {
      const output = await sqs.call(
        'ReceiveMessage',
        {
          QueueUrl: sqs.urlOfArn(mapping.queueArn),
          MaxNumberOfMessages: Math.min(MOST_PER_RECEIVE, mapping.batchSize - messages.length),
          WaitTimeSeconds: wait,
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        },
        principal,
      );
      const received = (output.Messages ?? []) as Message[];
      messages.push(...received);
      if (received.length === 0) break;
      wait = Math.min(LONG_POLL_SECONDS, Math.max(0, Math.ceil((deadline - Date.now()) / 1000)));
    } while (messages.length < mapping.batchSize && isCurrent());
    return messages;
  }

  private async work(mapping: Mapping, record: FunctionRecord, messages: readonly Message[]): Promise<void> {
    const Records = messages.map((message) => this.describe(mapping, message));
    const result = await this.invoke(record, Buffer.from(JSON.stringify({ Records })));
    const done = succeeded(mapping, messages, result);
    // What is not deleted comes back when its visibility timeout is over.
    if (done.length === 0) return;
    const sqs = this.context.service<SqsService>('sqs');
    const principal = this.principal(record);
    const QueueUrl = sqs.urlOfArn(mapping.queueArn);
    for (let start = 0; start < done.length; start += MOST_PER_RECEIVE) {
      const Entries = done
        .slice(start, start + MOST_PER_RECEIVE)
        .map((message) => ({ Id: message.MessageId, ReceiptHandle: message.ReceiptHandle }));
      await sqs.call('DeleteMessageBatch', { QueueUrl, Entries }, principal);
    }
  }

  private describe(mapping: Mapping, message: Message): Shape {
    const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
      name,
      { stringValue: value.StringValue, binaryValue: value.BinaryValue, dataType: value.DataType },
    ]);
    return {
      messageId: message.MessageId,
      receiptHandle: message.ReceiptHandle,
      body: message.Body,
      attributes: message.Attributes ?? {},
      messageAttributes: Object.fromEntries(attributes),
      md5OfBody: message.MD5OfBody,
      eventSource: 'aws:sqs',
      eventSourceARN: mapping.queueArn,
      awsRegion: this.context.region,
    };
  }

  private principal(record: FunctionRecord) {
    return this.context.assumeRole(record.role, record.name, 'lambda.amazonaws.com');
  }
}

/** The messages that the function worked off. An answer that names what was not in the batch fails the whole batch. */
function succeeded(
  mapping: Mapping,
  messages: readonly Message[],
  result: InvocationResult,
): readonly Message[] {
  if (result.functionError) return [];
  if (!mapping.reportsFailures) return messages;
  const answer: unknown = JSON.parse(result.payload.toString('utf8') || 'null');
  if (answer === null) return messages;
  const parsed = FAILURES.safeParse(answer);
  if (!parsed.success) return [];
  const failed = new Set(parsed.data.batchItemFailures?.map((failure) => failure.itemIdentifier));
  const known = new Set(messages.map((message) => message.MessageId));
  if ([...failed].some((id) => !known.has(id))) return [];
  return messages.filter((message) => !failed.has(message.MessageId));
}

export const MAPPING_INPUT = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.number().int().min(1).max(10_000).default(10),
  MaximumBatchingWindowInSeconds: z.number().int().min(0).max(300).default(0),
  Enabled: z.boolean().default(true),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.number().int().min(2).max(1000).optional() }).optional(),
  FilterCriteria: z
    .undefined('filter criteria of event source mappings are not supported on localhost')
    .optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});

/** @throws InvalidParameterValueException for sources other than queues */
export function newMapping(
  input: z.output<typeof MAPPING_INPUT>,
  functionName: string,
  now: number,
  id: string = randomUUID(),
): Mapping {
  if (!input.EventSourceArn.startsWith('arn:aws:sqs:')) {
    throw new AwsError(
      'InvalidParameterValueException',
      `Only queues are event sources on localhost: ${input.EventSourceArn}`,
    );
  }
  return {
    id,
    functionName,
    queueArn: input.EventSourceArn,
    batchSize: input.BatchSize,
    batchWindow: input.MaximumBatchingWindowInSeconds,
    isEnabled: input.Enabled,
    reportsFailures: input.FunctionResponseTypes.length > 0,
    modifiedAt: now,
    tags: input.Tags,
    kept: input.ScalingConfig === undefined ? {} : { ScalingConfig: input.ScalingConfig },
  };
}

export function describeMapping(mapping: Mapping, functionArn: string): Shape {
  return {
    UUID: mapping.id,
    EventSourceArn: mapping.queueArn,
    FunctionArn: functionArn,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.batchWindow,
    State: mapping.isEnabled ? 'Enabled' : 'Disabled',
    FunctionResponseTypes: mapping.reportsFailures ? ['ReportBatchItemFailures'] : [],
    LastModified: new Date(mapping.modifiedAt),
    ...mapping.kept,
  };
}
