// Empties the gallery bucket when its stack is deleted, unless the bucket is kept.
import { CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { allow } from './allow';
import { type FunctionDefaults, NodeFunction } from './node-function';

export interface BucketEmptyingProps extends FunctionDefaults {
  readonly bucket: IBucket;
}

/**
 * The CDK's `autoDeleteObjects` writes a statement into the bucket's policy, which belongs to another stack here.
 *
 * The resource is there for a kept bucket too, and told to keep: were it left out, changing the setting from destroy to
 * retain would delete the resource, and that would empty the bucket.
 */
export class BucketEmptying extends Construct {
  constructor(scope: Construct, id: string, props: BucketEmptyingProps) {
    super(scope, id);
    const { bucket } = props;
    const emptying = new NodeFunction(this, 'lambda-empty-bucket', {
      ...props,
      name: 'empty-bucket',
      description: 'Empties the gallery bucket before it is deleted',
      timeout: Duration.minutes(15),
    });
    // A bucket that kept versions once has them, whatever the setting is now.
    allow(emptying.role, {
      actions: ['s3:GetBucketVersioning', 's3:ListBucket', 's3:ListBucketVersions'],
      on: [bucket.bucketArn],
    });
    allow(emptying.role, {
      actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'],
      on: [bucket.arnForObjects('*')],
      because: 'All objects of the bucket are to be deleted.',
    });
    new CustomResource(this, 'Resource', {
      resourceType: 'Custom::BucketEmptying',
      serviceToken: emptying.function.functionArn,
      properties: {
        BucketName: bucket.bucketName,
        OnDelete: props.removalPolicy === RemovalPolicy.DESTROY ? 'empty' : 'keep',
      },
    });
  }
}
