// Receives what a run tells: the mails of the topic and the events of the default bus, both by way of queues.
import type { AwsEndpoint } from '@emotion-gallery/aws-local';
import { ACCOUNT_ID, REGION } from '../../../local/start/account';

export interface Mail {
  readonly subject: string;
  readonly text: string;
}

export interface PipelineEvent {
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;

/** Whoever delivers to the test's queues may; who may deliver on AWS is tested with the templates. */
const openPolicy = (name: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: '*', Action: 'sqs:SendMessage', Resource: queueArn(name) }],
  });

export class Mailbox {
  private constructor(
    private readonly endpoint: AwsEndpoint,
    private readonly mails: string,
    private readonly events: string,
  ) {}

  static async open(endpoint: AwsEndpoint, topicArn: string): Promise<Mailbox> {
    const queue = async (name: string) => {
      const Attributes = { Policy: openPolicy(name) };
      return String((await endpoint.call('sqs', 'CreateQueue', { QueueName: name, Attributes })).QueueUrl);
    };
    const [mails, events] = [await queue('mails'), await queue('events')];
    const mailsArn = queueArn('mails');
    await endpoint.call('sns', 'Subscribe', { TopicArn: topicArn, Protocol: 'sqs', Endpoint: mailsArn });
    await endpoint.call('events', 'PutRule', {
      Name: 'pipeline-events',
      EventPattern: JSON.stringify({ source: ['emotion-gallery'] }),
    });
    const Targets = [{ Id: 'queue', Arn: queueArn('events') }];
    await endpoint.call('events', 'PutTargets', { Rule: 'pipeline-events', Targets });
    return new Mailbox(endpoint, mails, events);
  }

  /** The next mail; waits up to ten seconds. */
  async mail(): Promise<Mail> {
    const { Subject, Message } = JSON.parse(await this.next(this.mails)) as Record<string, string>;
    return { subject: String(Subject), text: String(Message) };
  }

  /** The next event. */
  async event(): Promise<PipelineEvent> {
    const event = JSON.parse(await this.next(this.events)) as Record<string, unknown>;
    return { type: String(event['detail-type']), detail: event.detail as PipelineEvent['detail'] };
  }

  /** Forgets what nobody has read. */
  async clear(): Promise<void> {
    for (const QueueUrl of [this.mails, this.events]) {
      await this.endpoint.call('sqs', 'PurgeQueue', { QueueUrl });
    }
  }

  private async next(QueueUrl: string): Promise<string> {
    const { Messages } = await this.endpoint.call('sqs', 'ReceiveMessage', { QueueUrl, WaitTimeSeconds: 10 });
    const [message] = (Messages ?? []) as { Body: string; ReceiptHandle: string }[];
    if (!message) throw new Error('nothing was told within ten seconds');
    await this.endpoint.call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle: message.ReceiptHandle });
    return message.Body;
  }
}
