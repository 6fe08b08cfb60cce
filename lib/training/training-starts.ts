// What starts the training pipeline besides an operator: the minimum, a schedule, an uploaded configuration file.
import { ArnFormat, Duration, type RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine } from 'aws-cdk-lib/aws-events-targets';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, type StateMachine, Succeed } from 'aws-cdk-lib/aws-stepfunctions';
import { CallAwsService } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { acknowledgeWildcards } from '../constructs/acknowledge';
import type { Alarms } from '../constructs/alarms';
import { configurationPrefix } from '../constructs/gallery-bucket';
import { eventSource, minimumReached } from '../constructs/minimum';
import { SchedulerRole } from '../constructs/scheduler-role';
import { WatchedStateMachine } from '../constructs/watched-state-machine';
import type { DatasetGroup } from '../personalize/dataset-group';
import { transient } from './steps/transient';

export interface TrainingStartsProps {
  readonly pipeline: StateMachine;
  readonly datasetGroup: DatasetGroup;
  readonly bucket: IBucket;
  /** Where a start goes that failed. */
  readonly missed: IQueue;
  /** For EventBridge Scheduler, such as `rate(7 days)`. */
  readonly schedule: string;
  readonly alarms: Alarms;
  readonly logRetentionDays: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

/** The pipeline runs once at a time for a dataset group, so starting it twice does no harm. */
export class TrainingStarts extends Construct {
  constructor(
    scope: Construct,
    id: string,
    private readonly props: TrainingStartsProps,
  ) {
    super(scope, id);
    const target = (input: RuleTargetInput) =>
      new SfnStateMachine(props.pipeline, { input, deadLetterQueue: props.missed });
    new Rule(this, 'MinimumReached', {
      description: 'The gallery has the users and likes that Amazon Personalize needs',
      eventPattern: {
        source: [eventSource],
        detailType: [minimumReached],
        detail: { datasetGroupArn: [props.datasetGroup.datasetGroupArn] },
      },
      targets: [target(RuleTargetInput.fromObject({ reason: 'minimum-reached' }))],
    });
    // A run looks for the file first, and removes its schedules when it is gone.
    new Rule(this, 'ConfigurationChanged', {
      description: 'A configuration file was put into the gallery bucket, or deleted from it',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created', 'Object Deleted'],
        detail: {
          bucket: { name: [props.bucket.bucketName] },
          object: { key: [{ prefix: configurationPrefix }] },
        },
      },
      targets: [
        target(
          RuleTargetInput.fromObject({
            reason: 'configuration',
            configurationKey: EventField.fromPath('$.detail.object.key'),
          }),
        ),
      ],
    });
    const retraining = this.retraining();
    const role = new SchedulerRole(this, 'SchedulerRole', { description: 'Starts the retraining' });
    const schedule = new Schedule(this, 'Schedule', {
      description: 'Trains the gallery again with the likes that came since',
      schedule: ScheduleExpression.expression(props.schedule),
      timeWindow: TimeWindow.flexible(Duration.minutes(15)),
      target: new StepFunctionsStartExecution(retraining, {
        input: ScheduleTargetInput.fromObject({}),
        deadLetterQueue: props.missed,
        role,
      }),
    });
    schedule.node.addDependency(role);
  }

  /**
   * The schedule does nothing before the first training, which the minimum starts: it asks for the baseline solution, the
   * first thing that a run makes, and starts the pipeline when it is there. A schedule that is switched on later would be
   * switched off again by the next deployment.
   */
  private retraining(): StateMachine {
    const { pipeline, datasetGroup, alarms, logRetentionDays, removalPolicy } = this.props;
    const solutionArn = Stack.of(this).formatArn({
      service: 'personalize',
      resource: 'solution',
      resourceName: `${datasetGroup.datasetGroupName}-popularity`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    const isTrained = CallAwsService.jsonata(this, 'is there a solution?', {
      service: 'personalize',
      action: 'describeSolution',
      iamResources: [solutionArn],
      parameters: { SolutionArn: solutionArn },
    });
    const start = CallAwsService.jsonata(this, 'start the pipeline', {
      service: 'sfn',
      action: 'startExecution',
      iamAction: 'states:StartExecution',
      iamResources: [pipeline.stateMachineArn],
      parameters: {
        StateMachineArn: pipeline.stateMachineArn,
        Input: JSON.stringify({ reason: 'schedule' }),
      },
    });
    const tooEarly = Succeed.jsonata(this, 'nothing was trained yet');
    isTrained.addCatch(tooEarly, { errors: ['Personalize.ResourceNotFoundException'] });
    isTrained.addRetry({ errors: transient('Personalize'), maxAttempts: 5, backoffRate: 2 });
    start.addRetry({ errors: transient('Sfn'), maxAttempts: 5, backoffRate: 2 });
    const machine = new WatchedStateMachine(this, 'Retraining', {
      definitionBody: DefinitionBody.fromChainable(isTrained.next(start)),
      timeout: Duration.minutes(10),
      alarms,
      watch: {
        name: 'retraining-failed',
        meaning: 'The schedule could not start a training, so the models get old',
      },
      logRetentionDays,
      removalPolicy,
    });
    acknowledgeWildcards(machine, 'X-Ray and log delivery know no resources.', ['*']);
    return machine;
  }
}
