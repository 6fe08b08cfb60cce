// Messages on their way to subscribers, until each has arrived or is hopeless. Queues and functions get them; e-mails are kept in a
// file.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsError, type Principal, type ServiceContext } from '../../service';
import { DurableQueue, type Job, type Verdict } from '../shared/durable-queue';
import { servicePrincipal } from '../shared/principals';
import type { MessageAttributes, Subscription } from './subscription';

export interface Delivery {
  readonly subscriptionArn: string;
  readonly messageId: string;
  readonly subject?: string;
  readonly message: string;
  readonly attributes: MessageAttributes;
}

const MOST_ATTEMPTS = 50;

export class Deliveries {
  private readonly queue: DurableQueue<Delivery>;

  constructor(
    private readonly context: ServiceContext,
    private readonly subscription: (arn: string) => Subscription | undefined,
  ) {
    this.queue = new DurableQueue({
      jobs: context.store.map('sns/deliveries'),
      clock: context.clock,
      concurrency: 8,
      run: (job) => this.deliver(job),
      log: context.log,
      onFailure: (job, error) => this.onFailure(job, error),
    });
  }

  start(): void {
    this.queue.start();
  }

  add(delivery: Delivery): void {
    this.queue.add(delivery);
  }

  close(): Promise<void> {
    return this.queue.close();
  }

  private principal({ topicArn }: Subscription): Principal {
    return servicePrincipal('sns.amazonaws.com', topicArn, this.context.accountId);
  }

  private async deliver({ payload }: Job<Delivery>): Promise<void> {
    const { context } = this;
    const subscription = this.subscription(payload.subscriptionArn);
    if (!subscription) return;
    const { protocol, endpoint, attributes } = subscription;
    const time = new Date(context.clock.now()).toISOString();
    const notification = notificationOf(payload, subscription, time);
    if (protocol === 'sqs') {
      const isRaw = attributes.RawMessageDelivery === 'true';
      const body = isRaw ? payload.message : JSON.stringify(notification);
      await context.deliver({ arn: endpoint, body, principal: this.principal(subscription) });
    } else if (protocol === 'lambda') {
      const record = {
        EventSource: 'aws:sns',
        EventVersion: '1.0',
        EventSubscriptionArn: subscription.arn,
        Sns: notification,
      };
      const event = JSON.stringify({ Records: [record] });
      await context.deliver({ arn: endpoint, body: event, principal: this.principal(subscription) });
    } else {
      // Nothing leaves the machine: who subscribed by e-mail finds it here.
      const mail = {
        to: endpoint,
        at: time,
        subject: payload.subject,
        body: payload.message,
        topic: subscription.topicArn,
      };
      appendFileSync(join(context.stateDir, 'emails.jsonl'), `${JSON.stringify(mail)}\n`);
    }
  }

  private async onFailure({ payload, attempts }: Job<Delivery>, error: unknown): Promise<Verdict> {
    const { context } = this;
    context.log(`sns: ${payload.subscriptionArn} was not reached: ${String(error)}`);
    const isHopeless = error instanceof AwsError && error.status < 500 && error.status !== 429;
    if (!isHopeless && attempts < MOST_ATTEMPTS)
      return { retryAfterMs: Math.min(1000 * 2 ** attempts, 20_000) };
    const subscription = this.subscription(payload.subscriptionArn);
    const redrive = subscription?.attributes.RedrivePolicy;
    if (subscription && redrive) {
      const { deadLetterTargetArn } = JSON.parse(redrive) as { deadLetterTargetArn: string };
      try {
        await context.deliver({
          arn: deadLetterTargetArn,
          body: payload.message,
          principal: this.principal(subscription),
        });
      } catch (failure) {
        context.log(`sns: the dead-letter queue ${deadLetterTargetArn} was not reached: ${String(failure)}`);
      }
    }
    return 'give-up';
  }
}

/** The message as SNS wraps it for queues and functions. */
function notificationOf(
  { messageId, subject, message, attributes }: Delivery,
  { topicArn }: Subscription,
  time: string,
) {
  return {
    Type: 'Notification',
    MessageId: messageId,
    TopicArn: topicArn,
    Subject: subject,
    Message: message,
    Timestamp: time,
    MessageAttributes: Object.fromEntries(
      Object.entries(attributes).map(([name, { DataType, StringValue }]) => [
        name,
        { Type: DataType, Value: StringValue },
      ]),
    ),
  };
}
