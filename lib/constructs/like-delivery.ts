// What follows an accepted like that Amazon Personalize has not got yet: the retry queue and the sweep each minute.
import { Duration } from 'aws-cdk-lib';
import { EventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { PersonalizeResources } from '../personalize/resources';
import { acknowledge } from './acknowledge';
import type { EngagementMetrics } from './gallery-dashboard';
import type { GalleryTables } from './gallery-tables';
import { grantAnnounceMinimum, type Minimum } from './minimum';
import { type FunctionDefaults, NodeFunction } from './node-function';
import { DeadLetterQueue, QueuePair } from './queue-pair';

export interface LikeDeliveryProps extends FunctionDefaults {
  readonly tables: GalleryTables;
  readonly personalize: PersonalizeResources;
  readonly minimum: Minimum;
}

/** Longer than one sweep takes, shorter than the minute until the next one. */
const timeout = Duration.seconds(55);

export class LikeDelivery extends Construct {
  readonly retryQueueUrl: string;
  readonly metrics: Pick<EngagementMetrics, 'waitingLikes' | 'oldestWaitingLike'>;
  private readonly queues: QueuePair;

  constructor(scope: Construct, id: string, props: LikeDeliveryProps) {
    super(scope, id);
    const { tables, personalize, minimum } = props;
    this.queues = new QueuePair(this, 'Retry', {
      name: 'likes',
      meaning: 'Likes were stored, and Amazon Personalize did not take them',
      alarms: props.alarms,
      removalPolicy: props.removalPolicy,
      visibilityTimeout: Duration.seconds(6 * timeout.toSeconds()),
      maxReceiveCount: 8,
    });
    const missed = new DeadLetterQueue(this, 'MissedSweeps', {
      name: 'sweeps',
      meaning: 'A sweep that delivers likes again could not be started, or failed three times',
      alarms: props.alarms,
      removalPolicy: props.removalPolicy,
    });
    const redeliver = new NodeFunction(this, 'lambda-redeliver', {
      ...props,
      name: 'redeliver',
      description: 'Delivers likes, visitors and items again that Amazon Personalize has not got yet',
      timeout,
      deadLetterQueue: missed.queue,
      environment: {
        ITEMS_TABLE: tables.items.tableName,
        VISITORS_TABLE: tables.visitors.tableName,
        TOTALS_TABLE: tables.totals.tableName,
        UNDELIVERED_TABLE: tables.undelivered.tableName,
        TRACKING_ID: personalize.eventTracker.trackingId,
        ITEMS_DATASET_ARN: personalize.items.datasetArn,
        USERS_DATASET_ARN: personalize.users.datasetArn,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
        MINIMUM_USERS: String(minimum.users),
        MINIMUM_INTERACTIONS: String(minimum.interactions),
      },
    });
    tables.undelivered.grant(redeliver.role, 'GetItem', 'Query', 'UpdateItem', 'DeleteItem');
    for (const table of [tables.visitors, tables.items]) {
      table.grant(redeliver.role, 'UpdateItem');
      table.grantQueryIndex(redeliver.role, 'unsent');
    }
    tables.totals.grant(redeliver.role, 'BatchGetItem', 'UpdateItem');
    personalize.eventTracker.grantPutEvents(redeliver.role);
    personalize.users.grantPutUsers(redeliver.role);
    personalize.items.grantPutItems(redeliver.role);
    grantAnnounceMinimum(EventBus.fromEventBusName(this, 'DefaultBus', 'default'), redeliver.role);
    // A limit on the queue's side: a reserved concurrency would not fit into the quota of ten that new accounts have.
    redeliver.addEventSource(
      new SqsEventSource(this.queues.queue, {
        batchSize: 10,
        reportBatchItemFailures: true,
        maxConcurrency: 5,
      }),
    );
    acknowledge(redeliver, {
      'Serverless-LambdaEventSourceMappingDestination':
        'What failed stays in the queue, whose own dead-letter queue takes it after eight tries.',
    });
    new Rule(this, 'Sweep', {
      description: 'Looks each minute for what was accepted and not delivered',
      schedule: Schedule.rate(Duration.minutes(1)),
      // The next sweep comes by itself, so a failed one is not repeated; one that could not even be started is told.
      targets: [new LambdaFunction(redeliver.function, { retryAttempts: 0, deadLetterQueue: missed.queue })],
    });
    this.metrics = {
      waitingLikes: this.queues.queue.metricApproximateNumberOfMessagesVisible(),
      oldestWaitingLike: this.queues.queue.metricApproximateAgeOfOldestMessage(),
    };
    this.retryQueueUrl = this.queues.queue.queueUrl;
  }

  grantRetry(grantee: IGrantable): void {
    this.queues.queue.grant(grantee, 'sqs:SendMessage');
  }
}
