// The event tracker of a dataset group: where PutEvents sends likes.
import { Resource } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnEventTracker } from 'aws-cdk-lib/aws-personalize';
import type { Construct } from 'constructs';
import { allow } from '../constructs/allow';
import type { Dataset } from './dataset';
import type { DatasetGroup } from './dataset-group';

export interface EventTrackerProps {
  readonly eventTrackerName: string;
  readonly datasetGroup: DatasetGroup;
  /**
   * The Interactions dataset of the group. The service wants it before a tracker is made, and the tracker has to be
   * deleted first.
   */
  readonly interactions: Dataset;
}

export class EventTracker extends Resource {
  /** What PutEvents calls carry. */
  readonly trackingId: string;
  readonly eventTrackerArn: string;

  constructor(scope: Construct, id: string, props: EventTrackerProps) {
    super(scope, id, { physicalName: props.eventTrackerName });
    const resource = new CfnEventTracker(this, 'Resource', {
      name: props.eventTrackerName,
      datasetGroupArn: props.datasetGroup.datasetGroupArn,
    });
    resource.node.addDependency(props.interactions);
    this.trackingId = resource.attrTrackingId;
    this.eventTrackerArn = resource.attrEventTrackerArn;
  }

  /**
   * Lets the grantee send events.
   *
   * The action knows no resource: Amazon Personalize Developer Guide, "Recording real-time events", and the Service
   * Authorization Reference list `*` only.
   */
  grantPutEvents(grantee: Role): void {
    allow(grantee, {
      actions: ['personalize:PutEvents'],
      on: ['*'],
      because: 'personalize:PutEvents cannot be limited to a resource.',
    });
  }
}
