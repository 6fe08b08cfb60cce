// The stack that people reach: the distribution, who may read the bucket, the pages and the sample gallery.
import { CfnOutput } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { distributionArn, GalleryBucketPolicy } from '../constructs/gallery-bucket-policy';
import { GalleryDistribution } from '../constructs/gallery-distribution';
import { PageDeployment } from '../constructs/page-deployment';
import { RemovedPictures } from '../constructs/removed-pictures';
import type { GalleryAssets } from '../gallery-assets';
import type { EngagementStack } from './engagement-stack';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';
import type { StorageStack } from './storage-stack';

export interface SiteStackProps extends GalleryStackProps {
  readonly storage: StorageStack;
  readonly engagement: EngagementStack;
  readonly assets: GalleryAssets;
}

export class SiteStack extends GalleryStack {
  /** `https://…`, without a slash at the end. */
  readonly url: string;

  constructor(scope: Construct, props: SiteStackProps) {
    super(scope, 'site', 'the distribution, the bucket policy and the pages', props);
    const { settings, storage, engagement, assets } = props;
    // By its name: constructs that are given the bucket itself would write into the Storage stack.
    const bucket = Bucket.fromBucketName(this, 'Bucket', storage.bucket.bucketName);
    const { distribution, url } = new GalleryDistribution(this, 'Distribution', {
      comment: settings.prefix,
      bucket,
      apiDomainName: engagement.apiDomainName,
    });
    new GalleryBucketPolicy(this, 'BucketPolicy', { bucket, distribution });
    new RemovedPictures(this, 'RemovedPictures', {
      ...this.functionDefaults(assets, storage.alarms),
      bucket,
      distribution,
      distributionArn: distributionArn(this, distribution),
    });
    new PageDeployment(this, 'Deployment', {
      bucket,
      pages: assets.pages,
      sampleGallery: settings.sampleGallery ? assets.sampleGallery() : undefined,
      logRetentionDays: this.logRetentionDays,
      removalPolicy: this.removalPolicy,
    });
    this.url = url;
    new CfnOutput(this, 'GalleryUrl', { value: `${url}/` });
    new CfnOutput(this, 'EnablerUrl', { value: `${url}/enabler.html` });
  }
}
