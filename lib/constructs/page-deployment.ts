// Puts the built pages and the sample gallery into the bucket, each with the caching that fits.
import { Duration, type RemovalPolicy, Size, Stack } from 'aws-cdk-lib';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { acknowledge, acknowledgeWildcards } from './acknowledge';
import { sitePrefix } from './gallery-bucket';

export interface PageDeploymentProps {
  readonly bucket: IBucket;
  /** The folder with the built pages; what is under `assets/` carries a hash in its name. */
  readonly pages: string;
  /** The folder with `emotions/<emotion>/<file>`. @default - the gallery starts without pictures */
  readonly sampleGallery?: string;
  readonly logRetentionDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

const hashedFiles = 'assets/*';
const immutable = [
  CacheControl.setPublic(),
  CacheControl.maxAge(Duration.days(365)),
  CacheControl.immutable(),
];
/** Browsers ask each time; the distribution asks after a minute, so that no invalidation is needed. */
const alwaysFresh = [
  CacheControl.setPublic(),
  CacheControl.maxAge(Duration.seconds(0)),
  CacheControl.sMaxAge(Duration.minutes(1)),
  CacheControl.mustRevalidate(),
];

export class PageDeployment extends Construct {
  constructor(scope: Construct, id: string, props: PageDeploymentProps) {
    super(scope, id);
    const common = {
      destinationBucket: props.bucket,
      memoryLimit: 512,
      ephemeralStorageSize: Size.mebibytes(512),
      logGroup: new LogGroup(this, 'Logs', {
        retention: props.logRetentionDays,
        removalPolicy: props.removalPolicy,
      }),
    };
    // Old hashed files stay: a page that a browser loaded a minute ago still asks for them.
    const assets = new BucketDeployment(this, 'Assets', {
      ...common,
      sources: [Source.asset(props.pages)],
      destinationKeyPrefix: sitePrefix.slice(0, -1),
      exclude: ['*'],
      include: [hashedFiles],
      prune: false,
      cacheControl: immutable,
    });
    const pages = new BucketDeployment(this, 'Pages', {
      ...common,
      sources: [Source.asset(props.pages)],
      destinationKeyPrefix: sitePrefix.slice(0, -1),
      exclude: [hashedFiles],
      prune: true,
      cacheControl: alwaysFresh,
    });
    // A page must not be out before the files that it loads.
    pages.node.addDependency(assets);
    acknowledgeProvider(pages, props.bucket);
    if (!props.sampleGallery) return;
    new BucketDeployment(this, 'SampleGallery', {
      ...common,
      sources: [Source.asset(props.sampleGallery)],
      // The pictures of people live beside the generated ones.
      prune: false,
    });
  }
}

/** What the CDK's own function behind a `BucketDeployment` is and may do; the three deployments share it. */
function acknowledgeProvider(deployment: BucketDeployment, bucket: IBucket): void {
  const provider = deployment.handlerRole.node.scope;
  if (!provider) throw new Error('the role of a bucket deployment has no function, expected one');
  const actions = ['s3:GetObject*', 's3:GetBucket*', 's3:List*', 's3:DeleteObject*', 's3:Abort*'];
  acknowledge(provider, {
    'AwsSolutions-L1': 'The CDK chooses the runtime of its own function.',
    'Serverless-LambdaLatestVersion': 'The CDK chooses the runtime of its own function.',
    'NIST.800.53.R5-LambdaDLQ': 'CloudFormation waits for its answer.',
    'Serverless-LambdaDLQ': 'CloudFormation waits for its answer.',
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]':
      'The CDK gives its own function this policy.',
    ...Object.fromEntries(
      actions.map((action) => [
        `AwsSolutions-IAM5[Action::${action}]`,
        'The grants of the CDK to its own function.',
      ]),
    ),
  });
  const stack = Stack.of(deployment);
  const ofTheCdk = `cdk-hnb659fds-assets-${stack.account}-${stack.region}/*`;
  acknowledgeWildcards(provider, 'It copies from the bucket of the CDK, whose keys are hashes.', [
    stack.formatArn({ service: 's3', region: '', account: '', resource: ofTheCdk }),
  ]);
  acknowledgeWildcards(provider, 'It copies into the gallery bucket.', [bucket.arnForObjects('*')]);
}
