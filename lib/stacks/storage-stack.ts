// The stack that keeps what cannot be made again: pictures, tables, and the secrets that tokens are signed with.
import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
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
  readonly bucket: GalleryBucket;
  readonly tables: GalleryTables;
  readonly visitorSecret: SigningSecret;
  readonly operatorSecret: SigningSecret;

  constructor(scope: Construct, props: StorageStackProps) {
    super(scope, 'storage', 'the gallery bucket, the tables and the secrets', props, { stateful: true });
    const { removalPolicy } = this;
    this.bucket = new GalleryBucket(this, 'Bucket', { removalPolicy });
    new BucketEmptying(this, 'BucketEmptying', {
      bucket: this.bucket,
      assets: props.assets,
      removalPolicy,
      logRetentionDays: this.logRetentionDays,
    });
    this.tables = new GalleryTables(this, 'Tables', {
      removalPolicy,
      deletionProtection: props.settings.deletionProtection,
    });
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
    this.output('RunsTableName', this.tables.runs.tableName);
    this.output('OperatorSecretArn', this.operatorSecret.secretArn);
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value });
  }
}
