// A dataset of Amazon Personalize: one of each type a dataset group.
import { Resource } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnDataset } from 'aws-cdk-lib/aws-personalize';
import type { Construct } from 'constructs';
import type { DatasetGroup } from './dataset-group';
import type { Schema } from './schema';

export interface DatasetProps {
  readonly datasetName: string;
  readonly datasetGroup: DatasetGroup;
  /** Decides the dataset's type too. */
  readonly schema: Schema;
}

export class Dataset extends Resource {
  readonly datasetArn: string;

  constructor(scope: Construct, id: string, props: DatasetProps) {
    super(scope, id, { physicalName: props.datasetName });
    const resource = new CfnDataset(this, 'Resource', {
      name: props.datasetName,
      datasetGroupArn: props.datasetGroup.datasetGroupArn,
      datasetType: props.schema.datasetType,
      schemaArn: props.schema.schemaArn,
    });
    this.datasetArn = resource.attrDatasetArn;
  }

  /** Lets the grantee put single items into this Items dataset. */
  grantPutItems(grantee: IGrantable): Grant {
    return this.grant(grantee, 'personalize:PutItems');
  }

  /** Lets the grantee put single users into this Users dataset. */
  grantPutUsers(grantee: IGrantable): Grant {
    return this.grant(grantee, 'personalize:PutUsers');
  }

  private grant(grantee: IGrantable, action: string): Grant {
    return Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.datasetArn] });
  }
}
