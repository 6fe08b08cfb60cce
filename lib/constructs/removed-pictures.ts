// From a picture that was taken away to a distribution that has forgotten it: the rule on the bucket's events, and `invalidate`.
import { Duration } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PICTURES_PREFIX } from '../../lambda/shared/contract/emotions';
import { allow } from './allow';
import { type FunctionDefaults, NodeFunction } from './node-function';
import { DeadLetterQueue } from './queue-pair';

export interface RemovedPicturesProps extends FunctionDefaults {
  readonly bucket: IBucket;
  readonly distribution: IDistribution;
  readonly distributionArn: string;
}

export class RemovedPictures extends Construct {
  constructor(scope: Construct, id: string, props: RemovedPicturesProps) {
    super(scope, id);
    const givenUp = new DeadLetterQueue(this, 'GivenUp', {
      name: 'removals',
      meaning: 'A picture was taken away, and the distribution may still show it',
      alarms: props.alarms,
      removalPolicy: props.removalPolicy,
    });
    const invalidate = new NodeFunction(this, 'lambda-invalidate', {
      ...props,
      name: 'invalidate',
      description: 'Has the distribution forget pictures that were taken away',
      environment: { DISTRIBUTION_ID: props.distribution.distributionId },
      timeout: Duration.seconds(30),
      deadLetterQueue: givenUp.queue,
    });
    allow(invalidate.role, { actions: ['cloudfront:CreateInvalidation'], on: [props.distributionArn] });
    new Rule(this, 'PictureTakenAway', {
      description: 'What is shown of a picture was deleted',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Deleted'],
        detail: {
          bucket: { name: [props.bucket.bucketName] },
          object: { key: [{ prefix: PICTURES_PREFIX }] },
        },
      },
      targets: [new LambdaFunction(invalidate.function, { deadLetterQueue: givenUp.queue })],
    });
  }
}
