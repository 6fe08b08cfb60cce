// The one policy of the gallery bucket, statement by statement.
import { Aws, Stack } from 'aws-cdk-lib';
import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BucketPolicy, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { PICTURES_PREFIX } from '../../lambda/shared/contract/emotions';
import { ownPersonalizeConditions } from '../personalize/service-role';
import { personalizeReads, personalizeWrites, sitePrefix } from './gallery-bucket';

export interface GalleryBucketPolicyProps {
  readonly bucket: IBucket;
  /** The one distribution that may read the pages and the pictures. */
  readonly distribution: IDistribution;
}

export class GalleryBucketPolicy extends Construct {
  constructor(scope: Construct, id: string, props: GalleryBucketPolicyProps) {
    super(scope, id);
    const { bucket } = props;
    const fromPersonalize = ownPersonalizeConditions(this);
    const policy = new BucketPolicy(this, 'Resource', { bucket });
    policy.document.addStatements(
      new PolicyStatement({
        sid: 'RefusePlainHttp',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['s3:*'],
        resources: [bucket.bucketArn, bucket.arnForObjects('*')],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
      new PolicyStatement({
        sid: 'DistributionReadsSiteAndPictures',
        principals: [new ServicePrincipal('cloudfront.amazonaws.com')],
        actions: ['s3:GetObject'],
        resources: [bucket.arnForObjects(`${sitePrefix}*`), bucket.arnForObjects(`${PICTURES_PREFIX}*`)],
        conditions: { StringEquals: { 'aws:SourceArn': distributionArn(this, props.distribution) } },
      }),
      new PolicyStatement({
        sid: 'PersonalizeReadsItsFiles',
        principals: [new ServicePrincipal('personalize.amazonaws.com')],
        actions: ['s3:GetObject'],
        resources: personalizeReads.map((pattern) => bucket.arnForObjects(pattern)),
        conditions: fromPersonalize,
      }),
      new PolicyStatement({
        sid: 'PersonalizeWritesItsFiles',
        principals: [new ServicePrincipal('personalize.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: personalizeWrites.map((pattern) => bucket.arnForObjects(pattern)),
        conditions: fromPersonalize,
      }),
      new PolicyStatement({
        sid: 'PersonalizeListsItsFiles',
        principals: [new ServicePrincipal('personalize.amazonaws.com')],
        actions: ['s3:ListBucket'],
        resources: [bucket.bucketArn],
        conditions: { ...fromPersonalize, StringLike: { 's3:prefix': personalizeReads } },
      }),
    );
  }
}

export function distributionArn(scope: Construct, distribution: IDistribution): string {
  return Stack.of(scope).formatArn({
    service: 'cloudfront',
    region: '',
    account: Aws.ACCOUNT_ID,
    resource: 'distribution',
    resourceName: distribution.distributionId,
  });
}
