// From a picture in the bucket to an item: the rule on the bucket's events, the `catalog` function, and what it gave up.
import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { FRONT_PAGE, PICTURES_PREFIX } from '../../lambda/shared/contract/emotions';
import type { Dataset } from '../personalize/dataset';
import { allow } from './allow';
import { emotionsPrefix } from './gallery-bucket';
import type { GalleryTable } from './gallery-table';
import { type FunctionDefaults, NodeFunction } from './node-function';
import { DeadLetterQueue } from './queue-pair';

export interface CatalogIngestionProps extends FunctionDefaults {
  readonly bucket: IBucket;
  readonly items: GalleryTable;
  readonly itemsDataset: Dataset;
}

export class CatalogIngestion extends Construct {
  constructor(scope: Construct, id: string, props: CatalogIngestionProps) {
    super(scope, id);
    const givenUp = new DeadLetterQueue(this, 'GivenUp', {
      name: 'pictures',
      meaning: 'A picture came or went, and the gallery could not be told',
      alarms: props.alarms,
      removalPolicy: props.removalPolicy,
    });
    const catalog = new NodeFunction(this, 'lambda-catalog', {
      ...props,
      name: 'catalog',
      description: 'Makes a picture in the bucket an item of the gallery and of Amazon Personalize',
      environment: {
        GALLERY_BUCKET: props.bucket.bucketName,
        ITEMS_TABLE: props.items.tableName,
        ITEMS_DATASET_ARN: props.itemsDataset.datasetArn,
      },
      // A photo of 50 million pixels takes 200 MB, and is there more than once while it is made smaller.
      memorySize: 2048,
      timeout: Duration.seconds(60),
      deadLetterQueue: givenUp.queue,
    });
    props.items.grant(catalog.role, 'GetItem', 'UpdateItem');
    props.items.grantQueryIndex(catalog.role, 'pictures');
    allow(catalog.role, {
      actions: ['s3:GetObject'],
      on: [props.bucket.arnForObjects(`${emotionsPrefix}*`)],
      because: 'People choose the names of their pictures.',
    });
    allow(catalog.role, {
      actions: ['s3:PutObject', 's3:DeleteObject'],
      on: [props.bucket.arnForObjects(`${PICTURES_PREFIX}*`)],
      because: 'The folders of renditions are named by hashes.',
    });
    // Without it a missing object is told as a forbidden one.
    allow(catalog.role, { actions: ['s3:ListBucket'], on: [props.bucket.bucketArn] });
    props.itemsDataset.grantPutItems(catalog.role);
    new Rule(this, 'LookAgain', {
      description: 'Looks into pictures that an earlier release has listed without',
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(catalog.function, { retryAttempts: 0, deadLetterQueue: givenUp.queue })],
    });
    new Rule(this, 'PagesDeployed', {
      description:
        'A deployment has put other pages into the bucket: what it lists anew is looked into at once',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: { bucket: { name: [props.bucket.bucketName] }, object: { key: [FRONT_PAGE] } },
      },
      targets: [new LambdaFunction(catalog.function, { retryAttempts: 0, deadLetterQueue: givenUp.queue })],
    });
    new Rule(this, 'PictureChanged', {
      description: 'A picture was put into the gallery bucket or removed from it',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created', 'Object Deleted'],
        detail: {
          bucket: { name: [props.bucket.bucketName] },
          object: { key: [{ prefix: emotionsPrefix }] },
        },
      },
      targets: [new LambdaFunction(catalog.function, { deadLetterQueue: givenUp.queue })],
    });
  }
}
