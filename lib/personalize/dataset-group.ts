// A dataset group of Amazon Personalize: what all its other resources belong to.
import { Resource } from 'aws-cdk-lib';
import { CfnDatasetGroup } from 'aws-cdk-lib/aws-personalize';
import type { Construct } from 'constructs';

export interface DatasetGroupProps {
  /** Unique in the account and region; a change replaces the group and all that hangs on it. */
  readonly datasetGroupName: string;
}

export class DatasetGroup extends Resource {
  readonly datasetGroupName: string;
  readonly datasetGroupArn: string;

  constructor(scope: Construct, id: string, props: DatasetGroupProps) {
    super(scope, id, { physicalName: props.datasetGroupName });
    const resource = new CfnDatasetGroup(this, 'Resource', { name: props.datasetGroupName });
    this.datasetGroupName = props.datasetGroupName;
    this.datasetGroupArn = resource.attrDatasetGroupArn;
  }
}
