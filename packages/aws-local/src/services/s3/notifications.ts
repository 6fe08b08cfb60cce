// A bucket's notifications: which changes it tells which queue, topic or function, and the messages on their way to them.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { AwsError, type AwsService, type ServiceContext, type Shape } from '../../service';
import { DurableQueue, type Job, type Verdict } from '../shared/durable-queue';
import { servicePrincipal } from '../shared/principals';
import type { Notice } from './objects';
import { isMarker } from './versions';

const EVENT = z
  .string()
  .regex(
    /^s3:(ObjectCreated|ObjectRemoved):/,
    'only events of created and removed objects are told on localhost',
  );
const TOLD = {
  Id: z.string().default(() => randomUUID()),
  Events: z.array(EVENT).min(1),
  Filter: z
    .object({
      Key: z
        .object({
          FilterRules: z
            .array(
              z.object({
                Name: z
                  .string()
                  .transform((name) => name.toLowerCase())
                  .pipe(z.enum(['prefix', 'suffix'])),
                Value: z.string().default(''),
              }),
            )
            .default([]),
        })
        .optional(),
    })
    .optional(),
};

export const NOTIFICATIONS = z.object({
  TopicConfigurations: z.array(z.object({ ...TOLD, TopicArn: z.string() })).optional(),
  QueueConfigurations: z.array(z.object({ ...TOLD, QueueArn: z.string() })).optional(),
  LambdaFunctionConfigurations: z.array(z.object({ ...TOLD, LambdaFunctionArn: z.string() })).optional(),
  // An empty element.
  EventBridgeConfiguration: z.union([z.object({}), z.literal('').transform(() => ({}))]).optional(),
});
export type NotificationSettings = z.output<typeof NOTIFICATIONS>;

interface Told extends z.output<z.ZodObject<typeof TOLD>> {
  readonly arn: string;
}

/** Who is told of what. */
export function destinations(settings: NotificationSettings): Told[] {
  return [
    ...(settings.TopicConfigurations ?? []).map((one) => ({ ...one, arn: one.TopicArn })),
    ...(settings.QueueConfigurations ?? []).map((one) => ({ ...one, arn: one.QueueArn })),
    ...(settings.LambdaFunctionConfigurations ?? []).map((one) => ({ ...one, arn: one.LambdaFunctionArn })),
  ];
}

/** `ObjectCreated:Put` and the like. */
function eventName({ type, reason, object }: Notice): string {
  if (type === 'Object Deleted') return `ObjectRemoved:Delete${isMarker(object) ? 'MarkerCreated' : ''}`;
  const how = { PutObject: 'Put', CopyObject: 'Copy', CompleteMultipartUpload: 'CompleteMultipartUpload' };
  return `ObjectCreated:${how[reason as keyof typeof how] ?? 'Put'}`;
}

function isToldOf({ Events, Filter }: Told, name: string, key: string): boolean {
  const isNamed = Events.some(
    (event) =>
      event === `s3:${name}` || (event.endsWith(':*') && `s3:${name}`.startsWith(event.slice(0, -1))),
  );
  const rules = Filter?.Key?.FilterRules ?? [];
  return (
    isNamed &&
    rules.every(({ Name, Value }) => (Name === 'prefix' ? key.startsWith(Value) : key.endsWith(Value)))
  );
}

interface Delivery {
  readonly bucket: string;
  readonly arn: string;
  readonly body: string;
}

const MOST_ATTEMPTS = 50;

export class Notifications {
  private readonly queue: DurableQueue<Delivery>;

  constructor(private readonly context: ServiceContext) {
    this.queue = new DurableQueue<Delivery>({
      jobs: context.store.map('s3/notifications'),
      log: context.log,
      clock: context.clock,
      concurrency: 8,
      run: ({ payload }) => this.deliver(payload),
      onFailure: (job, error) => this.onFailure(job, error),
    });
  }

  start(): void {
    this.queue.start();
  }

  close(): Promise<void> {
    return this.queue.close();
  }

  /** Whether anybody is told of such a change. */
  static concern(settings: NotificationSettings | undefined): boolean {
    return (
      settings !== undefined &&
      (settings.EventBridgeConfiguration !== undefined || destinations(settings).length > 0)
    );
  }

  /** Durable when it returns. */
  tell(settings: NotificationSettings, notice: Notice, region: string): void {
    const { object } = notice;
    const name = eventName(notice);
    for (const told of destinations(settings).filter((one) => isToldOf(one, name, object.key))) {
      const body = JSON.stringify({ Records: [this.record(notice, name, told.Id, region)] });
      this.queue.add({ bucket: object.bucket, arn: told.arn, body });
    }
  }

  /**
   * Tries whether the destinations can be reached: queues and topics get S3's test message.
   * @throws InvalidArgument
   */
  async validate(bucket: string, settings: NotificationSettings): Promise<void> {
    for (const { arn } of destinations(settings)) {
      try {
        await this.tryOut(bucket, arn);
      } catch (error) {
        throw new AwsError(
          'InvalidArgument',
          'Unable to validate the following destination configurations',
          400,
          { ArgumentName1: arn, ArgumentValue1: error instanceof Error ? error.message : String(error) },
        );
      }
    }
  }

  private async tryOut(bucket: string, arn: string): Promise<void> {
    const { context } = this;
    const [, , service, region] = arn.split(':');
    if (service === 'lambda') {
      const input = { FunctionName: arn, InvocationType: 'DryRun' };
      await context.service<AwsService>('lambda', region).call('Invoke', input, this.principal(bucket));
      return;
    }
    const body = JSON.stringify({
      Service: 'Amazon S3',
      Event: 's3:TestEvent',
      Time: new Date(context.clock.now()).toISOString(),
      Bucket: bucket,
      RequestId: requestId(randomUUID()),
      HostId: randomUUID(),
    });
    await this.deliver({ bucket, arn, body });
  }

  private principal(bucket: string) {
    return servicePrincipal('s3.amazonaws.com', `arn:aws:s3:::${bucket}`, this.context.accountId);
  }

  private deliver({ bucket, arn, body }: Delivery): Promise<void> {
    return this.context.deliver({ arn, body, principal: this.principal(bucket) });
  }

  private onFailure({ payload, attempts }: Job<Delivery>, error: unknown): Verdict {
    this.context.log(`s3: ${payload.bucket} could not tell ${payload.arn}: ${String(error)}`);
    const isHopeless = error instanceof AwsError && error.status < 500 && error.status !== 429;
    return isHopeless || attempts >= MOST_ATTEMPTS
      ? 'give-up'
      : { retryAfterMs: Math.min(1000 * 2 ** attempts, 60_000) };
  }

  private record(notice: Notice, name: string, configurationId: string, region: string): Shape {
    const { object, id, requester, at } = notice;
    const { accountId } = this.context;
    return {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: region,
      eventTime: new Date(at).toISOString(),
      eventName: name,
      userIdentity: { principalId: `AWS:${requester}` },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { 'x-amz-request-id': requestId(id), 'x-amz-id-2': id },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId,
        bucket: {
          name: object.bucket,
          ownerIdentity: { principalId: accountId },
          arn: `arn:aws:s3:::${object.bucket}`,
        },
        object: {
          key: encodeURIComponent(object.key).replaceAll('%20', '+').replaceAll('%2F', '/'),
          ...(notice.type === 'Object Created' && !isMarker(object)
            ? { size: object.size, eTag: object.etag }
            : {}),
          versionId: object.versionId === 'null' ? undefined : object.versionId,
          sequencer: object.sequencer,
        },
      },
    };
  }
}

/** As S3 writes the ids of requests. */
export const requestId = (uuid: string): string => uuid.replaceAll('-', '').slice(0, 16).toUpperCase();
