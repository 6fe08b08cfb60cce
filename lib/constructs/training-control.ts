// The function that starts and stops the training pipeline for an operator. Its route is of the API in the Engagement stack, which
// is made before the pipeline; so it knows the pipeline by the name that the Training stack gives it.
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { PersonalizeResources } from '../personalize/resources';
import { allow, listsKnowNoResource } from './allow';
import type { GalleryTables } from './gallery-tables';
import { type ApiFunctionDefaults, NodeFunction } from './node-function';
import type { SigningSecret } from './signing-secret';

export interface TrainingControlProps extends ApiFunctionDefaults {
  /** Name of the pipeline's state machine. */
  readonly pipelineName: string;
  readonly tables: GalleryTables;
  readonly personalize: PersonalizeResources;
  readonly operatorSecret: SigningSecret;
}

export class TrainingControl extends Construct {
  readonly training: NodeFunction;

  constructor(scope: Construct, id: string, props: TrainingControlProps) {
    super(scope, id);
    const { tables, personalize, operatorSecret } = props;
    const pipelineArn = this.statesArn('stateMachine', props.pipelineName);
    this.training = new NodeFunction(this, 'lambda-training', {
      ...props,
      name: 'training',
      description: 'Starts and stops trainings, for the holder of an operator link',
      environment: {
        PIPELINE_ARN: pipelineArn,
        RUNS_TABLE: tables.runs.tableName,
        OPERATOR_SECRET_ARN: operatorSecret.secretArn,
        OPERATORS_TABLE: tables.operators.tableName,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
      },
    });
    tables.runs.grant(this.training.role, 'Query', 'UpdateItem');
    operatorSecret.grantRead(this.training.role);
    tables.operators.grant(this.training.role, 'GetItem');
    this.allowControl(pipelineArn);
  }

  private allowControl(pipelineArn: string): void {
    const { role } = this.training;
    allow(role, { actions: ['states:StartExecution'], on: [pipelineArn] });
    allow(role, {
      actions: ['personalize:ListSolutions', 'personalize:ListSolutionVersions'],
      on: ['*'],
      because: listsKnowNoResource,
    });
    allow(role, {
      actions: ['personalize:StopSolutionVersionCreation'],
      on: [Stack.of(this).formatArn({ service: 'personalize', resource: 'solution', resourceName: '*' })],
      because: 'Configuration files choose the names of the solutions that they train.',
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
