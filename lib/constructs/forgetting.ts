// How a visitor is forgotten who asks for it: `forget` deletes what the tables have, `forget-sweep` has Amazon Personalize delete the rest.
import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { JOBS_PREFIX, WAITING_PREFIX } from '../../lambda/shared/personalize/forgotten-visitors';
import type { PersonalizeResources } from '../personalize/resources';
import { allow } from './allow';
import type { GalleryTables } from './gallery-tables';
import { type ApiFunctionDefaults, NodeFunction } from './node-function';
import { DeadLetterQueue } from './queue-pair';
import type { SigningSecret } from './signing-secret';

export interface ForgettingProps extends ApiFunctionDefaults {
  readonly bucket: IBucket;
  readonly tables: GalleryTables;
  readonly personalize: PersonalizeResources;
  readonly visitorSecret: SigningSecret;
}

const ofVisitors = 'The files are named by visitors.';

export class Forgetting extends Construct {
  readonly forget: NodeFunction;

  constructor(scope: Construct, id: string, props: ForgettingProps) {
    super(scope, id);
    const { bucket, tables, personalize, visitorSecret } = props;
    this.forget = new NodeFunction(this, 'lambda-forget', {
      ...props,
      name: 'forget',
      description: 'Deletes all that is known of a visitor who asks for it',
      environment: {
        VISITOR_SECRET_ARN: visitorSecret.secretArn,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
        GALLERY_BUCKET: bucket.bucketName,
        VISITORS_TABLE: tables.visitors.tableName,
        LIKES_TABLE: tables.likes.tableName,
        TOTALS_TABLE: tables.totals.tableName,
        UNDELIVERED_TABLE: tables.undelivered.tableName,
      },
    });
    const { role } = this.forget;
    visitorSecret.grantRead(role);
    tables.visitors.grant(role, 'GetItem', 'DeleteItem');
    tables.likes.grant(role, 'Query', 'DeleteItem');
    tables.totals.grant(role, 'UpdateItem');
    tables.undelivered.grant(role, 'Query', 'DeleteItem');
    allow(role, {
      actions: ['s3:PutObject'],
      on: [bucket.arnForObjects(`${WAITING_PREFIX}*`)],
      because: ofVisitors,
    });
    this.sweep(props);
  }

  private sweep({ bucket, personalize, reservedConcurrency: _, ...props }: ForgettingProps): void {
    const missed = new DeadLetterQueue(this, 'MissedSweeps', {
      name: 'forgetting',
      meaning: 'Amazon Personalize could not be told to forget visitors who asked for it',
      alarms: props.alarms,
      removalPolicy: props.removalPolicy,
    });
    const sweep = new NodeFunction(this, 'lambda-forget-sweep', {
      ...props,
      name: 'forget-sweep',
      description: 'Has Amazon Personalize forget visitors who asked for it',
      timeout: Duration.seconds(55),
      deadLetterQueue: missed.queue,
      environment: {
        GALLERY_BUCKET: bucket.bucketName,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
        PERSONALIZE_ROLE_ARN: personalize.serviceRole.roleArn,
      },
    });
    allow(sweep.role, {
      actions: ['s3:PutObject', 's3:DeleteObject', 's3:GetObject'],
      on: [bucket.arnForObjects(`${JOBS_PREFIX}*`)],
      because: 'Jobs are named by chance.',
    });
    allow(sweep.role, {
      actions: ['s3:DeleteObject'],
      on: [bucket.arnForObjects(`${WAITING_PREFIX}*`)],
      because: ofVisitors,
    });
    allow(sweep.role, {
      actions: ['s3:ListBucket'],
      on: [bucket.bucketArn],
      conditions: { StringLike: { 's3:prefix': [WAITING_PREFIX, JOBS_PREFIX] } },
    });
    const jobs = Stack.of(this).formatArn({
      service: 'personalize',
      resource: 'data-deletion-job',
      resourceName: 'forget-*',
    });
    allow(sweep.role, {
      actions: ['personalize:CreateDataDeletionJob'],
      on: [jobs, personalize.datasetGroup.datasetGroupArn],
    });
    allow(sweep.role, {
      actions: ['personalize:DescribeDataDeletionJob'],
      on: [jobs],
      because: 'Jobs are named by chance.',
    });
    allow(sweep.role, {
      actions: ['iam:PassRole'],
      on: [personalize.serviceRole.roleArn],
      conditions: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
    });
    new Rule(this, 'Sweep', {
      description: 'Looks each minute for visitors who asked to be forgotten',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweep.function, { retryAttempts: 0, deadLetterQueue: missed.queue })],
    });
  }
}
