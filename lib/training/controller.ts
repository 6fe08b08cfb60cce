// The controller: a function that ticks a dataset group, a small state machine that ticks it until there is nothing to do, and a sweep
// that starts the machine wherever something is due (`lambda/controller`).
import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { type IEventBus, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, LogLevel, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { listText } from '../../lambda/shared/configuration/passable';
import { configurationFolders, predecessorsData } from '../../lambda/shared/configuration/places';
import { acknowledge, acknowledgeWildcards } from '../constructs/acknowledge';
import { allow, listsKnowNoResource } from '../constructs/allow';
import { configurationPrefix, personalizePrefix } from '../constructs/gallery-bucket';
import { eventSource, minimumReached } from '../constructs/minimum';
import { type FunctionDefaults, NodeFunction } from '../constructs/node-function';
import { WatchedStateMachine } from '../constructs/watched-state-machine';
import type { PersonalizeResources } from '../personalize/resources';
import type { Settings } from '../settings';
import type { StorageStack } from '../stacks/storage-stack';
import { tickMachine } from './tick-machine';

export interface ControllerProps extends FunctionDefaults {
  readonly settings: Settings;
  readonly storage: StorageStack;
  readonly personalize: PersonalizeResources;
  readonly topic: ITopic;
  readonly bus: IEventBus;
  /** Where a sweep goes that could not be started. */
  readonly missed: IQueue;
}

/** A tick begins no call after 45 seconds (`lambda/controller/lease.ts`); what is under way then is over within this. */
const TICK_TIMEOUT = Duration.seconds(110);

/** Kinds of resources whose names a configuration file chooses, so that the controller may touch all of them. */
const kinds = [
  ...['schema', 'dataset-group', 'dataset', 'dataset-import-job', 'event-tracker', 'filter', 'solution'],
  ...['campaign', 'recommender', 'batch-inference-job', 'batch-segment-job'],
];
const types = ['DatasetGroup', 'Schema', 'Dataset', 'Filter', 'Recommender', 'Solution', 'Campaign'];

/** What the controller calls (`lambda/controller/observe.ts` and the plan's parts). */
const operations = [
  ...types.flatMap((type) => [`Describe${type}`, `Create${type}`, `Delete${type}`]),
  ...['Dataset', 'Recommender', 'Solution', 'Campaign'].map((type) => `Update${type}`),
  ...['CreateDatasetImportJob', 'CreateEventTracker', 'DeleteEventTracker', 'CreateSolutionVersion'],
  ...['StopSolutionVersionCreation', 'GetSolutionMetrics', 'StartRecommender'],
  ...['CreateBatchInferenceJob', 'CreateBatchSegmentJob', 'ListTagsForResource', 'TagResource'],
];
const lists = [
  ...[
    'DatasetGroups',
    'Schemas',
    'Datasets',
    'DatasetImportJobs',
    'EventTrackers',
    'Filters',
    'Recommenders',
  ],
  ...['Solutions', 'SolutionVersions', 'Campaigns', 'BatchInferenceJobs', 'BatchSegmentJobs'],
];

export class Controller extends Construct {
  readonly stateMachine: StateMachine;
  private readonly stateMachineArn: string;
  /** What configuration files may name, and what the controller therefore passes to Amazon Personalize. */
  private readonly passableRoles: readonly string[];

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ControllerProps,
  ) {
    super(scope, id);
    const { settings, alarms, logRetentionDays, removalPolicy } = props;
    this.stateMachineArn = this.statesArn('stateMachine', settings.prefix);
    this.passableRoles = [props.personalize.serviceRole.roleArn, ...settings.rolesForFiles];
    const tick = this.makeFunction('lambda-controller', {
      description: 'One tick of a dataset group: looks, plans, does what can be done now',
      timeout: TICK_TIMEOUT,
    });
    this.allowTick(tick);
    this.stateMachine = new WatchedStateMachine(this, 'Resource', {
      stateMachineName: settings.prefix,
      definitionBody: DefinitionBody.fromChainable(tickMachine(this, tick.function)),
      timeout: Duration.days(7),
      // Polling would fill the log; every failure is logged, and the run is recorded step by step.
      logLevel: LogLevel.ERROR,
      alarms,
      watch: {
        name: 'training-failed',
        meaning:
          'The gallery cannot be trained or served as the settings say; it goes on with the version in service',
      },
      logRetentionDays,
      removalPolicy,
    });
    acknowledge(this.stateMachine, {
      'AwsSolutions-SF1':
        'Polling would fill the log; every failure is logged, and the run is recorded step by step.',
    });
    acknowledgeWildcards(this.stateMachine, 'X-Ray and log delivery know no resources.', ['*']);
    acknowledgeWildcards(this.stateMachine, 'The CDK grants the versions of a function along with it.', [
      `${tick.function.functionArn}:*`,
    ]);
    this.sweep();
  }

  private makeFunction(
    id: string,
    given: { readonly description: string; readonly timeout: Duration; readonly exportName?: string },
  ): NodeFunction {
    const { settings, storage, personalize, topic } = this.props;
    const { tables, bucket } = storage;
    const made = new NodeFunction(this, id, {
      ...this.props,
      ...given,
      name: 'controller',
      environment: {
        GALLERY_BUCKET: bucket.bucketName,
        DATASET_GROUP_ARN: personalize.datasetGroup.datasetGroupArn,
        TRACKING_ID: personalize.eventTracker.trackingId,
        SERVICE_ROLE_ARN: personalize.serviceRole.roleArn,
        ROLES_FOR_FILES: listText(this.passableRoles),
        KEYS_FOR_FILES: listText(settings.keysForFiles),
        PIPELINE_ARN: this.stateMachineArn,
        TOPIC_ARN: topic.topicArn,
        RUNS_TABLE: tables.runs.tableName,
        TOTALS_TABLE: tables.totals.tableName,
        LIKES_TABLE: tables.likes.tableName,
        UNDELIVERED_TABLE: tables.undelivered.tableName,
        MINIMUM_USERS: String(settings.minimumUsers),
        MINIMUM_INTERACTIONS: String(settings.minimumInteractions),
        GATE_METRIC: settings.gateMetric,
        GATE_RATIO_TO_BASELINE: String(settings.gateRatioToBaseline),
        GATE_RATIO_TO_SERVED: String(settings.gateRatioToServed),
        GATE_STANDARD_ERRORS: String(settings.gateStandardErrors),
        TRAINING_SCHEDULE: settings.trainingSchedule,
        // A variable is never empty.
        CAMPAIGNS: settings.campaigns.join(',') || 'none',
      },
    });
    tables.totals.grant(made.role, 'BatchGetItem');
    tables.runs.grant(made.role, 'Query');
    allow(made.role, {
      actions: ['s3:GetObject'],
      on: configurationFolders.map((folder) =>
        bucket.arnForObjects(`${folder}*${folder === '' ? '.json' : ''}`),
      ),
      because: 'People choose the names of their configuration files.',
    });
    // Names alone: the root, too, is looked through for files of predecessors.
    allow(made.role, { actions: ['s3:ListBucket'], on: [bucket.bucketArn] });
    allow(made.role, {
      actions: ['states:DescribeExecution'],
      on: [this.statesArn('execution', `${settings.prefix}:*`)],
      because: 'The executions of this one machine; each has a name of its own.',
    });
    return made;
  }

  private allowTick({ role }: NodeFunction): void {
    const { storage, personalize, topic, bus } = this.props;
    const { tables } = storage;
    tables.runs.grant(role, 'PutItem', 'UpdateItem');
    tables.totals.grant(role, 'UpdateItem');
    tables.likes.grant(role, 'Scan');
    tables.undelivered.grant(role, 'Query', 'UpdateItem', 'DeleteItem');
    personalize.eventTracker.grantPutEvents(role);
    const stack = Stack.of(this);
    allow(role, {
      actions: operations.map((operation) => `personalize:${operation}`),
      on: kinds.map((kind) => stack.formatArn({ service: 'personalize', resource: kind, resourceName: '*' })),
      because: 'Configuration files choose the names of what they make.',
    });
    allow(role, {
      actions: lists.map((list) => `personalize:List${list}`),
      on: ['*'],
      because: listsKnowNoResource,
    });
    allow(role, {
      actions: ['iam:PassRole'],
      on: this.passableRoles,
      conditions: { StringEquals: { 'iam:PassedToService': 'personalize.amazonaws.com' } },
    });
    allow(role, { actions: ['sns:Publish'], on: [topic.topicArn] });
    allow(role, {
      actions: ['events:PutEvents'],
      on: [bus.eventBusArn],
      conditions: {
        StringEquals: {
          'events:source': eventSource,
          'events:detail-type': ['PipelineSucceeded', 'PipelineFailed'],
        },
      },
    });
    allow(role, {
      actions: ['cloudwatch:PutMetricData'],
      on: ['*'],
      conditions: { StringEquals: { 'cloudwatch:namespace': 'EmotionGallery' } },
      because: 'Metrics know no resources; the namespace is limited.',
    });
  }

  /** Every minute, and sooner where something happened: what it does hangs on neither. */
  private sweep(): void {
    const { storage, personalize, missed, topic } = this.props;
    const sweep = this.makeFunction('lambda-controller-sweep', {
      description: 'Starts the controller for every dataset group where something is due',
      timeout: Duration.seconds(55),
      exportName: 'sweep',
    });
    allow(sweep.role, { actions: ['states:StartExecution'], on: [this.stateMachineArn] });
    allow(sweep.role, { actions: ['sns:Publish'], on: [topic.topicArn] });
    const target = () => new LambdaFunction(sweep.function, { retryAttempts: 2, deadLetterQueue: missed });
    const places = [configurationPrefix, `${personalizePrefix}data/`, ...predecessorsData];
    new Rule(this, 'EachMinute', {
      description: 'Looks where something is due',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [target()],
    });
    new Rule(this, 'MinimumReached', {
      description: 'The gallery has the users and likes that Amazon Personalize needs',
      eventPattern: {
        source: [eventSource],
        detailType: [minimumReached],
        detail: { datasetGroupArn: [personalize.datasetGroup.datasetGroupArn] },
      },
      targets: [target()],
    });
    new Rule(this, 'FilesChanged', {
      description: 'A configuration file or data came into the gallery bucket, or went',
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created', 'Object Deleted'],
        detail: {
          bucket: { name: [storage.bucket.bucketName] },
          object: {
            key: [...places.map((prefix) => ({ prefix })), { suffix: '.json' }, { suffix: '.csv' }],
          },
        },
      },
      targets: [target()],
    });
    new Rule(this, 'RunEndedBadly', {
      description: 'An execution of the controller failed, ran out of time or was aborted',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [this.stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [target()],
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
