// The functions behind the datasets of one dataset group (`lambda/dataset`), which CloudFormation waits for.
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { allow, listsKnowNoResource } from '../constructs/allow';
import { type FunctionDefaults, NodeFunction } from '../constructs/node-function';
import { slowProvider } from '../constructs/slow-provider';

/** A dataset takes a minute or so; the service allows one look a second. */
const queryInterval = Duration.seconds(5);

export interface DatasetProviderProps extends FunctionDefaults {
  readonly datasetGroupName: string;
  /** What the names of the datasets, and so of their schemas, begin with. */
  readonly namePrefix: string;
}

export class DatasetProvider extends Construct {
  readonly serviceToken: string;

  constructor(scope: Construct, id: string, props: DatasetProviderProps) {
    super(scope, id);
    const begin = new NodeFunction(this, 'lambda-dataset', {
      ...props,
      name: 'dataset',
      description: 'Names a dataset of Amazon Personalize for CloudFormation',
      timeout: Duration.minutes(1),
    });
    const check = new NodeFunction(this, 'lambda-dataset-pass', {
      ...props,
      name: 'dataset',
      exportName: 'isComplete',
      description: 'Makes, changes or deletes a dataset and its schema, step by step',
      timeout: Duration.minutes(5),
    });
    const datasets = this.arn('dataset', `${props.datasetGroupName}/*`);
    const because = "The group's datasets differ in their type, and their schemas in a hash of the content.";
    allow(begin.role, { actions: ['personalize:DescribeDataset'], on: [datasets], because });
    // A dataset is made in its group, and the service asks for both (Service Authorization Reference, Amazon Personalize).
    allow(check.role, {
      actions: ['personalize:CreateDataset'],
      on: [datasets, this.arn('dataset-group', props.datasetGroupName)],
      because,
    });
    allow(check.role, {
      actions: ['DeleteDataset', 'DescribeDataset', 'UpdateDataset'].map((action) => `personalize:${action}`),
      on: [datasets],
      because,
    });
    allow(check.role, {
      actions: ['CreateSchema', 'DeleteSchema', 'DescribeSchema'].map((action) => `personalize:${action}`),
      on: [this.arn('schema', `${props.namePrefix}-*`)],
      because,
    });
    allow(check.role, { actions: ['personalize:ListSchemas'], on: ['*'], because: listsKnowNoResource });
    this.serviceToken = slowProvider(this, { ...props, begin, check, queryInterval }).serviceToken;
  }

  /** The last part of a dataset's ARN is its type, that of a schema's name a hash of what is in it. */
  private arn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      service: 'personalize',
      resource,
      resourceName,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
  }
}
