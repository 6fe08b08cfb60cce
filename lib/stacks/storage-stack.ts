// The stack that keeps what cannot be made again: pictures, tables, the secrets that tokens are signed with, and the topic of the alarms,
// whose subscriptions people have confirmed.
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms';
import { BucketEmptying } from '../constructs/bucket-emptying';
import { GalleryBucket } from '../constructs/gallery-bucket';
import { GalleryTables } from '../constructs/gallery-tables';
import { SigningSecret } from '../constructs/signing-secret';
import type { GalleryAssets } from '../gallery-assets';
import { GalleryStack, type GalleryStackProps } from './gallery-stack';

export interface StorageStackProps extends GalleryStackProps {
  readonly assets: GalleryAssets;
}

export class StorageStack extends GalleryStack {
  /** What every function, queue and state machine of the deployment is watched by. */
  readonly alarms: Alarms;
  readonly bucket: GalleryBucket;
  readonly tables: GalleryTables;
  readonly visitorSecret: SigningSecret;
  readonly operatorSecret: SigningSecret;

  constructor(scope: Construct, props: StorageStackProps) {
    super(
      scope,
      'storage',
      'the gallery bucket, the tables, the secrets and the topic of the alarms',
      props,
      { stateful: true },
    );
    const { removalPolicy } = this;
    const { prefix, notificationMail, deletionProtection, keepVersions } = props.settings;
    this.alarms = new Alarms(this, 'Alarms', { prefix, notificationMail });
    this.bucket = new GalleryBucket(this, 'Bucket', { removalPolicy, keepVersions });
    new BucketEmptying(this, 'BucketEmptying', {
      ...this.functionDefaults(props.assets, this.alarms),
      bucket: this.bucket,
    });
    this.tables = new GalleryTables(this, 'Tables', { removalPolicy, deletionProtection });
    this.visitorSecret = new SigningSecret(this, 'VisitorSecret', {
      description: 'Signs the tokens of visitors',
      removalPolicy,
    });
    this.operatorSecret = new SigningSecret(this, 'OperatorSecret', {
      description: 'Signs operator links',
      removalPolicy,
    });
    this.output('BucketName', this.bucket.bucketName);
    this.output('ItemsTableName', this.tables.items.tableName);
    this.output('VisitorsTableName', this.tables.visitors.tableName);
    this.output('LikesTableName', this.tables.likes.tableName);
    this.output('TotalsTableName', this.tables.totals.tableName);
    this.output('UndeliveredTableName', this.tables.undelivered.tableName);
    this.output('OperatorsTableName', this.tables.operators.tableName);
    this.output('RunsTableName', this.tables.runs.tableName);
    this.output('OperatorSecretArn', this.operatorSecret.secretArn);
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}
