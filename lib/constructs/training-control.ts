// The function that starts and stops the training pipeline for an operator. Its route is of the API in the Engagement stack, which
// is made before the pipeline; so it knows the pipeline by the name that the Training stack gives it.
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { PersonalizeResources } from '../personalize/resources';
import { acknowledge, pseudoParameterInFinding } from './acknowledge';
import type { GalleryTables } from './gallery-tables';
import { type FunctionDefaults, NodeFunction } from './node-function';
import type { SigningSecret } from './signing-secret';

export interface TrainingControlProps extends FunctionDefaults {
  /** Name of the pipeline's state machine. */
  readonly pipelineName: string;
  readonly tables: GalleryTables;
  readonly personalize: PersonalizeResources;
  readonly operatorSecret: SigningSecret;
}

export class TrainingControl extends Construct {
  readonly training: NodeFunction;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrainingControlProps,
  ) {
    super(scope, id);
    const { tables, personalize, operatorSecret } = props;
    const pipelineArn = this.statesArn('stateMachine', props.pipelineName);
    this.training = new NodeFunction(this, 'lambda-training', {
      ...props,
      name: 'training',
      description: 'Starts and stops the training pipeline, for the holder of an operator link',
      environment: {
        PIPELINE_ARN: pipelineArn,
        RUNS_TABLE: tables.runs.tableName,
        OPERATOR_SECRET_ARN: operatorSecret.secretArn,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
      },
    });
    tables.runs.grant(this.training.role, 'Query', 'UpdateItem');
    operatorSecret.grantRead(this.training.role);
    this.allowControl(pipelineArn);
  }

  private allowControl(pipelineArn: string): void {
    const { role } = this.training;
    const executions = `${this.props.pipelineName}:*`;
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['states:StartExecution', 'states:ListExecutions'],
        resources: [pipelineArn],
      }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['states:StopExecution'],
        resources: [this.statesArn('execution', executions)],
      }),
    );
    const stack = Stack.of(this);
    const solutions = `solution/${this.props.personalize.datasetGroup.datasetGroupName}-*`;
    // Lists of Amazon Personalize cannot be limited to a resource (Service Authorization Reference).
    role.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['personalize:ListSolutionVersions'], resources: ['*'] }),
    );
    role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['personalize:StopSolutionVersionCreation'],
        resources: [stack.formatArn({ service: 'personalize', resource: solutions })],
      }),
    );
    const [partition, region, account] = [stack.partition, stack.region, stack.account].map((value) =>
      pseudoParameterInFinding(stack, value),
    );
    acknowledge(role, {
      [`AwsSolutions-IAM5[Resource::arn:${partition}:states:${region}:${account}:execution:${executions}]`]:
        'The executions of this one pipeline; each has a name of its own.',
      [`AwsSolutions-IAM5[Resource::arn:${partition}:personalize:${region}:${account}:${solutions}]`]:
        'The versions of the solutions that the pipeline trains for the gallery.',
      'AwsSolutions-IAM5[Resource::*]': 'Lists of Amazon Personalize cannot be limited to a resource.',
    });
  }

  private statesArn(resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({
      service: 'states',
      resource,
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}
