// The functions behind the datasets of one dataset group (`lambda/dataset`), which CloudFormation waits for.
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge, pseudoParameterInFinding } from '../constructs/acknowledge';
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

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DatasetProviderProps,
  ) {
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
    this.allow(begin.role, { datasets: ['DescribeDataset'] });
    this.allow(check.role, {
      datasets: ['CreateDataset', 'DeleteDataset', 'DescribeDataset', 'UpdateDataset'],
      schemas: ['CreateSchema', 'DeleteSchema', 'DescribeSchema'],
    });
    check.role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['personalize:ListSchemas'], resources: ['*'] }),
    );
    acknowledge(check.role, {
      'AwsSolutions-IAM5[Resource::*]': 'Lists of Amazon Personalize cannot be limited to a resource.',
    });
    this.serviceToken = slowProvider(this, { ...props, begin, check, queryInterval }).serviceToken;
  }

  /** The last part of a dataset's ARN is its type, that of a schema's name a hash of what is in it. */
  private allow(
    role: Role,
    {
      datasets,
      schemas = [],
    }: { readonly datasets: readonly string[]; readonly schemas?: readonly string[] },
  ): void {
    this.allowOn(role, 'dataset', `${this.props.datasetGroupName}/*`, datasets);
    if (schemas.length > 0) this.allowOn(role, 'schema', `${this.props.namePrefix}-*`, schemas);
  }

  private allowOn(role: Role, resource: string, resourceName: string, operations: readonly string[]): void {
    const stack = Stack.of(this);
    const arnFormat = ArnFormat.SLASH_RESOURCE_NAME;
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: operations.map((operation) => `personalize:${operation}`),
        resources: [stack.formatArn({ service: 'personalize', resource, resourceName, arnFormat })],
      }),
    );
    const [partition, region, account] = [stack.partition, stack.region, stack.account].map((value) =>
      pseudoParameterInFinding(stack, value),
    );
    const arn = `arn:${partition}:personalize:${region}:${account}:${resource}/${resourceName}`;
    acknowledge(role, {
      [`AwsSolutions-IAM5[Resource::${arn}]`]:
        "The group's datasets differ in their type, and their schemas in a hash of the content.",
    });
  }
}
