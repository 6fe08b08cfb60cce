// The tables; what their attributes mean is in docs/architecture.md.
import type { RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { GalleryTable } from './gallery-table';

export interface GalleryTablesProps {
  readonly removalPolicy: RemovalPolicy;
  readonly deletionProtection: boolean;
}

export class GalleryTables extends Construct {
  readonly items: GalleryTable;
  readonly visitors: GalleryTable;
  readonly likes: GalleryTable;
  readonly totals: GalleryTable;
  readonly undelivered: GalleryTable;
  /** Who has an operator link. */
  readonly operators: GalleryTable;
  /** The runs of the training pipeline, and its lock. */
  readonly runs: GalleryTable;

  constructor(scope: Construct, id: string, props: GalleryTablesProps) {
    super(scope, id);
    this.items = new GalleryTable(this, 'Items', {
      ...props,
      partitionKey: 'itemId',
      indexes: [
        // Nothing of this release reads it. It may go once every deployment has been on a release that has both: CloudFormation makes or removes
        // one index of a table at a time.
        { name: 'byEmotion', partitionKey: 'listed', sortKey: 'itemId', attributes: ['createdAt'] },
        {
          name: 'pictures',
          partitionKey: 'listed',
          sortKey: 'itemId',
          attributes: ['createdAt', 'picture'],
          insteadOf: 'byEmotion',
        },
        { name: 'unsent', partitionKey: 'unsentPartition', sortKey: 'unsentSince' },
      ],
    });
    this.visitors = new GalleryTable(this, 'Visitors', {
      ...props,
      partitionKey: 'visitorId',
      indexes: [{ name: 'unsent', partitionKey: 'unsentPartition', sortKey: 'unsentSince' }],
    });
    this.likes = new GalleryTable(this, 'Likes', {
      ...props,
      partitionKey: 'visitorId',
      sortKey: 'eventId',
      indexes: [
        { name: 'latest', partitionKey: 'day', sortKey: 'acceptedAt', attributes: ['itemId', 'emotion'] },
      ],
    });
    this.totals = new GalleryTable(this, 'Totals', { ...props, partitionKey: 'shard' });
    this.undelivered = new GalleryTable(this, 'Undelivered', {
      ...props,
      partitionKey: 'partition',
      sortKey: 'entry',
    });
    this.operators = new GalleryTable(this, 'Operators', { ...props, partitionKey: 'operatorId' });
    this.runs = new GalleryTable(this, 'Runs', { ...props, partitionKey: 'datasetGroup', sortKey: 'run' });
  }
}
