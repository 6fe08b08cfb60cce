// A queue and its dead-letter queue: encrypted, TLS only, and an alarm as soon as something was given up.
import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import type { Alarms } from './alarms';

export interface DeadLetterQueueProps {
  /** Names the alarm: `given-up-<name>`. */
  readonly name: string;
  /** What it means that a message is in the queue. */
  readonly meaning: string;
  readonly alarms: Alarms;
  readonly removalPolicy: RemovalPolicy;
}

/** Messages stay for the fourteen days that are the most that Amazon SQS allows. */
export class DeadLetterQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: DeadLetterQueueProps) {
    super(scope, id);
    this.queue = new Queue(this, 'Resource', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: props.removalPolicy,
    });
    acknowledge(this.queue, {
      'AwsSolutions-SQS3': 'It is the dead-letter queue.',
      'Serverless-SQSRedrivePolicy': 'It is the dead-letter queue.',
    });
    props.alarms.watch(this, {
      name: `given-up-${props.name}`,
      meaning: props.meaning,
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
    });
  }
}

export interface QueuePairProps extends DeadLetterQueueProps {
  /** At least six times the consumer's timeout, as AWS Lambda asks for ("Using Lambda with Amazon SQS"). */
  readonly visibilityTimeout: Duration;
  /** Receives before a message is given up. */
  readonly maxReceiveCount: number;
}

export class QueuePair extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: QueuePairProps) {
    super(scope, id);
    const deadLetters = new DeadLetterQueue(this, 'DeadLetters', props);
    this.queue = new Queue(this, 'Resource', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: props.visibilityTimeout,
      retentionPeriod: Duration.days(4),
      removalPolicy: props.removalPolicy,
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: props.maxReceiveCount },
    });
  }
}
