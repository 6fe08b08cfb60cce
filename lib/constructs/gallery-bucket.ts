// The gallery bucket: the pages, the pictures, and the files that Amazon Personalize reads and writes.
import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type LifecycleRule,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { predecessorsPrefixes, predecessorsResults } from '../../lambda/shared/configuration/places';
import { REMOVED_PREFIX } from '../../lambda/shared/contract/emotions';
import { acknowledge } from './acknowledge';

/** The built pages; CloudFront serves them at the root. */
export const sitePrefix = 'site/';
/** The files of people, `emotions/<emotion>/<file>`; what the catalogue makes of them is served under `pictures/`. */
export const emotionsPrefix = 'emotions/';
/** Import files, exports and batch results; never reachable from the web. */
export const personalizePrefix = 'personalize/';

/** The objects that Amazon Personalize reads, as patterns: its own, and those where the predecessors' instructions put data. */
export const personalizeReads: readonly string[] = [personalizePrefix, ...predecessorsPrefixes].map(
  (prefix) => `${prefix}*`,
);

/** Those that it writes: exports, and results of batch jobs. */
export const personalizeWrites: readonly string[] = [personalizePrefix, ...predecessorsResults].map(
  (prefix) => `${prefix}*`,
);

/** What the command verify puts there for Amazon Personalize to read. */
export const verifyPrefix = `${personalizePrefix}verify/`;

/** Configuration files; one that is put here starts the training pipeline. */
export const configurationPrefix = `${personalizePrefix}config/`;

/** What was overwritten or deleted by mistake can be had back for a month. */
const versions: LifecycleRule = {
  noncurrentVersionExpiration: Duration.days(30),
  expiredObjectDeleteMarker: true,
};

export interface GalleryBucketProps {
  /** Whether pictures and files that are overwritten or deleted can be had back. */
  readonly keepVersions: boolean;
  readonly removalPolicy: RemovalPolicy;
}

/**
 * The bucket has no policy of its own: a bucket can have one only, and the distribution that it names is made later.
 * See `gallery-bucket-policy.ts`.
 */
export class GalleryBucket extends Bucket {
  constructor(scope: Construct, id: string, props: GalleryBucketProps) {
    super(scope, id, {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      removalPolicy: props.removalPolicy,
      versioned: props.keepVersions || undefined,
      lifecycleRules: [
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
        ...(props.keepVersions ? [versions] : []),
        { prefix: verifyPrefix, expiration: Duration.days(7) },
        { prefix: REMOVED_PREFIX, expiration: Duration.days(30) },
      ],
    });
    const resource = this.node.defaultChild as CfnBucket;
    resource.overrideLogicalId('GalleryBucket');
    // The L2's `eventBridgeEnabled` makes a custom resource for this one property.
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    acknowledge(this, {
      'NIST.800.53.R5-S3BucketLoggingEnabled': 'The access log would record visitors.',
      'NIST.800.53.R5-S3BucketReplicationEnabled':
        'A second region is for whoever needs it; what was deleted by mistake is had back from its versions.',
      'NIST.800.53.R5-S3BucketSSLRequestsOnly':
        'The Site stack owns the one bucket policy, and it refuses plain HTTP.',
      'NIST.800.53.R5-S3BucketVersioningEnabled': 'The setting keepVersions decides; production keeps them.',
      'NIST.800.53.R5-S3DefaultEncryptionKMS':
        'Pictures and pages are public; what is not is reached by this account and Amazon Personalize alone, encrypted by Amazon S3.',
      'AwsSolutions-S1':
        'Only this account and the distribution read the bucket; access logs would record visitors.',
      'AwsSolutions-S10': 'The Site stack owns the one bucket policy, and it refuses plain HTTP.',
    });
  }
}
