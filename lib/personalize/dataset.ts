// A dataset of Amazon Personalize with its schema: one of each type a dataset group.
import { CustomResource, Resource } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { AvroSchema } from '../../lambda/shared/personalize/avro';
import type { DatasetGroup } from './dataset-group';
import type { DatasetProvider } from './dataset-provider';
import { schemaFor } from './schema';

export interface DatasetProps {
  readonly provider: DatasetProvider;
  /** The schema is called `<dataset name>-<8 hex of its content>`. */
  readonly datasetName: string;
  readonly datasetGroup: DatasetGroup;
  /** Decides the dataset's type too. */
  readonly avro: AvroSchema;
}

/**
 * Not the type of CloudFormation, which replaces a dataset when its schema changes: the service allows one dataset of a type in
 * a group, and the data would be lost. Here an Items or Users dataset gets the new schema in place (`lambda/dataset`).
 */
export class Dataset extends Resource {
  readonly datasetArn: string;

  constructor(scope: Construct, id: string, props: DatasetProps) {
    super(scope, id, { physicalName: props.datasetName });
    const { schemaName, document } = schemaFor(props.datasetName, props.avro);
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::PersonalizeDataset',
      serviceToken: props.provider.serviceToken,
      properties: {
        datasetGroupArn: props.datasetGroup.datasetGroupArn,
        datasetName: props.datasetName,
        datasetType: props.avro.name,
        schemaName,
        schema: document,
      },
    });
    this.datasetArn = resource.ref;
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
